/** The forms in which a value is searched for: what programs, shells and file formats make of it. */
import { isUtf8 } from 'node:buffer'
import type { Form } from '../evidence.js'
import { jsonTexts, percentTexts, shellTexts } from './escapes.js'
import { lineForms } from './lines.js'
import { mostTelling } from './stretch.js'
import { base64Texts, brokenBase64Texts, hexTexts } from './wrapped.js'

/** A value or form of fewer bytes would be found by chance. */
export const SHORTEST_FORM = 8
/** A longer value is searched for by pieces: one needle of it would have to be kept whole at each edge of a chunk. */
export const LONGEST_RAW = 64 * 1024
const PIECE = 4096
/** A piece of fewer different bytes (zeros, blanks) is in any file. */
const FEWEST_BYTES = 8
/** Of a longer value the most telling 1 KiB is encoded: enough to know it by, and no needle gets long. */
const LONGEST_ENCODED = 1024

export interface FormOf {
  form: Form
  bytes: Buffer
}

/** The value without one newline at its end: files have it, the secret in them has not. */
export function withoutNewline(value: Buffer): Buffer {
  if (value.at(-1) !== 0x0a) return value
  return value.subarray(0, value.at(-2) === 0x0d ? -2 : -1)
}

/** The value itself, or the most telling piece of its head, middle and tail. Any of them tells that it is there. */
function rawPieces(value: Buffer): Buffer[] {
  if (value.length <= LONGEST_RAW) return [value]
  const third = Math.ceil(value.length / 3)
  return [0, 1, 2]
    .map((part) => value.subarray(part * third, (part + 1) * third))
    .map((part) => {
      const start = mostTelling(part, PIECE)
      return part.subarray(start, start + PIECE)
    })
    .filter((piece) => new Set(piece).size >= FEWEST_BYTES)
}

/** Whether a value is long and telling enough to be searched for. */
export function isSearchable(value: Buffer): boolean {
  const whole = withoutNewline(value)
  return whole.length >= SHORTEST_FORM && rawPieces(whole).length > 0
}

/** The value, or the 1 KiB of it that stands for it, cut between characters when it is UTF-8. */
function encodedPart(value: Buffer): Buffer {
  if (value.length <= LONGEST_ENCODED) return value
  let start = mostTelling(value, LONGEST_ENCODED)
  let end = start + LONGEST_ENCODED
  if (isUtf8(value)) {
    const continues = (index: number): boolean => ((value[index] ?? 0) & 0xc0) === 0x80
    while (continues(start)) start++
    while (continues(end)) end--
  }
  return value.subarray(start, end)
}

/** UTF-16, little-endian first. What is not UTF-8 is read as Latin-1, each byte a character. */
function utf16(value: Buffer): [Buffer, Buffer] {
  const little = Buffer.from(value.toString(isUtf8(value) ? 'utf8' : 'latin1'), 'utf16le')
  return [little, Buffer.from(little).swap16()]
}

/**
 * All forms of a value to search for, raw first, each once and of at least {@link SHORTEST_FORM} bytes; none at all when
 * the value itself is shorter. One newline at its end is not part of it. Of a word some 40 needles, of a long value some
 * 170, and up to 256 lines.
 *
 * - raw: to 64 KiB whole; of a longer value three pieces of 4 KiB (those of few different bytes left out)
 * - base64 and base64url: at each alignment, what neighbours do not change; hex: in both cases; base64 and small hex also
 *   broken into lines (wrapped.ts)
 * - percent, json, shell: as each kind of writer does it; only those that differ
 * - utf-16le, utf-16be: without byte order mark
 * - of several lines also: line ends escaped, as CRLF, left out, and each telling line of 20 bytes or more by itself
 *
 * Of a value over 1 KiB that much is encoded, its most telling part. Lines and joined lines are not encoded in turn.
 */
export function formsOf(value: Buffer): FormOf[] {
  const whole = withoutNewline(value)
  if (whole.length < SHORTEST_FORM) return []
  const forms = new Map<string, FormOf>()
  const add = (form: Form, all: readonly (string | Buffer)[]): void => {
    for (const each of all) {
      const bytes = typeof each === 'string' ? Buffer.from(each, 'latin1') : each
      const key = bytes.toString('latin1')
      if (bytes.length >= SHORTEST_FORM && !forms.has(key)) forms.set(key, { form, bytes })
    }
  }
  add('raw', rawPieces(whole))
  if (whole.length <= LONGEST_RAW) {
    for (const [form, texts] of lineForms(whole.toString('latin1'))) add(form, texts)
  }
  addEncodings(encodedPart(whole), add)
  return [...forms.values()]
}

function addEncodings(value: Buffer, add: (form: Form, all: readonly (string | Buffer)[]) => void): void {
  const text = value.toString('latin1')
  const [little, big] = utf16(value)
  add('base64', [...base64Texts(value, 'base64'), ...brokenBase64Texts(value)])
  add('base64url', base64Texts(value, 'base64url'))
  add('hex', hexTexts(value))
  add('percent', percentTexts(text))
  add('json', jsonTexts(text))
  add('shell', shellTexts(text))
  add('utf-16le', [little])
  add('utf-16be', [big])
}
