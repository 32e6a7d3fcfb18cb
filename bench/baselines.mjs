/** What the product is measured against: how long the machine's own tools take for the same bytes. */
import { spawn } from 'node:child_process'

/** Milliseconds that a shell script takes; rejects unless it ends with 0 (or one of `codes`). */
export async function timed(script, args, { codes = [0] } = {}) {
  const started = performance.now()
  const child = spawn('bash', ['-o', 'pipefail', '-c', script, 'bench', ...args], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (!codes.includes(code)) throw new Error(`${script} ended with ${code}`)
  return performance.now() - started
}

/** Where every other scanner of local images begins. */
export const save = (image) => timed('docker save "$1" | cat > /dev/null', [image])

/** One pass over the layers' directories, in one process. */
export const tar = (dirs) =>
  timed(
    'tar -cf - "$@" | cat > /dev/null',
    dirs.flatMap((dir) => ['-C', dir, '.'])
  )

/** The same bytes without any framing. */
export const cat = (dirs) => timed('find "$@" -type f -print0 | xargs -0 -r cat > /dev/null', dirs)
