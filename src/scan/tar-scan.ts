/**
 * Searches a tar archive in one pass: every byte of it raw, each occurrence told with the entry and part it lies in, and
 * what is in entries that are archives themselves. A chunk is searched as a whole and only then taken apart, so that an
 * archive of many small files costs no more than one of few large ones.
 */
import type { ItemPart } from '../evidence.js'
import type { TarEntry } from './tar-entry.js'
import { TarHits, type Found } from './tar-hits.js'
import { StreamSearch, type Occurrence } from './tar-search.js'
import { SparseMember } from './tar-sparse-member.js'
import { TarParser, type TarEnd, type TarEvents, type TarRole } from './tar.js'
import type { ItemHit } from './types.js'
import { Member, type MemberPlace } from './unpack-member.js'
import { both, type Consumer, type Scope, type UnpackContext } from './unpack-scope.js'

export interface TarScanOptions {
  /** Path of an entry; of what lies in none, when the name is empty. Asked only where there is something to tell. */
  pathOf: (name: Uint8Array) => string
  /** How deep an archive would be that is an entry. */
  depth: number
  /** Scope of an archive that is an entry. */
  scopeOf: () => Scope
  /** Told of each entry; it may be looked at only during the call. */
  onEntry?: (entry: TarEntry) => void
}

const NO_NAME = new Uint8Array(0)

export class TarScan implements Consumer, TarEvents {
  /** Entries, and bytes of the archive. */
  items = 0
  length = 0
  readonly #context: UnpackContext
  readonly #options: TarScanOptions
  readonly #search: StreamSearch
  readonly #parser: TarParser
  readonly #hits: TarHits
  readonly #member: Member
  /** Where the current entry's content goes, when it is sparse. */
  #sparse: SparseMember | null = null
  #sparseBroken = false
  #entry: TarEntry | null = null
  /** Its content is not complete. */
  #isOpen = false
  /** Entries have ended. */
  #isBehind = false
  /** Of the current entry, made when first asked for. */
  #path: string | null = null
  #found: readonly Occurrence[] = []
  #next = 0
  #position = 0
  #pending: Promise<void> | null = null
  readonly #place: MemberPlace

  constructor(context: UnpackContext, options: TarScanOptions) {
    this.#context = context
    this.#options = options
    this.#search = new StreamSearch(context.matcher)
    this.#parser = new TarParser(this)
    this.#hits = new TarHits(this.#onHit)
    this.#member = new Member(context, options.scopeOf, false)
    this.#place = { path: () => this.#pathNow(), size: 0, depth: options.depth, compressed: null }
  }

  write(bytes: Uint8Array): Promise<void> | null {
    this.#found = this.#search.push(bytes)
    this.#next = 0
    this.#position = this.length
    this.#parser.write(bytes)
    this.length += bytes.length
    return this.#takePending()
  }

  /** How the archive ended; call once, after the last byte, then {@link end}. */
  finish(): TarEnd {
    const end = this.#parser.end()
    this.#leaveEntries()
    if (this.#sparseBroken) return { state: 'malformed', reason: end.reason ?? 'a sparse file does not fit its map' }
    return end
  }

  /** Ends an entry that was cut short, and all that is still being unpacked. */
  end(): Promise<void> | null {
    if (this.#isOpen) this.entryEnd()
    return this.#takePending()
  }

  bytes(role: TarRole, chunk: Buffer, from: number, to: number): void {
    if (role === 'rest' && !this.#isBehind) this.#leaveEntries()
    if (this.#next < this.#found.length) this.#attribute(role, this.#position + to)
    if (role !== 'content') return
    if (this.#sparse !== null) this.#sparse.write(chunk, from, to)
    else this.#pend(this.#member.write(chunk.subarray(from, to)))
  }

  extension(type: number, at: number, content: Buffer): void {
    this.#hits.extension({ type, at, content })
  }

  entry(entry: TarEntry): void {
    this.items++
    this.#entry = entry
    this.#path = null
    this.#isOpen = true
    this.#hits.entry(entry)
    if (entry.joined) this.#searchName(entry)
    this.#options.onEntry?.(entry)
    this.#sparse = entry.sparse === null ? null : new SparseMember(entry.sparse, this.#context)
    if (entry.size === 0 || this.#sparse !== null) return
    this.#place.size = entry.size
    this.#member.begin(this.#place)
  }

  entryEnd(): void {
    const sparse = this.#sparse
    if (sparse !== null) this.#endSparse(sparse)
    else if (this.#entry !== null && this.#entry.size > 0) this.#pend(this.#member.end())
    this.#sparse = null
    this.#isOpen = false
  }

  #attribute(role: TarRole, end: number): void {
    for (; this.#next < this.#found.length; this.#next++) {
      const occurrence = this.#found[this.#next] as Occurrence
      if (occurrence.end > end) return
      this.#hits.add(role, occurrence)
    }
  }

  /** The name of an entry that stands in two fields. */
  #searchName(entry: TarEntry): void {
    this.#context.matcher.search(entry.nameBytes, 0, entry.nameLength, ({ secret, form }) => {
      this.#hits.tell({ secret, form }, 'name', 0)
    })
  }

  #endSparse(sparse: SparseMember): void {
    const { path, depth } = { path: this.#pathNow(), depth: this.#options.depth }
    const { matches, complete, archive } = sparse.end({ path, depth, size: null }, this.#options.scopeOf)
    for (const { secret, form, offset } of matches) this.#hits.tell({ secret, form }, 'content', offset)
    if (!complete) this.#sparseBroken = true
    if (archive !== null) this.#pend(archive.end())
  }

  /** What follows is no entry's. */
  #leaveEntries(): void {
    this.#isBehind = true
    if (this.#isOpen) return
    this.#entry = null
    this.#path = null
    this.#hits.none()
  }

  #pathNow(): string {
    this.#path ??= this.#options.pathOf(this.#entry?.name ?? NO_NAME)
    return this.#path
  }

  readonly #onHit = ({ secret, form }: Found, part: ItemPart, offset: number): void => {
    const hit: ItemHit = { secret, form, offset, path: this.#pathNow(), part }
    this.#context.sink.hit(hit)
  }

  #pend(wait: Promise<void> | null): void {
    this.#pending = both(this.#pending, wait)
  }

  #takePending(): Promise<void> | null {
    const pending = this.#pending
    this.#pending = null
    return pending
  }
}
