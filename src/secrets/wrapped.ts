/**
 * Base64 and hex, which programs break into lines: 76 columns (`base64`, MIME), 64 (PEM), 60 (`xxd -p`). Where a value
 * begins in a longer text decides where in it the breaks fall, so its whole encoding may occur nowhere. Two neighbouring
 * pieces of at most 24 characters stand for it then: a break of lines of 48 columns or more can fall into only one.
 */
import { looksRandom, mostTelling } from './stretch.js'

const PIECES = 48
/** A piece of fewer bytes would be found by chance. */
const LEAST_PIECE = 9

/**
 * The part of a value to encode in two pieces, `width` bytes of it or all if it has fewer; null when the value is too
 * short or too much like words to be told from a piece of it. Its whole encoding is searched for then.
 */
function tellingStretch(value: Buffer, most: number): Buffer | null {
  const width = Math.min(most, value.length)
  if (width < 2 * LEAST_PIECE) return null
  const start = mostTelling(value, width)
  const stretch = value.subarray(start, start + width)
  const middle = width >>> 1
  return looksRandom(stretch.subarray(0, middle)) && looksRandom(stretch.subarray(middle)) ? stretch : null
}

function halves(text: string): string[] {
  const both = text.slice(0, PIECES)
  const middle = both.length >>> 1
  return [both.slice(0, middle), both.slice(middle)]
}

/** The characters of base64 that `value` alone decides when `before` bytes (0, 1 or 2) come in front of it. */
function stableBase64(value: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(before), value]).toString(encoding)
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + value.length) * 8) / 6))
}

/** 37 bytes fill 48 characters in any alignment. */
const BASE64_BYTES = 37

/**
 * Base64 texts to search for: at the three alignments, of the characters that neighbours and padding do not change. So
 * they are also in the base64 of value and newline.
 */
export function base64Pieces(value: Buffer, encoding: 'base64' | 'base64url'): string[] {
  const stretch = tellingStretch(value, BASE64_BYTES)
  return [0, 1, 2].flatMap((before) =>
    stretch === null ? [stableBase64(value, before, encoding)] : halves(stableBase64(stretch, before, encoding))
  )
}

/** Hex texts to search for, in small and in capital digits. */
export function hexPieces(value: Buffer): string[] {
  const stretch = tellingStretch(value, PIECES / 2)
  const small = stretch === null ? [value.toString('hex')] : halves(stretch.toString('hex'))
  return [...small, ...small.map((text) => text.toUpperCase())]
}
