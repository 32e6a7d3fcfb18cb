/** What every step of one run needs at hand. */
import type { DockerCli } from './cli.js'
import type { RunIdentity } from './args.js'

export interface Session {
  cli: DockerCli
  identity: RunIdentity
  /** Aborted when the run is cancelled. */
  signal: AbortSignal
  /** Makes foreign text printable: secrets out, escaped, cut. For text that goes into a message. */
  clean: (text: string) => string
}

/** The last lines of foreign output, made printable, joined by ` | `; empty when there were none. */
export function lastWords(session: Session, text: string, lines = 3): string {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-lines)
    .map((line) => session.clean(line))
    .join(' | ')
}
