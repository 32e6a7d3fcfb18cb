/** Reads the fields of a tar header block (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar's tar.h). */

/** Everything in a tar archive comes in blocks of this many bytes. */
export const BLOCK = 512

const CHECKSUM_AT = 148
const CHECKSUM_LENGTH = 8
const SPACE = 0x20

/** Whether the block that starts at `at` holds nothing but zeros. */
export function isZeroBlock(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) if (bytes[i] !== 0) return false
  return true
}

/**
 * Whether the block that starts at `at` is a header: its checksum is right. Some old writers added the bytes up as
 * signed ones, which every reader takes as well (GNU tar's `tar_checksum`, Go's `archive/tar`).
 */
export function isHeaderBlock(bytes: Uint8Array, at: number): boolean {
  const expected = octal(bytes, at + CHECKSUM_AT, CHECKSUM_LENGTH)
  if (expected === null) return false
  let sum = CHECKSUM_LENGTH * SPACE
  for (let i = at; i < at + CHECKSUM_AT; i++) sum += bytes[i] as number
  for (let i = at + CHECKSUM_AT + CHECKSUM_LENGTH; i < at + BLOCK; i++) sum += bytes[i] as number
  return sum === expected || signedSum(bytes, at) === expected
}

function signedSum(bytes: Uint8Array, at: number): number {
  let sum = CHECKSUM_LENGTH * SPACE
  for (let i = 0; i < BLOCK; i++) {
    if (i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH) continue
    sum += ((bytes[at + i] as number) << 24) >> 24
  }
  return sum
}

const isFiller = (byte: number | undefined): boolean => byte === SPACE || byte === 0

/** An octal number between blanks and NULs; 0 when the field is empty; null when it is not a number. */
export function octal(bytes: Uint8Array, from: number, length: number): number | null {
  let to = from + length
  while (from < to && isFiller(bytes[from])) from++
  while (to > from && isFiller(bytes[to - 1])) to--
  let value = 0
  for (; from < to; from++) {
    const digit = (bytes[from] as number) - 0x30
    if (digit < 0 || digit > 7) return null
    value = value * 8 + digit
  }
  return value
}

/** An octal number, or one in base 256 as GNU tar and star write large ones; null when negative or above 2^53. */
export function number(bytes: Uint8Array, from: number, length: number): number | null {
  const first = bytes[from] as number
  if ((first & 0x80) === 0) return octal(bytes, from, length)
  if ((first & 0x40) !== 0) return null
  let value = first & 0x3f
  for (let i = from + 1; i < from + length; i++) {
    value = value * 256 + (bytes[i] as number)
    if (value > Number.MAX_SAFE_INTEGER) return null
  }
  return value
}

/** A decimal number of at most 15 digits as PAX records hold it; null when it is anything else. */
export function decimal(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Where the NUL-terminated text that starts at `from` ends, `from + length` at the most. */
export function textEnd(bytes: Uint8Array, from: number, length: number): number {
  let to = from
  while (to < from + length && bytes[to] !== 0) to++
  return to
}
