/** Pure: when a program counts as ready (`wait-for`). */
import type { WaitFor } from '../inputs/types.js'

/** Quiet for this long counts as settled. */
const QUIET_MS = 1000
/** Without anything under the tmpfs yet, a settled program is given this long to write something. */
const EMPTY_MS = 10_000

/** What one look at the program saw. */
export interface Look {
  /** Since the start. */
  elapsedMs: number
  /** `docker inspect`'s health, null when there is no health check. */
  health: 'starting' | 'healthy' | 'unhealthy' | null
  /** Milliseconds since the tmpfs listing last changed; null: it could not be listed. */
  memoryQuietMs: number | null
  /** Milliseconds since the last byte of output. */
  outputQuietMs: number
  /** Something that we did not deliver lies under a tmpfs. */
  wroteSomething: boolean
  /** Something was delivered or is expected, so that an empty tmpfs is no reason to wait longer. */
  delivered: boolean
  missingFiles: string[]
  /** The file of `file:PATH` is there. */
  fileThere: boolean
  /** The text of `log:TEXT` was printed. */
  textSeen: boolean
}

/** Whether it is ready, will never be, or has to be waited for with what is missing. */
export type Readiness = { state: 'ready' } | { state: 'never'; reason: string } | { state: 'waiting'; missing: string }

/** Judges one look. */
export function readiness(waitFor: WaitFor, look: Look): Readiness {
  if (look.health === 'unhealthy' && (waitFor.kind === 'healthy' || waitFor.kind === 'settled')) {
    return { state: 'never', reason: 'its health check says unhealthy' }
  }
  switch (waitFor.kind) {
    case 'time':
      return look.elapsedMs >= waitFor.ms ? ready() : waiting('the time given')
    case 'file':
      return look.fileThere ? ready() : waiting('the file of wait-for')
    case 'log':
      return look.textSeen ? ready() : waiting('the text of wait-for in its output')
    case 'healthy':
      if (look.health === null) return { state: 'never', reason: 'the image has no health check' }
      return look.health === 'healthy' ? ready() : waiting('a healthy health check')
    case 'settled':
      return settled(look)
  }
}

function settled(look: Look): Readiness {
  if (look.health !== null) return look.health === 'healthy' ? ready() : waiting('a healthy health check')
  if (look.missingFiles.length > 0) return waiting(`${look.missingFiles.length} of the expected files`)
  if (look.elapsedMs < QUIET_MS || look.outputQuietMs < QUIET_MS) return waiting('a second without output')
  if (look.memoryQuietMs !== null && look.memoryQuietMs < QUIET_MS)
    return waiting('a second without change under the tmpfs')
  if (!look.wroteSomething && !look.delivered && look.elapsedMs < EMPTY_MS) return waiting('something under the tmpfs')
  return ready()
}

function ready(): Readiness {
  return { state: 'ready' }
}

function waiting(missing: string): Readiness {
  return { state: 'waiting', missing }
}
