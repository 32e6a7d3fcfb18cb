/**
 * Which bytes of a needle to look for first. A needle is found by one window of it; the rest is compared only where the
 * window is there. A good window is rare in what gets searched.
 */

/** Positions of a needle that are weighed: enough to get past a common head, few enough for needles of 64 KiB. */
const MOST_POSITIONS = 64

/**
 * More than any window weighs. A window that other needles have taken costs nothing more to look for, and the forms of
 * one secret have much in common; but all needles of a window are compared where it is found.
 */
const SHARED = 1000
const MOST_SHARED = 64
/** Mean weight of a byte of a window that is worth sharing: more than in a text of small letters and blanks. */
const LEAST_SHARED = 2

/** How telling each byte is: zeros and blanks fill files, small letters fill texts, the rest is rarer. */
const WEIGHTS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x00 || byte === 0xff || byte === 0x20 || byte === 0x0a) return 0
  if (byte >= 0x61 && byte <= 0x7a) return 2
  if (byte >= 0x30 && byte <= 0x39) return 3
  return 4
})

/** Four bytes as a number, the first lowest. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** A signed 32-bit hash of the `width` bytes from `from` on; `width` is at least 4. */
export function hashWindow(bytes: Uint8Array, from: number, width: number): number {
  const last = from + width - 4
  let hash = wordAt(bytes, last)
  for (let at = from; at < last; at += 4) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ wordAt(bytes, at)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35)
  return hash ^ (hash >>> 15)
}

/** Sum of the weights of the window's bytes; a byte that repeats the one before it says nothing. */
function weigh(bytes: Uint8Array, from: number, width: number): number {
  let sum = 0
  let before = -1
  for (let i = from; i < from + width; i++) {
    const byte = bytes[i] as number
    if (byte !== before) sum += WEIGHTS[byte] as number
    before = byte
  }
  return sum
}

export interface Window {
  /** Index in the needle at which it starts. */
  start: number
  hash: number
  /** Whether no needle before has the same. */
  isNew: boolean
}

/** Where a window was met first, and how many needles took it. */
interface Taken {
  bytes: Uint8Array
  start: number
  times: number
}

interface Candidate {
  start: number
  hash: number
  taken: Taken | undefined
  score: number
}

/**
 * Chooses windows of one width for needle after needle.
 * `width` must be at most the length of each needle.
 */
export class WindowChooser {
  readonly #width: number
  /** By hash. Of two windows with one hash only the first is here. */
  readonly #taken = new Map<number, Taken>()

  constructor(width: number) {
    this.#width = width
  }

  /** The best window of `bytes`, which then counts as taken. */
  choose(bytes: Uint8Array): Window {
    const last = bytes.length - this.#width
    const step = Math.max(1, Math.ceil(last / (MOST_POSITIONS - 1)))
    let best = this.#weighed(bytes, 0)
    for (let start = step; start < last + step; start += step) {
      const next = this.#weighed(bytes, Math.min(start, last))
      if (next.score > best.score) best = next
    }
    const { start, hash, taken } = best
    if (taken !== undefined) taken.times++
    else if (!this.#taken.has(hash)) this.#taken.set(hash, { bytes, start, times: 1 })
    return { start, hash, isNew: taken === undefined }
  }

  #weighed(bytes: Uint8Array, start: number): Candidate {
    const hash = hashWindow(bytes, start, this.#width)
    const known = this.#taken.get(hash)
    const taken = known !== undefined && this.#isSame(known, bytes, start) ? known : undefined
    const weight = weigh(bytes, start, this.#width)
    return { start, hash, taken, score: weight + this.#sharing(weight, taken) }
  }

  #sharing(weight: number, taken: Taken | undefined): number {
    if (taken === undefined) return 0
    if (taken.times >= MOST_SHARED) return -SHARED
    return weight >= LEAST_SHARED * this.#width ? SHARED : 0
  }

  #isSame(known: Taken, bytes: Uint8Array, start: number): boolean {
    for (let i = 0; i < this.#width; i++) if (known.bytes[known.start + i] !== bytes[start + i]) return false
    return true
  }
}
