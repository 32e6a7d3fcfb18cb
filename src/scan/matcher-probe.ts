/**
 * The first look at a sampled word: at which offsets of a window may it lie? A table small enough for the processor's
 * caches, indexed by a hash of the word: for nearly all words the answer is "at none", and what is left may be wrong.
 */

/** Length of a word in bytes. */
export const WORD = 4

/** Odd numbers that spread neighbouring words over the whole table; the first is 2^32 divided by the golden ratio. */
const MULTIPLIERS = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 0xcc9e2d51, 0x1b873593, 0x7feb352d]
/** Bytes that files are filled with, mebibytes of one: zeros, ones, blanks, newlines, signs, no-ops, traps. */
const FILLERS = [0x00, 0xff, 0x20, 0x0a, 0x2d, 0x30, 0x41, 0x90, 0xcc].map((byte) => Math.imul(byte, 0x01010101))

/** Table bytes a word: about one word in 64 that is in no window gets past. */
const ROOM = 64
const LEAST_BITS = 15
/** 4 MiB: larger tables miss the caches more often than they save a second look. */
const MOST_BITS = 22

export class Probe {
  /**
   * Indexed by `Math.imul(word, multiplier) >>> shift`. Bit j: a word with this index lies at offset j of some window,
   * or, where windows have more than eight offsets, at 2j or 2j + 1.
   */
  readonly table: Uint8Array
  readonly shift: number
  readonly multiplier: number
  /** Offsets that share one bit. */
  readonly grain: number
  /** How many bits two neighbouring words are apart. */
  readonly #apart: number
  /** The offsets before which, and behind which, the window has no whole other word. */
  readonly #head: number
  readonly #tail: number
  readonly #hasNeighbours: boolean

  /** `words`: those of each window, one window after the other, `stride` (4 to 16) of each, in order of offset. */
  constructor(words: Int32Array, stride: number) {
    const bits = 32 - Math.clz32(words.length * ROOM)
    const tableBits = Math.min(MOST_BITS, Math.max(LEAST_BITS, bits))
    this.shift = 32 - tableBits
    this.table = new Uint8Array(2 ** tableBits)
    this.grain = stride > 8 ? 2 : 1
    this.#apart = WORD / this.grain
    this.#head = (1 << this.#apart) - 1
    this.#tail = this.#head << (stride / this.grain - this.#apart)
    this.#hasNeighbours = stride > WORD
    this.multiplier = this.#fill(words, stride)
  }

  /**
   * The bits of the offsets at which `words[index]` may lie in a window, so that its neighbours, where the window has
   * them whole, may lie there as well.
   */
  offsetsAt(words: Int32Array, index: number): number {
    const here = this.#offsetsOf(words[index] as number)
    if (!this.#hasNeighbours) return here
    const behind = index > 0 ? this.#offsetsOf(words[index - 1] as number) << this.#apart : 0
    const ahead = index + 1 < words.length ? this.#offsetsOf(words[index + 1] as number) >>> this.#apart : 0
    return here & (behind | this.#head) & (ahead | this.#tail)
  }

  #offsetsOf(word: number): number {
    return this.table[Math.imul(word, this.multiplier) >>> this.shift] as number
  }

  /**
   * Fills the table and returns the multiplier: the first by which no filler that is in no window shares the index of a
   * word that is, or the last. Else one chance in 64 would make a file of zeros cost ten times as much.
   */
  #fill(words: Int32Array, stride: number): number {
    const absent = FILLERS.filter((word) => !words.includes(word))
    let multiplier = 0
    for (multiplier of MULTIPLIERS) {
      this.table.fill(0)
      for (let i = 0; i < words.length; i++) {
        const index = Math.imul(words[i] as number, multiplier) >>> this.shift
        this.table[index] = (this.table[index] as number) | (1 << Math.floor((i % stride) / this.grain))
      }
      if (absent.every((word) => this.table[Math.imul(word, multiplier) >>> this.shift] === 0)) break
    }
    return multiplier
  }
}
