import { FORMS } from '../evidence.js'
import type { Matcher } from './matcher.js'
import type { Match, Needle } from './types.js'

const NOTHING: readonly Match[] = Object.freeze([])

/**
 * Searches one item after the other, each given in chunks of any size: `begin`, `push` for each chunk, `end`.
 * The bytes pushed may be overwritten as soon as `push` returns. An item without a match costs no memory that stays.
 */
export class ItemSearch {
  readonly #matcher: Matcher
  /** How much of the end of what came before is kept: an occurrence that crosses into the next chunk starts in it. */
  readonly #keep: number
  /** The kept bytes, and behind them room for the head of the next chunk. */
  readonly #seam: Uint8Array
  #kept = 0
  /** Bytes pushed since `begin`. */
  #length = 0
  /** First match of each (secret, form). */
  readonly #found = new Map<number, Match>()
  /** What to add to an index of the bytes now searched to get an offset of the item. */
  #base = 0

  constructor(matcher: Matcher) {
    this.#matcher = matcher
    this.#keep = Math.max(0, matcher.longest - 1)
    this.#seam = new Uint8Array(2 * this.#keep)
  }

  /** Starts a new item: offsets count from here. */
  begin(): void {
    this.#kept = 0
    this.#length = 0
    if (this.#found.size > 0) this.#found.clear()
  }

  /** Searches the next bytes of the item, `[from, to)` of `bytes`. */
  push(bytes: Uint8Array, from = 0, to = bytes.length): void {
    if (to <= from) return
    if (this.#kept > 0) this.#searchSeam(bytes, from, to)
    this.#base = this.#length - from
    this.#matcher.search(bytes, from, to, this.#onMatch)
    this.#length += to - from
    this.#keepTail(bytes, from, to)
  }

  /** Ends the item: the first match of each secret and form, in order of offset. */
  end(): readonly Match[] {
    if (this.#found.size === 0) return NOTHING
    return [...this.#found.values()].sort((a, b) => a.offset - b.offset)
  }

  /** Finds what starts in the kept bytes and ends in the new chunk; what lies on one side is found once more. */
  #searchSeam(bytes: Uint8Array, from: number, to: number): void {
    const head = Math.min(this.#keep, to - from)
    this.#seam.set(bytes.subarray(from, from + head), this.#kept)
    this.#base = this.#length - this.#kept
    this.#matcher.search(this.#seam, 0, this.#kept + head, this.#onMatch)
  }

  #keepTail(bytes: Uint8Array, from: number, to: number): void {
    const fresh = Math.min(this.#keep, to - from)
    const old = Math.min(this.#kept, this.#keep - fresh)
    if (old > 0) this.#seam.copyWithin(0, this.#kept - old, this.#kept)
    this.#seam.set(bytes.subarray(to - fresh, to), old)
    this.#kept = old + fresh
  }

  readonly #onMatch = (needle: Needle, start: number): void => {
    const key = needle.secret * FORMS.length + FORMS.indexOf(needle.form)
    const offset = this.#base + start
    const known = this.#found.get(key)
    if (known === undefined) this.#found.set(key, { secret: needle.secret, form: needle.form, offset })
    else if (offset < known.offset) known.offset = offset
  }
}
