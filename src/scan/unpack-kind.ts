/** Tells archives by their first bytes. */
import { BLOCK, isHeaderBlock } from './tar-fields.js'

export type ArchiveKind = 'gzip' | 'zstd' | 'zip' | 'tar'

/** RFC 1952, 2.3.1: magic, and deflate, the only method there is. */
const GZIP = [0x1f, 0x8b, 8]
/** RFC 8878, 3.1.1. A skippable frame (3.1.2) may come first: its magic is any of 0x184D2A50 to 0x184D2A5F. */
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd]
const ZSTD_SKIPPABLE = [0x2a, 0x4d, 0x18]
/** PKWARE APPNOTE, 4.3.7 and 4.3.16: a local header, or the end of the directory of an empty file. */
const ZIP = [0x50, 0x4b, 3, 4]
const EMPTY_ZIP = [0x50, 0x4b, 5, 6]
const HASH = 0x23
const USTAR = [0x75, 0x73, 0x74, 0x61, 0x72]
const USTAR_AT = 257

function has(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[at + i] === byte)
}

/** The first line of a script may precede a zip file: Python runs such a one (zipapp). */
function isZipApp(head: Uint8Array, length: number): boolean {
  if (head[1] !== 0x21) return false
  const newline = head.indexOf(0x0a)
  return newline !== -1 && newline + ZIP.length < length && has(head, newline + 1, ZIP)
}

/** Whether `head` starts with a header of the ustar family, PAX and GNU too, whose checksum is right. */
export function isUstar(head: Uint8Array, length: number): boolean {
  return length >= BLOCK && head[USTAR_AT] === USTAR[0] && has(head, USTAR_AT, USTAR) && isHeaderBlock(head, 0)
}

/**
 * What kind of archive an item is, by the first `length` bytes of `head`: the item's first 512 or more, or all of it.
 * null: none that is known. A tar comes first: the name of its first entry may look like any of the others.
 */
export function archiveKind(head: Uint8Array, length: number): ArchiveKind | null {
  if (isUstar(head, length)) return 'tar'
  if (length < 4) return null
  const first = head[0] as number
  if (first === GZIP[0]) return has(head, 0, GZIP) ? 'gzip' : null
  if (first === ZSTD[0]) return has(head, 0, ZSTD) ? 'zstd' : null
  if (first >> 4 === 5 && has(head, 1, ZSTD_SKIPPABLE)) return 'zstd'
  if (first === ZIP[0]) return has(head, 0, ZIP) || has(head, 0, EMPTY_ZIP) ? 'zip' : null
  return first === HASH && isZipApp(head, length) ? 'zip' : null
}
