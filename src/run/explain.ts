/** Turns what stopped a run into words and an exit code: 3 bad input, 4 engine or anything unforeseen. */
import { EngineError } from '../docker/errors.js'
import { InputErrors } from '../inputs/problems.js'

export interface Explanation {
  message: string
  exitCode: number
}

/**
 * An error of ours speaks for itself. Of any other only the name and the place in our code are told: its message may
 * hold anything, a secret too.
 */
export function explain(error: unknown): Explanation {
  if (error instanceof InputErrors) return { message: error.render(), exitCode: 3 }
  if (error instanceof EngineError) {
    return { message: `${error.phase}: ${error.message}\n\n${error.remedy}`, exitCode: 4 }
  }
  const name = error instanceof Error ? error.name : typeof error
  return { message: `tmpfs-check stopped by an unforeseen ${name}${place(error)}: please report it.`, exitCode: 4 }
}

function place(error: unknown): string {
  const frame = error instanceof Error ? /\bat (?:async )?([\w.#<>]+) \(.*?:(\d+):\d+\)/.exec(error.stack ?? '') : null
  return frame === null ? '' : ` in ${frame[1] ?? ''}:${frame[2] ?? ''}`
}
