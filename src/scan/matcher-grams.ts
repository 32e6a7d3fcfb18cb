/**
 * The set of four-byte words that a searched text is sampled for, and where in a window each may lie. Two steps:
 * `probe` is small enough for the processor's caches and answers "no" for nearly all words; `offsetsOf` is exact.
 */

/** An odd number near 2^32 divided by the golden ratio: spreads neighbouring words over the whole table. */
export const SPREAD = 0x9e3779b1 | 0

/** Probe bytes a word: about one word in 32 that is not in the set gets past the first look. */
const ROOM = 32
const LEAST_BITS = 15
/** 4 MiB: larger tables miss the caches more often than they save a second look. */
const MOST_BITS = 22

const log2Ceil = (n: number): number => 32 - Math.clz32(Math.max(1, n) - 1)

export class GramSet {
  /**
   * Indexed by `Math.imul(word, SPREAD) >>> probeShift`. 0: no word of the set has this index; else one bit for each
   * value of `word & 7` that occurs.
   */
  readonly probe: Uint8Array
  readonly probeShift: number
  readonly #words: Int32Array
  readonly #masks: Int32Array
  readonly #slotShift: number

  /** From each word (signed) to its offsets in a window: bit k set for offset k. A mask is never 0. */
  constructor(offsets: ReadonlyMap<number, number>) {
    const probeBits = Math.min(MOST_BITS, Math.max(LEAST_BITS, log2Ceil(offsets.size * ROOM)))
    this.probe = new Uint8Array(2 ** probeBits)
    this.probeShift = 32 - probeBits
    const slotBits = 1 + log2Ceil(offsets.size + 1)
    this.#words = new Int32Array(2 ** slotBits)
    this.#masks = new Int32Array(2 ** slotBits)
    this.#slotShift = 32 - slotBits
    for (const [word, mask] of offsets) this.#add(word, mask)
  }

  /** The offsets at which `word` lies in a window, one bit each; 0 when it is in none. */
  offsetsOf(word: number): number {
    if ((((this.probe[Math.imul(word, SPREAD) >>> this.probeShift] as number) >>> (word & 7)) & 1) === 0) return 0
    return this.#masks[this.#slotOf(word)] as number
  }

  /** Where `word` is, or the free slot where it would go: there is always one, as at most half are taken. */
  #slotOf(word: number): number {
    const last = this.#masks.length - 1
    let slot = Math.imul(word, SPREAD) >>> this.#slotShift
    while (this.#masks[slot] !== 0 && this.#words[slot] !== word) slot = (slot + 1) & last
    return slot
  }

  #add(word: number, mask: number): void {
    const index = Math.imul(word, SPREAD) >>> this.probeShift
    this.probe[index] = (this.probe[index] as number) | (1 << (word & 7))
    const slot = this.#slotOf(word)
    this.#words[slot] = word
    this.#masks[slot] = mask
  }
}
