/**
 * Searches for many needles at once. Every `stride` bytes of the text one four-byte word is looked up; each needle has
 * a window of `stride + 3` bytes all of whose `stride` words are known, so that wherever the needle lies, exactly one
 * sampled word is in its window. Unlike the jumps of Wu and Manber (1994), where to look next does not hang on what was
 * just read: the processor does several look-ups at a time, and many needles cost no more than few.
 *
 * Four steps, each of which few places pass: the word (matcher-probe.ts), a bit for the hash of the window
 * (matcher-window.ts), the hash itself, all bytes of the needle.
 */
import { LongCompare } from './matcher-compare.js'
import { Probe, WORD } from './matcher-probe.js'
import { hashWindow, WindowChooser } from './matcher-window.js'
import type { Needle } from './types.js'

/** Shortest needle that a {@link Matcher} takes, in bytes: anything shorter would be found by chance. */
export const SHORTEST_NEEDLE = 8

/** A wider stride saves nothing: memory is then the limit. */
const WIDEST_STRIDE = 16
/** Bits a needle in the set of window hashes. */
const ROOM = 32
/** From this length on comparing has to be proof against repeating text. */
const LONG = 128

/** A needle as the matcher keeps it. */
interface Entry {
  needle: Needle
  /** Where the window starts in the needle, and its hash. */
  start: number
  hash: number
  long: LongCompare | null
  /** Another needle in the same bucket. */
  next: Entry | null
}

/** The widest stride, a multiple of the word size, for which every needle has a whole window. */
function strideFor(shortest: number): number {
  return Math.min(WIDEST_STRIDE, Math.floor((shortest - WORD + 1) / WORD) * WORD)
}

/** Built once, used for every item. Not re-entrant: `onMatch` must not search with the same matcher. */
export class Matcher {
  /** Length of the longest needle in bytes; 0 when there are none. */
  readonly longest: number
  readonly #stride: number
  readonly #window: number
  readonly #probe: Probe
  /** Bit `hash & #hashMask` is set for the hash of each needle's window. */
  readonly #hashes: Int32Array
  readonly #hashMask: number
  readonly #buckets: (Entry | null)[]

  /** The memory searched last, as words and as bytes: made anew only when another memory is given. */
  #words: Int32Array = new Int32Array(0)
  #bytes: Uint8Array = new Uint8Array(0)
  /** The range searched, in indexes of that memory, and what is to be told. */
  #from = 0
  #to = 0
  #offset = 0
  #onMatch: (needle: Needle, start: number) => void = () => undefined
  #pass = 0

  /** Throws a RangeError when a needle is shorter than {@link SHORTEST_NEEDLE}. */
  constructor(needles: readonly Needle[]) {
    const lengths = needles.map((needle) => needle.bytes.length)
    const shortest = lengths.reduce((a, b) => Math.min(a, b), Infinity)
    if (shortest < SHORTEST_NEEDLE) throw new RangeError(`a needle must have at least ${SHORTEST_NEEDLE} bytes`)
    this.longest = lengths.reduce((a, b) => Math.max(a, b), 0)
    this.#stride = strideFor(shortest)
    this.#window = this.#stride + WORD - 1
    const size = 2 ** (32 - Math.clz32(needles.length))
    this.#hashes = new Int32Array((size * ROOM) / 32)
    this.#hashMask = size * ROOM - 1
    this.#buckets = new Array<Entry | null>(size).fill(null)
    this.#probe = new Probe(this.#index(needles), this.#stride)
  }

