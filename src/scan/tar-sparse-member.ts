/** Searches a sparse file of a tar archive as a reader of the file sees it: what is stored lacks the holes. */
import { ItemSearch } from './item-search.js'
import { BLOCK } from './tar-fields.js'
import { SparseExpander, type SparseOutput } from './tar-sparse-expand.js'
import type { SparseMap } from './tar-sparse.js'
import type { Match } from './types.js'
import { archiveKind } from './unpack-kind.js'
import { MIB, type ArchivePlace, type Consumer, type Scope, type UnpackContext } from './unpack-scope.js'

const ZEROS = new Uint8Array(BLOCK)

export interface SparseEnd {
  matches: Match[]
  /** Everything stored was in its place in the file. */
  complete: boolean
  /** The file as an archive, all written and not ended; null: it is none, or cannot be unpacked, which is told. */
  archive: Consumer | null
}

/** One sparse file: `write` for what is stored, then `end`. */
export class SparseMember implements SparseOutput {
  readonly #context: UnpackContext
  readonly #search: ItemSearch
  readonly #expander: SparseExpander
  readonly #size: number
  /** The beginning of the file; all of it once it turned out to be an archive. */
  #bytes: Buffer
  #at = 0
  /** Where in the file the search's current item begins. */
  #base = 0
  readonly #matches: Match[] = []

  constructor(map: SparseMap, context: UnpackContext) {
    this.#context = context
    this.#size = map.size
    this.#bytes = Buffer.alloc(Math.min(map.size, BLOCK))
    this.#search = new ItemSearch(context.matcher)
    this.#search.begin()
    this.#expander = new SparseExpander(map, this)
  }

  /** Stored bytes `[from, to)`. */
  write(bytes: Uint8Array, from: number, to: number): void {
    this.#expander.write(bytes, from, to)
  }

  /** Call once, after the last stored byte. */
  end(place: ArchivePlace, scopeOf: () => Scope): SparseEnd {
    const complete = this.#expander.end()
    this.#flush()
    this.#grow()
    return { matches: this.#matches, complete, archive: this.#open(place, scopeOf) }
  }

  #open(place: ArchivePlace, scopeOf: () => Scope): Consumer | null {
    const kind = archiveKind(this.#bytes, this.#bytes.length)
    if (kind === null) return null
    const { limits, sink } = this.#context
    if (this.#bytes.length < this.#size || place.depth > limits.depth) {
      const reason = `is a sparse archive of more than ${Math.floor(limits.zipBytes / MIB)} MiB, or nested too deep`
      sink.shortfall({ path: place.path, reason })
      return null
    }
    const archive = scopeOf().open(kind, { ...place, size: this.#size })
    void archive.write(this.#bytes)
    return archive
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    this.#search.push(bytes, from, to)
    const inHead = Math.min(to - from, Math.max(0, BLOCK - this.#at))
    this.#keep(bytes, from, from + inHead)
    if (this.#at >= BLOCK) this.#grow()
    this.#keep(bytes, from + inHead, to)
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    if (this.#at + to - from <= this.#bytes.length) this.#bytes.set(bytes.subarray(from, to), this.#at)
    this.#at += to - from
  }

  /** Of a hole only so much is searched as an occurrence could reach into it from either side. */
  hole(length: number): void {
    const reach = this.#context.matcher.longest
    this.#zeros(Math.min(length, reach))
    if (length > reach) {
      this.#flush()
      this.#base = this.#at + length - Math.min(reach, length)
      this.#zeros(Math.min(length, reach))
    }
    this.#at += length
  }

  #zeros(length: number): void {
    for (let left = length; left > 0; left -= ZEROS.length) this.#search.push(ZEROS, 0, Math.min(left, ZEROS.length))
  }

  #flush(): void {
    for (const match of this.#search.end()) this.#matches.push({ ...match, offset: match.offset + this.#base })
    this.#search.begin()
  }

  /** Once its beginning is known, an archive is kept whole, as far as that may be. */
  #grow(): void {
    if (this.#bytes.length !== BLOCK || this.#size > this.#context.limits.zipBytes) return
    if (archiveKind(this.#bytes, BLOCK) === null) return
    const whole = Buffer.alloc(this.#size)
    this.#bytes.copy(whole)
    this.#bytes = whole
  }
}
