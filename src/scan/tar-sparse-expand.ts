/** Makes of the stored bytes of a sparse file those that a reader of the file sees. */
import { BLOCK, decimal } from './tar-fields.js'
import { isOrdered, pair, type Fragment, type SparseMap } from './tar-sparse.js'

/** A map at the beginning of the data may not be longer than this: it is kept whole. */
const MOST_MAP_BYTES = 1024 * 1024

/**
 * Reads the map that stands at the beginning of the stored data: the number of fragments, then offset and length of
 * each, a line each, filled up with NULs to a whole block.
 */
export class EmbeddedMap {
  #text = ''
  /** Bytes of the stored data that are the map's; known once {@link add} has returned the fragments. */
  length = 0

  /** Takes the next stored bytes. 'more': not all of it seen; null: malformed. */
  add(bytes: Uint8Array, from: number, to: number): Fragment[] | 'more' | null {
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
    if (this.#text.length > MOST_MAP_BYTES) return null
    const count = decimal(/^(\d+)\n/.exec(this.#text)?.[1])
    if (count === null) return this.#text.includes('\n') || this.#text.length > 16 ? null : 'more'
    if (count * 4 > MOST_MAP_BYTES) return null
    const lines = this.#text.split('\n', 2 * count + 2)
    if (lines.length < 2 * count + 2) return 'more'
    const used = lines.slice(0, -1).reduce((sum, line) => sum + line.length + 1, 0)
    this.length = Math.ceil(used / BLOCK) * BLOCK
    return pair(lines.slice(1, -1))
  }
}

export interface SparseOutput {
  data(bytes: Uint8Array, from: number, to: number): void
  /** So many zeros. */
  hole(length: number): void
}

/** Gives the file to `output` piece by piece; never throws. */
export class SparseExpander {
  readonly #output: SparseOutput
  readonly #size: number
  readonly #embedded: EmbeddedMap | null
  #fragments: readonly Fragment[]
  /** Stored bytes still to be passed over: the rest of the map. */
  #skip = 0
  /** Stored bytes taken while the map was not complete. */
  #taken = 0
  #next = 0
  #inFragment = 0
  /** Where in the file the next byte belongs. */
  #at = 0
  /** What is stored does not fit the map. */
  #broken: boolean

  constructor(map: SparseMap, output: SparseOutput) {
    this.#output = output
    this.#size = map.size
    this.#embedded = map.fragments === 'embedded' ? new EmbeddedMap() : null
    this.#fragments = map.fragments === 'embedded' ? [] : map.fragments
    this.#broken = !isOrdered(this.#fragments, this.#size)
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    if (this.#embedded !== null && this.#embedded.length === 0) this.#readMap(this.#embedded, bytes, from, to)
    else this.#place(bytes, from, to)
  }

  /** Whether all fragments came, each in its place. */
  end(): boolean {
    this.#startFragments()
    if (this.#broken || this.#next < this.#fragments.length || this.#skip > 0) return false
    if (this.#size > this.#at) this.#output.hole(this.#size - this.#at)
    return true
  }

  #readMap(map: EmbeddedMap, bytes: Uint8Array, from: number, to: number): void {
    const fragments = map.add(bytes, from, to)
    if (fragments === null) this.#broken = true
    if (fragments === 'more' || fragments === null) {
      this.#taken += to - from
      return
    }
    this.#fragments = fragments
    this.#broken ||= !isOrdered(fragments, this.#size)
    this.#skip = map.length - this.#taken
    this.#place(bytes, from, to)
  }

  #place(bytes: Uint8Array, from: number, to: number): void {
    const skipped = Math.min(this.#skip, to - from)
    this.#skip -= skipped
    from += skipped
    while (from < to && !this.#broken) {
      this.#startFragments()
      const fragment = this.#fragments[this.#next]
      if (fragment === undefined) {
        this.#broken = true
        return
      }
      const length = Math.min(fragment.length - this.#inFragment, to - from)
      this.#output.data(bytes, from, from + length)
      from += length
      this.#at += length
      this.#inFragment += length
    }
    this.#startFragments()
  }

  /** Passes over what is complete or empty, and over the hole before the next fragment. */
  #startFragments(): void {
    for (;;) {
      const fragment = this.#fragments[this.#next]
      if (fragment === undefined) return
      if (this.#at < fragment.offset) {
        this.#output.hole(fragment.offset - this.#at)
        this.#at = fragment.offset
      }
      if (this.#inFragment < fragment.length) return
      this.#next++
      this.#inFragment = 0
    }
  }
}
