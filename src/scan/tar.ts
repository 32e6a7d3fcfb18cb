/**
 * Reads a tar archive that is pushed in, in chunks of any size: ustar, GNU and PAX long names, large sizes, sparse files,
 * and the oldest format. Where readers differ it goes by Go's archive/tar, which the engine reads layers with. Nothing is
 * copied but what crosses from one chunk to the next and what precedes a header; nothing is kept of an entry.
 */
import { TarEntry, TYPE, type Precedents } from './tar-entry.js'
import { BLOCK, isHeaderBlock, isZeroBlock } from './tar-fields.js'
import { PaxRecords } from './tar-pax.js'
import { oldSparseExtension } from './tar-sparse.js'

/**
 * What a byte of the archive is. header: of a header block. extension: of a long name, PAX records or a map, which belong
 * to the next entry. content and padding: of the entry last told. rest: behind the end, or behind what is malformed.
 */
export type TarRole = 'header' | 'extension' | 'content' | 'padding' | 'rest'

/** Called synchronously. Throwing is not allowed. */
export interface TarEvents {
  /** Every byte of the archive, once, in order: `[from, to)` of the chunk now written. */
  bytes(role: TarRole, chunk: Buffer, from: number, to: number): void
  /** An extension is complete: `type` is L, K, x or g, and it was told from `contentAt` of the stream on. */
  extension(type: number, contentAt: number, content: Buffer): void
  /** Follows the bytes of the header. */
  entry(entry: TarEntry): void
  /** Follows the last byte of the content. */
  entryEnd(): void
}

/**
 * complete: well-formed, and ended by two blocks of zeros with nothing but zeros behind. Else `reason` says why not.
 * cut: well-formed as far as it goes, so that all there is of it was told.
 */
export interface TarEnd {
  state: 'complete' | 'cut' | 'malformed'
  reason: string | null
}

/** As in Go's archive/tar: longer ones are no names or records. */
const MOST_EXTENSION_BYTES = 1024 * 1024

/** They are kept while the file is read. */
const MOST_FRAGMENTS = 128 * 1024

const NOTHING: Readonly<Precedents> = Object.freeze({ longName: null, longLink: null, pax: null })

type Phase = 'header' | 'sparse-map' | 'extension' | 'content' | 'padding' | 'rest'

const isExtension = (type: number): boolean =>
  type === TYPE.longName || type === TYPE.longLink || type === TYPE.pax || type === TYPE.globalPax

/** Never throws, whatever the bytes. Give it a new instance an archive. */
export class TarParser {
  readonly #events: TarEvents
  readonly #entry = new TarEntry()
  #phase: Phase = 'header'
  /** Bytes of the current phase still to come. */
  #left = 0
  #padding = 0
  /** A block that crosses from one chunk to the next. */
  readonly #block = Buffer.alloc(BLOCK)
  #filled = 0
  /** The extension that is coming in, its type, and where it starts. */
  #extension = Buffer.alloc(0)
  #extensionType = 0
  #extensionAt = 0
  #before: Precedents = { ...NOTHING }
  /** Position of the first block of the entry to come; -1: none was seen. */
  #start = -1
  #zeroBlocks = 0
  #wrong: string | null = null
  /** Position of the current chunk in the stream. */
  #base = 0

  constructor(events: TarEvents) {
    this.#events = events
  }

