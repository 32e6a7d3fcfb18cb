/**
 * Sparse files in tar (GNU tar manual, "Sparse Formats"; Go's archive/tar reads the same): what is stored are the
 * fragments with data, one after the other, and a map says where in the file each belongs.
 */
import { decimal, number } from './tar-fields.js'
import type { PaxRecords } from './tar-pax.js'

/** A stretch of the file that is stored. */
export interface Fragment {
  offset: number
  length: number
}

/** embedded: the map is at the beginning of the stored data (version 1.0). */
export interface SparseMap {
  fragments: Fragment[] | 'embedded'
  /** Size of the file, holes and all. */
  size: number
}

const OLD_MAP_AT = 386
const OLD_IN_HEADER = 4
const OLD_IN_EXTENSION = 21
const OLD_PAIR = 24
const OLD_REAL_SIZE_AT = 483
const OLD_IS_EXTENDED_AT = 482

/** The map in the header of an entry of type `S`, as GNU tar wrote them before PAX; null: malformed. */
export function oldSparseMap(header: Uint8Array, at: number): { map: SparseMap; extended: boolean } | null {
  const size = number(header, at + OLD_REAL_SIZE_AT, 12)
  const fragments = oldFragments(header, at + OLD_MAP_AT, OLD_IN_HEADER)
  if (size === null || fragments === null) return null
  return { map: { fragments, size }, extended: header[at + OLD_IS_EXTENDED_AT] !== 0 }
}

/** The fragments in a block that follows such a header, and whether yet another one follows; null: malformed. */
export function oldSparseExtension(block: Uint8Array, at: number): { fragments: Fragment[]; extended: boolean } | null {
  const fragments = oldFragments(block, at, OLD_IN_EXTENSION)
  return fragments === null ? null : { fragments, extended: block[at + OLD_IN_EXTENSION * OLD_PAIR] !== 0 }
}

function oldFragments(bytes: Uint8Array, at: number, most: number): Fragment[] | null {
  const fragments: Fragment[] = []
  for (let i = 0; i < most && bytes[at + i * OLD_PAIR] !== 0; i++) {
    const offset = number(bytes, at + i * OLD_PAIR, 12)
    const length = number(bytes, at + i * OLD_PAIR + 12, 12)
    if (offset === null || length === null) return null
    fragments.push({ offset, length })
  }
  return fragments
}

/** The map that PAX records give (versions 0.0, 0.1 and 1.0); undefined: the entry is not sparse; null: malformed. */
export function paxSparseMap(pax: PaxRecords): SparseMap | null | undefined {
  if (!pax.all.some(({ key }) => key.startsWith('GNU.sparse.'))) return undefined
  const size = decimal(pax.text('GNU.sparse.realsize') ?? pax.text('GNU.sparse.size'))
  if (pax.text('GNU.sparse.major') === '1' && pax.text('GNU.sparse.minor') === '0') {
    return size === null ? null : { fragments: 'embedded', size }
  }
  const list = pax.text('GNU.sparse.map')?.split(',') ?? pairsOf(pax)
  if (list.length === 0 && size === null) return undefined
  const fragments = pair(list)
  return size === null || fragments === null ? null : { fragments, size }
}

/** Version 0.0 has a record for each offset and each length. */
function pairsOf(pax: PaxRecords): string[] {
  return pax.all
    .filter(({ key }) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
    .map(({ from, to }) => pax.bytes.toString('latin1', from, to))
}

/** Whether the fragments lie in the file one behind the other. */
export function isOrdered(fragments: readonly Fragment[], size: number): boolean {
  let end = 0
  for (const { offset, length } of fragments) {
    if (offset < end || offset + length > size) return false
    end = offset + length
  }
  return true
}

/** Offsets and lengths in turn. */
export function pair(list: readonly string[]): Fragment[] | null {
  const fragments: Fragment[] = []
  for (let i = 0; i < list.length; i += 2) {
    const offset = decimal(list[i])
    const length = decimal(list[i + 1])
    if (offset === null || length === null) return null
    fragments.push({ offset, length })
  }
  return fragments
}
