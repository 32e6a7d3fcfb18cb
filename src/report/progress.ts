/** Tells how far a long piece of work is: rarely in a log, live on a terminal. */
import { bar, duration, rate, size } from './format.js'

/** How far one place is. */
export interface Step {
  /** Our own words: `image layers`. */
  place: string
  done: number
  /** null: not known. */
  total: number | null
  bytes: number
  /** null: not known. */
  totalBytes: number | null
}

export interface ProgressOptions {
  /** Milliseconds, never going back: performance.now. */
  now: () => number
  write: (text: string) => void
  /** Whether what is written can be written over. */
  terminal: boolean
}

/** In a log nothing is said before this, and then no more often. */
const LOG_EVERY_MS = 5000
const TERMINAL_EVERY_MS = 100
/** Less of the work than this says nothing about the rest. */
const LEAST_SHARE = 0.02
const ERASE_LINE = '\r\u001b[K'

function share({ done, total, bytes, totalBytes }: Step): number | null {
  if (totalBytes !== null && totalBytes > 0) return Math.min(1, bytes / totalBytes)
  return total !== null && total > 0 ? Math.min(1, done / total) : null
}

/** `image layers 4/9, 180 MB, 133 MB/s, 2.1 s left`; what is not known is left out. */
export function progressLine(step: Step, elapsedMs: number): string {
  const part = share(step)
  const left = part === null || part < LEAST_SHARE ? null : (elapsedMs * (1 - part)) / part
  const words = [
    `${step.place} ${step.total === null ? step.done : `${step.done}/${step.total}`}`,
    step.bytes > 0 ? size(step.bytes) : null,
    rate(step.bytes, elapsedMs),
    left === null ? null : `${duration(left)} left`
  ]
  return words.filter((word) => word !== null).join(', ')
}

/** One place after another. Not told anything while it is quick: a log stays short. */
export class Progress {
  readonly #options: ProgressOptions
  #place = ''
  #started = 0
  #said = 0
  #shown = false

  constructor(options: ProgressOptions) {
    this.#options = options
  }

  /** Tells how far the work is; call it as often as is handy. A new place starts a new clock. */
  update(step: Step): void {
    const now = this.#options.now()
    if (step.place !== this.#place) {
      this.end()
      this.#place = step.place
      this.#started = now
      this.#said = now
    }
    if (now - this.#said < (this.#options.terminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return
    this.#said = now
    this.#show(step, now - this.#started)
  }

  #show(step: Step, elapsedMs: number): void {
    const line = progressLine(step, elapsedMs)
    if (!this.#options.terminal) {
      this.#options.write(`… ${line}\n`)
      return
    }
    this.#shown = true
    this.#options.write(`${ERASE_LINE}${bar(share(step) ?? 0, 20).padEnd(20, '░')} ${line}`)
  }

  /** The work is done: clears the live line. */
  end(): void {
    if (this.#shown) this.#options.write(ERASE_LINE)
    this.#shown = false
    this.#place = ''
  }
}