  /** Takes the next bytes. */
  write(bytes: Uint8Array): void {
    const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at < chunk.length;) {
      const isBlock = this.#phase === 'header' || this.#phase === 'sparse-map'
      at = isBlock ? this.#takeBlock(chunk, at) : this.#takeData(chunk, at)
    }
    this.#base += chunk.length
  }

  /** Call once, after the last byte. An entry whose content is not complete gets no `entryEnd`. */
  end(): TarEnd {
    if (this.#wrong !== null) return { state: 'malformed', reason: this.#wrong }
    if (this.#zeroBlocks >= 2) return { state: 'complete', reason: null }
    return { state: 'cut', reason: this.#base === 0 ? 'it is empty' : 'it was cut short' }
  }

  #takeBlock(chunk: Buffer, at: number): number {
    const role = this.#phase === 'header' ? 'header' : 'extension'
    const to = Math.min(at + BLOCK - this.#filled, chunk.length)
    this.#events.bytes(role, chunk, at, to)
    if (to - at === BLOCK) {
      this.#takeWhole(chunk, at, this.#base + at)
      return to
    }
    chunk.copy(this.#block, this.#filled, at, to)
    this.#filled += to - at
    if (this.#filled === BLOCK) {
      this.#filled = 0
      this.#takeWhole(this.#block, 0, this.#base + to - BLOCK)
    }
    return to
  }

  #takeWhole(block: Buffer, at: number, position: number): void {
    if (this.#phase === 'sparse-map') this.#takeSparseMap(block, at, position)
    else if (block[at] === 0 && isZeroBlock(block, at)) this.#takeZeros()
    else if (this.#zeroBlocks > 0) this.#giveUp('a block of zeros is in its middle')
    else if (isHeaderBlock(block, at)) this.#takeHeader(block, at, position)
    else this.#giveUp('a header with a wrong checksum')
  }

  #takeZeros(): void {
    if (this.#start !== -1) this.#giveUp('a name without its entry')
    else if (++this.#zeroBlocks === 2) this.#phase = 'rest'
  }

  #takeHeader(block: Buffer, at: number, position: number): void {
    if (this.#start === -1) this.#start = position
    const entry = this.#entry
    const type = block[at + 156] as number
    const wrong = entry.read(block, at, isExtension(type) ? NOTHING : this.#before)
    if (wrong !== null) {
      this.#giveUp(wrong)
      return
    }
    this.#left = entry.size
    this.#padding = (BLOCK - (entry.size % BLOCK)) % BLOCK
    if (isExtension(type)) {
      this.#startExtension(type, position + BLOCK)
      return
    }
    entry.start = this.#start
    entry.headerAt = position
    entry.contentAt = position + BLOCK
    this.#before = { ...NOTHING }
    this.#start = -1
    if (entry.extended) this.#phase = 'sparse-map'
    else this.#startContent()
  }

  #startContent(): void {
    this.#phase = 'content'
    this.#events.entry(this.#entry)
    if (this.#left === 0) this.#endData()
  }

  #takeSparseMap(block: Buffer, at: number, position: number): void {
    const more = oldSparseExtension(block, at)
    const map = this.#entry.sparse
    if (more === null || map === null || map.fragments === 'embedded' || map.fragments.length > MOST_FRAGMENTS) {
      this.#giveUp('a map of a sparse file that cannot be read')
      return
    }
    map.fragments.push(...more.fragments)
    this.#entry.contentAt = position + BLOCK
    if (!more.extended) this.#startContent()
  }

  #startExtension(type: number, contentAt: number): void {
    if (this.#left > MOST_EXTENSION_BYTES) {
      this.#giveUp('a name or record that is too long')
      return
    }
    this.#phase = 'extension'
    this.#extensionType = type
    this.#extensionAt = contentAt
    this.#extension = Buffer.allocUnsafe(this.#left)
    if (this.#left === 0) this.#endData()
  }

  #takeData(chunk: Buffer, at: number): number {
    const role = this.#phase as TarRole
    if (role === 'rest') return this.#takeRest(chunk, at)
    const to = Math.min(at + this.#left, chunk.length)
    if (role === 'extension') chunk.copy(this.#extension, this.#extension.length - this.#left, at, to)
    this.#left -= to - at
    this.#events.bytes(role, chunk, at, to)
    if (this.#left === 0) this.#endData()
    return to
  }

  #endData(): void {
    if (this.#phase === 'extension') this.#endExtension()
    else if (this.#phase === 'content') this.#events.entryEnd()
    if (this.#wrong !== null) return
    const padded = this.#phase !== 'padding' && this.#padding > 0
    this.#phase = padded ? 'padding' : 'header'
    this.#left = padded ? this.#padding : 0
  }

  #endExtension(): void {
    const content = this.#extension
    this.#extension = Buffer.alloc(0)
    this.#events.extension(this.#extensionType, this.#extensionAt, content)
    if (this.#extensionType === TYPE.longName) this.#before.longName = content
    else if (this.#extensionType === TYPE.longLink) this.#before.longLink = content
    else this.#endRecords(content)
  }

  /** Records for all that follows are an entry of their own to the engine, and change nothing: others apply them. */
  #endRecords(content: Buffer): void {
    const pax = PaxRecords.parse(content)
    if (pax === null) this.#giveUp('PAX records that cannot be read')
    else if (this.#extensionType === TYPE.pax) this.#before.pax = pax
    else if (pax.all.some(({ key }) => key === 'size' || key.startsWith('GNU.sparse.'))) {
      this.#giveUp('a size for all entries, which readers take differently')
    } else {
      this.#before = { ...NOTHING }
      this.#start = -1
    }
  }

  #takeRest(chunk: Buffer, at: number): number {
    this.#events.bytes('rest', chunk, at, chunk.length)
    if (this.#wrong !== null) return chunk.length
    while (at < chunk.length && chunk[at] === 0) at++
    if (at < chunk.length) this.#wrong = 'there is something behind its end'
    return chunk.length
  }

  /** What follows can no longer be told apart. */
  #giveUp(reason: string): void {
    this.#wrong = reason
    this.#phase = 'rest'
  }
}
