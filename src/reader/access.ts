/**
 * Tries access as a user of the container, by the kernel's own answer: a host shell, started in the container's root
 * directory with that user's ids, tests each path. Nothing of the image is run, so it works for images without tools.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import type { HeldContainer } from './container.js'
import type { AccessTry } from './protocol.js'

const TRY_MS = 10_000
/** Paths come on stdin, one a line: argv can be seen by others. dash and bash ask faccessat(2) with the effective ids. */
const script = (want: AccessTry['want']): string =>
  `while IFS= read -r f; do if [ -${want} "./$f" ]; then printf 1; else printf 0; fi; done`

/** For each path whether it is allowed; null: could not be tried. */
export function tryAccess(held: HeldContainer, attempt: AccessTry): (boolean | null)[] {
  const none = attempt.paths.map(() => null)
  // A path with a newline cannot be told to the shell.
  if (attempt.paths.some((path) => path.includes('\n'))) return none
  const command = commandOf(attempt)
  if (command === null) return none
  const result = spawnSync(command.file, command.args, {
    cwd: held.root,
    input: attempt.paths.map((path) => `${path.replace(/^\/+/, '') || '.'}\n`).join(''),
    timeout: TRY_MS,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(command.ids ?? {})
  })
  const answer = result.stdout.toString()
  if (result.status !== 0 || answer.length !== attempt.paths.length) return none
  return [...answer].map((each) => each === '1')
}

interface Command {
  file: string
  args: string[]
  ids?: { uid: number; gid: number }
}

/** setpriv (util-linux) sets groups and drops capabilities too; without it Node's own spawn sets the ids alone. */
function commandOf(attempt: AccessTry): Command | null {
  const shell = ['/bin/sh', '-c', script(attempt.want)]
  if (hasSetpriv()) {
    const groups = attempt.groups.length === 0 ? ['--clear-groups'] : ['--groups', attempt.groups.join(',')]
    const bare = attempt.bare ? ['--bounding-set=-all', '--inh-caps=-all'] : []
    const ids = ['--reuid', String(attempt.uid), '--regid', String(attempt.gid)]
    return { file: 'setpriv', args: [...ids, ...groups, ...bare, ...shell] }
  }
  if (attempt.bare || attempt.groups.length > 0) return null
  return { file: '/bin/sh', args: shell.slice(1), ids: { uid: attempt.uid, gid: attempt.gid } }
}

let setpriv: boolean | null = null

function hasSetpriv(): boolean {
  if (setpriv === null) {
    try {
      execFileSync('setpriv', ['--version'], { stdio: 'ignore', timeout: TRY_MS })
      setpriv = true
    } catch {
      // util-linux is not there: spawn's own uid and gid options do for most.
      setpriv = false
    }
  }
  return setpriv
}
