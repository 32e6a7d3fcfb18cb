/** One entry of a tar archive, from its header block and what preceded it: long names and PAX records. */
import { BLOCK, decimal, number, octal, textEnd } from './tar-fields.js'
import type { PaxRecords } from './tar-pax.js'
import { oldSparseMap, paxSparseMap, type SparseMap } from './tar-sparse.js'

const code = (type: string): number => type.charCodeAt(0)

/** Values of the type flag. */
export const TYPE = {
  oldFile: 0,
  file: code('0'),
  link: code('1'),
  symlink: code('2'),
  characterDevice: code('3'),
  blockDevice: code('4'),
  directory: code('5'),
  fifo: code('6'),
  oldSparse: code('S'),
  longName: code('L'),
  longLink: code('K'),
  pax: code('x'),
  globalPax: code('g')
} as const

/** Of these nothing is stored, whatever their size field says (Go's archive/tar, which the engine reads layers with). */
const HEADER_ONLY: ReadonlySet<number> = new Set([
  TYPE.link,
  TYPE.symlink,
  TYPE.characterDevice,
  TYPE.blockDevice,
  TYPE.directory,
  TYPE.fifo
])

const NAME_LENGTH = 100
const LINK_AT = 157
const PREFIX_AT = 345
const PREFIX_LENGTH = 155
/** star's header has more behind a shorter prefix. */
const STAR_PREFIX_LENGTH = 131
const SLASH = 0x2f
const NO_BYTES = Buffer.alloc(0)

/** Where in a header block a position lies: in one of its names, or elsewhere. */
export function fieldAt(position: number): 'name' | 'link-target' | 'header' {
  if (position < NAME_LENGTH || (position >= PREFIX_AT && position < PREFIX_AT + PREFIX_LENGTH)) return 'name'
  return position >= LINK_AT && position < LINK_AT + NAME_LENGTH ? 'link-target' : 'header'
}

/** What precedes a header and belongs to its entry. */
export interface Precedents {
  longName: Buffer | null
  longLink: Buffer | null
  pax: PaxRecords | null
}

/** Length of the field that holds the beginning of a longer name; 0: there is none, or it is empty. */
function prefixLength(header: Buffer, at: number): number {
  if (header[at + PREFIX_AT] === 0) return 0
  const magic = header.toString('latin1', at + 257, at + 265)
  if (magic.startsWith('ustar\0')) {
    return header.toString('latin1', at + 508, at + BLOCK) === 'tar\0' ? STAR_PREFIX_LENGTH : PREFIX_LENGTH
  }
  // Go before 1.8 (Docker of 2016) wrote a prefix beside GNU's magic, where GNU tar has a time, in octal.
  return magic === 'ustar  \0' && octal(header, at + PREFIX_AT, 12) === null ? PREFIX_LENGTH : 0
}

/** Made anew by each header: valid in the callbacks for one entry only. */
export class TarEntry {
  /** Type flag, see {@link TYPE}; a file of the oldest format with a slash at its end is a directory. */
  type = 0
  /** Bytes stored in the archive. */
  size = 0
  mode = 0
  /** Positions in the stream: of the first block that belongs to it, of its header, of its content. */
  start = 0
  headerAt = 0
  contentAt = 0
  pax: PaxRecords | null = null
  /** Not null: its content is in pieces, see tar-sparse.ts. */
  sparse: SparseMap | null = null
  /** Whether another block of the old sparse map follows. */
  extended = false
  /** The name was put together of two fields, and stands nowhere in one piece. */
  joined = false
  readonly #scratch = new Uint8Array(NAME_LENGTH + PREFIX_LENGTH + 1)
  /** Holds the name in `[0, nameLength)`. */
  nameBytes: Uint8Array = this.#scratch
  nameLength = 0
  readonly #linkScratch = Buffer.alloc(NAME_LENGTH)
  #linkBytes: Buffer = NO_BYTES

  /** Fills it in; returns what is wrong with the header, or null. */
  read(header: Buffer, at: number, before: Precedents): string | null {
    this.type = header[at + 156] as number
    this.mode = octal(header, at + 100, 8) ?? 0
    this.pax = before.pax
    this.sparse = null
    this.extended = false
    this.#readName(header, at)
    const size = number(header, at + 124, 12)
    if (size === null) return 'a size that is no number'
    this.size = size
    const wrong = before.pax === null ? null : this.#applyPax(before.pax)
    if (before.longName !== null) this.#setName(before.longName)
    this.#readLink(header, at, before)
    if (this.type === TYPE.oldFile && this.nameBytes[this.nameLength - 1] === SLASH) this.type = TYPE.directory
    if (HEADER_ONLY.has(this.type)) this.size = 0
    return wrong ?? (this.type === TYPE.oldSparse ? this.#readOldSparse(header, at) : null)
  }

  get name(): Uint8Array {
    return this.nameBytes.subarray(0, this.nameLength)
  }

  get linkname(): Uint8Array {
    return this.#linkBytes
  }

  #readName(header: Buffer, at: number): void {
    const scratch = this.#scratch
    const prefixed = prefixLength(header, at)
    const prefixEnd = prefixed === 0 ? PREFIX_AT : textEnd(header, at + PREFIX_AT, prefixed) - at
    let length = 0
    for (let i = PREFIX_AT; i < prefixEnd; i++) scratch[length++] = header[at + i] as number
    this.joined = length > 0
    if (this.joined) scratch[length++] = SLASH
    for (let i = at; i < at + NAME_LENGTH && header[i] !== 0; i++) scratch[length++] = header[i] as number
    this.nameBytes = scratch
    this.nameLength = length
  }

  #setName(name: Buffer): void {
    this.nameBytes = name
    this.nameLength = textEnd(name, 0, name.length)
    this.joined = false
  }

  #readLink(header: Buffer, at: number, { longLink, pax }: Precedents): void {
    const long = longLink ?? pax?.value('linkpath')
    if (long !== undefined) {
      this.#linkBytes = long.subarray(0, textEnd(long, 0, long.length))
      return
    }
    const to = textEnd(header, at + LINK_AT, NAME_LENGTH)
    const length = header.copy(this.#linkScratch, 0, at + LINK_AT, to)
    this.#linkBytes = length === 0 ? NO_BYTES : this.#linkScratch.subarray(0, length)
  }

  #applyPax(pax: PaxRecords): string | null {
    const name = pax.value('GNU.sparse.name') ?? pax.value('path')
    if (name !== undefined) this.#setName(name)
    const size = pax.text('size')
    if (size !== undefined) {
      const value = decimal(size)
      if (value === null) return 'a size that is no number'
      this.size = value
    }
    const sparse = paxSparseMap(pax)
    this.sparse = sparse ?? null
    return sparse === null ? 'a map of a sparse file that cannot be read' : null
  }

  #readOldSparse(header: Buffer, at: number): string | null {
    const sparse = oldSparseMap(header, at)
    if (sparse === null) return 'a map of a sparse file that cannot be read'
    this.sparse = sparse.map
    this.extended = sparse.extended
    return null
  }
}
