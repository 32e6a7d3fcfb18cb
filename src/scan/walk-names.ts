/** Searches names of directory entries many at a time: one search a batch instead of one a name. */
import type { Matcher } from './matcher.js'
import type { Form } from '../evidence.js'

const BATCH_BYTES = 64 * 1024
const MOST_NAMES = 4096

export type NameHit = (index: number, secret: number, form: Form) => void

/**
 * Gathers the paths of entries, separated by a NUL that no path has, and searches them together. A match counts for the
 * entry whose own name it touches: what lies in the directory's part alone was told at the directory.
 */
export class NameBatch {
  readonly #matcher: Matcher
  readonly #bytes: Buffer
  readonly #nameStarts = new Int32Array(MOST_NAMES)
  readonly #ends = new Int32Array(MOST_NAMES)
  #count = 0
  #length = 0

  constructor(matcher: Matcher) {
    this.#matcher = matcher
    this.#bytes = Buffer.allocUnsafe(BATCH_BYTES + 3 * 4096)
  }

  get full(): boolean {
    return this.#count === MOST_NAMES || this.#length > BATCH_BYTES
  }

  get count(): number {
    return this.#count
  }

  /** Adds `directory/name`; returns its index in the batch. Call {@link search} when {@link full}. */
  add(directory: string, name: string, encoding: 'utf8' | 'latin1'): number {
    // Of a very long directory only the end can be part of a match that reaches into the name.
    const tail = directory.length > 1024 ? directory.slice(-1024) : directory
    this.#length += this.#bytes.write(tail, this.#length, encoding)
    this.#bytes[this.#length] = 0x2f
    this.#length += 1
    this.#nameStarts[this.#count] = this.#length
    this.#length += this.#bytes.write(name, this.#length, encoding)
    this.#ends[this.#count] = this.#length
    this.#bytes[this.#length] = 0
    this.#length += 1
    this.#count += 1
    return this.#count - 1
  }

  /** Searches what was gathered and begins anew. */
  search(onHit: NameHit): void {
    this.#matcher.search(this.#bytes, 0, this.#length, (needle, start) => {
      const end = start + needle.bytes.length
      const index = this.#entryAt(start)
      if (end > (this.#nameStarts[index] ?? 0) && end <= (this.#ends[index] ?? 0))
        onHit(index, needle.secret, needle.form)
    })
    this.#count = 0
    this.#length = 0
  }

  /** Index of the entry that holds an offset. */
  #entryAt(offset: number): number {
    let low = 0
    let high = this.#count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
