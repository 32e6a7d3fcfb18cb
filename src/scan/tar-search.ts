/** Finds every occurrence in a stream, in order of where it ends. */
import type { Matcher } from './matcher.js'
import type { Needle } from './types.js'

/** `start` and `end` are positions in the stream, `end` behind the last byte. */
export interface Occurrence {
  needle: Needle
  start: number
  end: number
}

const NOTHING: readonly Occurrence[] = Object.freeze([])

/** Unlike ItemSearch it does not stop at the first of a kind: a stream holds many items. */
export class StreamSearch {
  readonly #matcher: Matcher
  readonly #keep: number
  /** The end of what came before, and room for as much of what follows. */
  readonly #seam: Uint8Array
  #kept = 0
  /** Position in the stream of the chunk now searched, and of the bytes now looked at. */
  #position = 0
  #base = 0
  #found: Occurrence[] = []

  constructor(matcher: Matcher) {
    this.#matcher = matcher
    this.#keep = Math.max(0, matcher.longest - 1)
    this.#seam = new Uint8Array(2 * this.#keep)
  }

  /** The occurrences that end in `chunk`, which is the next of the stream. */
  push(chunk: Uint8Array): readonly Occurrence[] {
    this.#found = []
    this.#searchSeam(chunk)
    this.#base = this.#position
    this.#matcher.search(chunk, 0, chunk.length, this.#onMatch)
    this.#position += chunk.length
    this.#keepTail(chunk)
    return this.#found.length === 0 ? NOTHING : this.#found.sort((a, b) => a.end - b.end)
  }

  #searchSeam(chunk: Uint8Array): void {
    if (this.#kept === 0) return
    const head = Math.min(this.#keep, chunk.length)
    this.#seam.set(chunk.subarray(0, head), this.#kept)
    this.#base = this.#position - this.#kept
    this.#matcher.search(this.#seam, 0, this.#kept + head, this.#onSeamMatch)
  }

  #keepTail(chunk: Uint8Array): void {
    const fresh = Math.min(this.#keep, chunk.length)
    const old = Math.min(this.#kept, this.#keep - fresh)
    if (old > 0) this.#seam.copyWithin(0, this.#kept - old, this.#kept)
    this.#seam.set(chunk.subarray(chunk.length - fresh), old)
    this.#kept = old + fresh
  }

  readonly #onMatch = (needle: Needle, start: number): void => {
    const at = this.#base + start
    this.#found.push({ needle, start: at, end: at + needle.bytes.length })
  }

  /** What lies on one side of the seam is found by the search of that side. */
  readonly #onSeamMatch = (needle: Needle, start: number): void => {
    if (start < this.#kept && start + needle.bytes.length > this.#kept) this.#onMatch(needle, start)
  }
}
