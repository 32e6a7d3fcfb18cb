/** An item out of an archive: searched, and unpacked when it is an archive itself. */
import { ItemSearch } from './item-search.js'
import { BLOCK } from './tar-fields.js'
import { archiveKind, type ArchiveKind } from './unpack-kind.js'
import { both, type Consumer, type Scope, type UnpackContext } from './unpack-scope.js'

/** What an item is called, and what it would be as an archive. What a gzip or zstd file holds has no name: `/a.gz!`. */
export interface MemberPlace {
  path: () => string
  /** Bytes; null: not known before its end. */
  size: number | null
  /** How deep it would be as an archive. */
  depth: number
  /** Where the item came from, when that did nothing but compress it: a tar counts as one archive with its compression. */
  compressed: { path: string; depth: number } | null
}

/** Takes one item after the other, each `begin`, any number of `write`, `end`. */
export class Member implements Consumer {
  readonly #context: UnpackContext
  readonly #scopeOf: () => Scope
  /** null: the caller searches it. */
  readonly #search: ItemSearch | null
  #place: MemberPlace | null = null
  readonly #head = Buffer.alloc(BLOCK)
  /** Bytes in the head; -1: it has been looked at. */
  #inHead = -1
  #child: Consumer | null = null
  /** Its bytes are searched by the child: a tar tells its entries apart. */
  #childSearches = false

  /** `scopeOf` is asked for the scope of an archive that is found. */
  constructor(context: UnpackContext, scopeOf: () => Scope, searches: boolean) {
    this.#context = context
    this.#scopeOf = scopeOf
    this.#search = searches ? new ItemSearch(context.matcher) : null
  }

  begin(place: MemberPlace): void {
    this.#place = place
    this.#inHead = 0
    this.#child = null
    this.#childSearches = false
    this.#search?.begin()
  }

  write(bytes: Uint8Array): Promise<void> | null {
    if (this.#inHead === -1) return this.#pass(bytes)
    const size = this.#place?.size ?? Infinity
    if (this.#inHead === 0 && bytes.length >= Math.min(BLOCK, size)) {
      this.#look(bytes)
      return this.#pass(bytes)
    }
    const taken = Math.min(BLOCK - this.#inHead, bytes.length)
    this.#head.set(bytes.subarray(0, taken), this.#inHead)
    this.#inHead += taken
    if (this.#inHead < BLOCK) return null
    return both(this.#passHead(), this.#pass(bytes.subarray(taken)))
  }

  end(): Promise<void> | null {
    const first = this.#inHead === -1 ? null : this.#passHead()
    const child = this.#child
    this.#child = null
    const path = this.#place?.path
    for (const match of this.#search?.end() ?? []) {
      this.#context.sink.hit({ ...match, path: path?.() ?? '', part: 'content' })
    }
    return both(first, child?.end() ?? null)
  }

  #passHead(): Promise<void> | null {
    const head = Buffer.from(this.#head.subarray(0, this.#inHead))
    this.#look(head)
    return this.#pass(head)
  }

  #look(head: Uint8Array): void {
    this.#inHead = -1
    const kind = archiveKind(head, head.length)
    if (kind !== null && this.#place !== null) this.#open(kind, this.#place)
  }

  #open(kind: ArchiveKind, place: MemberPlace): void {
    const { path, depth } = (kind === 'tar' ? place.compressed : null) ?? { path: place.path(), depth: place.depth }
    const { limits, sink } = this.#context
    if (depth > limits.depth) {
      sink.shortfall({ path, reason: `is an archive nested deeper than ${limits.depth}` })
      return
    }
    this.#child = this.#scopeOf().open(kind, { path, depth, size: place.size })
    this.#childSearches = kind === 'tar'
  }

  #pass(bytes: Uint8Array): Promise<void> | null {
    if (bytes.length === 0) return null
    if (!this.#childSearches) this.#search?.push(bytes)
    return this.#child?.write(bytes) ?? null
  }
}