  /**
   * Calls `onMatch` for every occurrence of every needle that lies within `[from, to)` of `bytes`, with the index in
   * `bytes` at which it starts. Occurrences of one needle come in order; of different needles in no promised order.
   */
  search(bytes: Uint8Array, from: number, to: number, onMatch: (needle: Needle, start: number) => void): void {
    if (this.longest === 0) return
    if (this.#bytes.buffer !== bytes.buffer || this.#bytes.length !== bytes.buffer.byteLength) this.#enter(bytes.buffer)
    this.#offset = bytes.byteOffset
    this.#from = bytes.byteOffset + from
    this.#to = bytes.byteOffset + to
    this.#onMatch = onMatch
    this.#pass++
    this.#sample()
  }

  /** Whether any needle occurs in `bytes`. */
  has(bytes: Uint8Array): boolean {
    let found = false
    this.search(bytes, 0, bytes.length, () => {
      found = true
    })
    return found
  }

  /** Fills the set of hashes and the buckets; returns the words of all windows, one window after the other. */
  #index(needles: readonly Needle[]): Int32Array {
    const chooser = new WindowChooser(this.#window)
    const words = new Int32Array(needles.length * this.#stride)
    // By way of memory, as the text's words are read: right in either byte order.
    const bytesOfWords = new Uint8Array(words.buffer)
    let windows = 0
    for (const needle of needles) {
      const { start, hash, isNew } = chooser.choose(needle.bytes)
      const bucket = hash & (this.#buckets.length - 1)
      const long = needle.bytes.length >= LONG ? new LongCompare(needle.bytes) : null
      this.#buckets[bucket] = { needle, start, hash, long, next: this.#buckets[bucket] ?? null }
      if (!isNew) continue
      const bit = hash & this.#hashMask
      this.#hashes[bit >>> 5] = (this.#hashes[bit >>> 5] as number) | (1 << bit)
      for (let offset = 0; offset < this.#stride; offset++) {
        const word = needle.bytes.subarray(start + offset, start + offset + WORD)
        bytesOfWords.set(word, (windows * this.#stride + offset) * WORD)
      }
      windows++
    }
    return words.subarray(0, windows * this.#stride)
  }

  #enter(memory: ArrayBufferLike): void {
    this.#words = new Int32Array(memory, 0, Math.floor(memory.byteLength / WORD))
    this.#bytes = new Uint8Array(memory, 0, memory.byteLength)
  }

  /** Looks up every word that starts at a multiple of the stride and lies in the range; four at a time while it can. */
  #sample(): void {
    const { table, shift, multiplier } = this.#probe
    const words = this.#words
    const step = this.#stride / WORD
    const end = Math.floor(this.#to / WORD)
    let at = Math.ceil(this.#from / this.#stride) * step
    for (const last = end - 3 * step; at < last; at += 4 * step) {
      const a = table[Math.imul(words[at] as number, multiplier) >>> shift] as number
      const b = table[Math.imul(words[at + step] as number, multiplier) >>> shift] as number
      const c = table[Math.imul(words[at + 2 * step] as number, multiplier) >>> shift] as number
      const d = table[Math.imul(words[at + 3 * step] as number, multiplier) >>> shift] as number
      if ((a | b | c | d) === 0) continue
      if (a !== 0) this.#lookAround(at)
      if (b !== 0) this.#lookAround(at + step)
      if (c !== 0) this.#lookAround(at + 2 * step)
      if (d !== 0) this.#lookAround(at + 3 * step)
    }
    for (; at < end; at += step) this.#lookAround(at)
  }

  /** A sampled word may be in windows: looks for them from left to right. */
  #lookAround(index: number): void {
    const { grain } = this.#probe
    let bits = this.#probe.offsetsAt(this.#words, index)
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits)
      bits ^= 1 << bit
      const start = index * WORD - bit * grain
      if (grain === 2) this.#lookAt(start - 1)
      this.#lookAt(start)
    }
  }

  /** Compares each needle whose window has the hash of the one at `start`. */
  #lookAt(start: number): void {
    if (start < this.#from || start + this.#window > this.#to) return
    const hash = hashWindow(this.#bytes, start, this.#window)
    const bit = hash & this.#hashMask
    if ((((this.#hashes[bit >>> 5] as number) >>> bit) & 1) === 0) return
    let entry = this.#buckets[hash & (this.#buckets.length - 1)] ?? null
    for (; entry !== null; entry = entry.next) {
      const first = start - entry.start
      if (entry.hash === hash && this.#isAt(entry, first)) this.#onMatch(entry.needle, first - this.#offset)
    }
  }

  #isAt({ needle: { bytes }, long }: Entry, start: number): boolean {
    const text = this.#bytes
    if (start < this.#from || start + bytes.length > this.#to) return false
    if (long !== null) return long.at(text, start, this.#pass)
    for (let i = 0; i < bytes.length; i++) if (text[start + i] !== bytes[i]) return false
    return true
  }
}
