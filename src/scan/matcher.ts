import type { Needle } from './types.js'

/** Shortest needle that a {@link Matcher} takes, in bytes: anything shorter would be found by chance. */
export const SHORTEST_NEEDLE = 8

/** Searches bytes for many needles at once. Built once, used for every item. */
export class Matcher {
  /** Length of the longest needle in bytes; 0 when there are none. */
  readonly longest: number
  readonly #needles: readonly Needle[]

  /** Throws a RangeError when a needle is shorter than {@link SHORTEST_NEEDLE}. */
  constructor(needles: readonly Needle[]) {
    for (const { bytes } of needles) {
      if (bytes.length < SHORTEST_NEEDLE) throw new RangeError(`a needle must have at least ${SHORTEST_NEEDLE} bytes`)
    }
    this.#needles = needles
    this.longest = needles.reduce((longest, { bytes }) => Math.max(longest, bytes.length), 0)
  }

  /**
   * Calls `onMatch` for every occurrence of every needle that lies within `[from, to)` of `bytes`, with the index in
   * `bytes` at which it starts. Occurrences of one needle come in order; of different needles in no promised order.
   */
  search(bytes: Uint8Array, from: number, to: number, onMatch: (needle: Needle, start: number) => void): void {
    const window = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    for (const needle of this.#needles) {
      for (let at = window.indexOf(needle.bytes); at !== -1; at = window.indexOf(needle.bytes, at + 1)) {
        onMatch(needle, from + at)
      }
    }
  }

  /** Whether any needle occurs in `bytes`. */
  has(bytes: Uint8Array): boolean {
    let found = false
    this.search(bytes, 0, bytes.length, () => {
      found = true
    })
    return found
  }
}
