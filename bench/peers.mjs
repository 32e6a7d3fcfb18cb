/** Other scanners on the same image, where they are on PATH: see bench/get-peers. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { watchMemory } from './memory.mjs'

const run = promisify(execFile)
const DEADLINE_S = 1200

/**
 * How each is told to read an image that the engine has, and nothing else: no updates, no network. `$1` is the image,
 * `$2` a tar of it to write, the rest its layer directories.
 */
const PEERS = {
  trufflehog: {
    version: ['--version'],
    what: '`docker save` into a file, then `trufflehog docker --image file://…` without verification',
    script: `docker save -o "$2" "$1" && trufflehog docker --image "file://$2" --no-verification --no-update --json`
  },
  gitleaks: {
    version: ['version'],
    what: '`gitleaks dir` on each layer directory (it reads no images, and opens no archives)',
    script: `shift 2; for dir; do gitleaks dir "$dir" --no-banner --redact --exit-code 0 --log-level error || exit; done`
  },
  trivy: {
    version: ['--version'],
    what: '`trivy image --scanners secret`, offline',
    script: `trivy image --scanners secret --skip-db-update --offline-scan --quiet --format json "$1"`
  }
}

/** One run of each peer that there is: { name, version, what, ms, code, memory }; null for those that are not on PATH. */
export async function measurePeers(bench) {
  const image = await bench.image('medium')
  const found = []
  for (const [name, peer] of Object.entries(PEERS)) {
    const version = await versionOf(name, peer.version)
    if (version === null) {
      bench.say(`  ${name} is not on PATH`)
      continue
    }
    bench.say(`  ${name}`)
    found.push({ name, version, what: peer.what, ...(await measured(peer.script, image, bench.folder)) })
  }
  return { found, missing: Object.keys(PEERS).filter((name) => !found.some((each) => each.name === name)) }
}

async function versionOf(name, words) {
  try {
    await run('bash', ['-c', 'command -v "$0"', name])
  } catch {
    return null
  }
  const { stdout, stderr } = await run(name, words)
  const version = /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0] ?? (await packaged(name))
  return version ?? 'unknown version'
}

/** Debian builds them without their version; bench/get-peers leaves it beside the program. */
async function packaged(name) {
  const script = 'cat "$(dirname "$(command -v "$0")")/$0.version"'
  try {
    return (await run('bash', ['-c', script, name])).stdout.trim()
  } catch {
    return null
  }
}

async function measured(script, { image, dirs }, folder) {
  const work = await mkdtemp(join(folder, 'peer-'))
  try {
    const started = performance.now()
    const child = spawn(
      'timeout',
      [`${DEADLINE_S}`, 'bash', '-c', script, 'bench', image, join(work, 'image.tar'), ...dirs],
      {
        stdio: ['ignore', 'ignore', 'ignore']
      }
    )
    const memory = watchMemory(child.pid)
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
    return { ms: performance.now() - started, code, memory: memory.stop() }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
