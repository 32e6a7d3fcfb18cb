/** The child that tries access as somebody else: reads what to try on stdin, writes the answers on stdout. */
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs'
import { errorCode, openNameOnly, pathAt } from '../scan/walk-open.js'
import type { Tried, TryBatch } from './access.js'
import type { AccessTry } from './protocol.js'

/** Runs the tries in the working directory, which is the container's root. Started as root. */
export function runTries(): void {
  const batch = JSON.parse(readFileSync(0, 'utf8')) as TryBatch
  const answers = batch.tries.map((attempt): Tried => {
    become(attempt, batch.forGood)
    const tried = attempt.paths.map((path) => (path === null ? null : tryOne(path, attempt.want)))
    if (!batch.forGood) process.seteuid?.(0)
    return tried
  })
  process.stdout.write(JSON.stringify(answers))
}

/** The kernel takes the effective capabilities away with the effective root, and gives them back with it (capabilities(7)). */
function become({ uid, gid, groups }: Pick<AccessTry, 'uid' | 'gid' | 'groups'>, forGood: boolean): void {
  if (process.getuid?.() === uid && process.geteuid?.() === uid && forGood && uid !== 0) return
  process.setgroups?.(groups)
  if (forGood) {
    process.setgid?.(gid)
    process.setuid?.(uid)
  } else {
    process.setegid?.(gid)
    process.seteuid?.(uid)
  }
}

/** null: neither allowed nor refused, such as a path that is gone. */
function tryOne(path: string, want: AccessTry['want']): boolean | null {
  const open: number[] = []
  try {
    let fd = openNameOnly('.')
    open.push(fd)
    for (const name of path.split('/')) {
      if (name === '') continue
      fd = openNameOnly(pathAt(fd, name))
      open.push(fd)
    }
    attempt(fd, want)
    return true
  } catch (error) {
    return ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error)) ? false : null
  } finally {
    for (const fd of open) closeSync(fd)
  }
}

function attempt(fd: number, want: AccessTry['want']): void {
  if (want === 'x') closeSync(openNameOnly(pathAt(fd, '.')))
  else if (want === 'w') accessSync(pathAt(fd, null), constants.W_OK)
  else closeSync(openSync(pathAt(fd, null), constants.O_RDONLY | constants.O_NONBLOCK))
}
