/** Gathers hits, counts and shortfalls of one request, within bounds. */
import { escapeForeign } from '../scan/redact.js'
import { MOST_HITS, MOST_SHORTFALLS, type WireHit, type WireShortfall, type WireTotals } from './protocol.js'

export class Collector {
  items = 0
  bytes = 0
  #dropped = 0
  #hits = 0
  readonly #shortfalls: WireShortfall[] = []
  #moreShortfalls = 0
  readonly #emit: (hit: WireHit) => void

  constructor(emit: (hit: WireHit) => void) {
    this.#emit = emit
  }

  hit(hit: WireHit): void {
    this.#hits += 1
    if (this.#hits <= MOST_HITS) this.#emit(hit)
    else this.#dropped += 1
  }

  shortfall(key: number, path: string, reason: string): void {
    if (this.#shortfalls.length < MOST_SHORTFALLS) this.#shortfalls.push({ key, path: escapeForeign(path), reason })
    else this.#moreShortfalls += 1
  }

  totals(): WireTotals {
    return {
      items: this.items,
      bytes: this.bytes,
      dropped: this.#dropped,
      shortfalls: this.#shortfalls,
      moreShortfalls: this.#moreShortfalls
    }
  }

  /** Adds what another collector (a worker's) counted. */
  merge(totals: WireTotals): void {
    this.items += totals.items
    this.bytes += totals.bytes
    this.#dropped += totals.dropped
    this.#moreShortfalls += totals.moreShortfalls
    for (const each of totals.shortfalls) {
      if (this.#shortfalls.length < MOST_SHORTFALLS) this.#shortfalls.push(each)
      else this.#moreShortfalls += 1
    }
  }
}

/** A short reason for an error of a file system call: its code, never its message (it holds the path). */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : 'unknown error'
}
