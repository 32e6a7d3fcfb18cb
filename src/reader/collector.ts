/** Gathers hits, counts and shortfalls of one request, within bounds. */
import type { ItemHit } from '../scan/types.js'
import type { WalkSink } from '../scan/walk-types.js'
import { MOST_HITS, MOST_SHORTFALLS, type WireShortfall, type WireTotals } from './protocol.js'

/** A hit with its root's key; the path in latin1. */
export interface KeyedHit extends ItemHit {
  key: number
}

/** Plain, so that it can be sent to another thread. */
export interface Gathered {
  items: number
  bytes: number
  hits: KeyedHit[]
  dropped: number
  shortfalls: WireShortfall[]
  moreShortfalls: number
}

export class Collector implements WalkSink {
  items = 0
  bytes = 0
  /** By what makes one occurrence: pieces of one file may each find the same. */
  readonly #hits = new Map<string, KeyedHit>()
  #dropped = 0
  readonly #shortfalls: WireShortfall[] = []
  #moreShortfalls = 0

  count(items: number, bytes: number): void {
    this.items += items
    this.bytes += bytes
  }

  hit(key: number, hit: ItemHit): void {
    const name = `${key} ${hit.secret} ${hit.form} ${hit.part} ${hit.path}`
    const known = this.#hits.get(name)
    if (known !== undefined) known.offset = Math.min(known.offset, hit.offset)
    else if (this.#hits.size < MOST_HITS) this.#hits.set(name, { ...hit, key })
    else this.#dropped += 1
  }

  /** `path`: latin1; `reason`: our own words. */
  shortfall(key: number, path: string, reason: string): void {
    if (this.#shortfalls.length < MOST_SHORTFALLS) this.#shortfalls.push({ key, path, reason })
    else this.#moreShortfalls += 1
  }

  get hits(): KeyedHit[] {
    return [...this.#hits.values()]
  }

  gathered(): Gathered {
    const { items, bytes, hits } = this
    const shortfalls = this.#shortfalls
    return { items, bytes, hits, dropped: this.#dropped, shortfalls, moreShortfalls: this.#moreShortfalls }
  }

  /** Adds what another collector gathered, a worker's. */
  add(other: Gathered): void {
    this.count(other.items, other.bytes)
    for (const hit of other.hits) this.hit(hit.key, hit)
    this.#dropped += other.dropped
    this.#moreShortfalls += other.moreShortfalls
    for (const each of other.shortfalls) this.shortfall(each.key, each.path, each.reason)
  }

  /** How it ended, paths made fit to show by `clean`. */
  totals(clean: (path: string) => string): WireTotals {
    const shortfalls = this.#shortfalls.map((each) => ({ ...each, path: clean(each.path) }))
    return {
      items: this.items,
      bytes: this.bytes,
      dropped: this.#dropped,
      shortfalls,
      moreShortfalls: this.#moreShortfalls
    }
  }
}
