/**
 * Base64 and hex, which programs break into lines. Where a value begins in a longer text decides where in it the breaks
 * fall, so it is searched for in one piece and with the breaks at every place where they can be.
 */
import { mostTelling } from './stretch.js'

/** Of a longer value this much is searched for in broken lines. */
const MOST_BROKEN = 256
/** Columns of PEM, and of `base64` and MIME. Both are whole groups of four characters: breaks fall between groups. */
const BASE64_COLUMNS = [64, 76]
const GROUP = 4
/** Columns of `xxd -p`. */
const HEX_COLUMNS = 60
const PAIR = 2

/** `text` with a newline before `first` and then after each `columns` characters. */
function breakAt(text: string, first: number, columns: number): string {
  const lines = [text.slice(0, first)]
  for (let from = first; from < text.length; from += columns) lines.push(text.slice(from, from + columns))
  return lines.join('\n')
}

interface Breaks {
  /** Where in a group the text begins. */
  start: number
  group: number
  columns: number
}

/** `text` with its breaks at each place where lines of so many columns can have them. */
function broken(text: string, { start, group, columns }: Breaks): string[] {
  const texts: string[] = []
  const last = Math.min(columns, text.length - 1)
  for (let first = group - start; first <= last; first += group) texts.push(breakAt(text, first, columns))
  return texts
}

function mostTellingPart(value: Buffer): Buffer {
  if (value.length <= MOST_BROKEN) return value
  const start = mostTelling(value, MOST_BROKEN)
  return value.subarray(start, start + MOST_BROKEN)
}

/** The characters of base64 that `value` alone decides when `before` bytes (0, 1 or 2) come in front of it. */
function stableBase64(value: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(before), value]).toString(encoding)
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + value.length) * 8) / 6))
}

const ALIGNMENTS = [0, 1, 2]

/**
 * The value in base64 at its three alignments: of the characters that its neighbours and padding do not change. So they
 * are also in the base64 of value and newline.
 */
export function base64Texts(value: Buffer, encoding: 'base64' | 'base64url'): string[] {
  return ALIGNMENTS.map((before) => stableBase64(value, before, encoding))
}

/** The value in base64 in lines of 64 or 76 columns, wherever in a line it begins. */
export function brokenBase64Texts(value: Buffer): string[] {
  const part = mostTellingPart(value)
  return ALIGNMENTS.flatMap((before) => {
    const text = stableBase64(part, before, 'base64')
    const start = Math.ceil((before * 8) / 6)
    return BASE64_COLUMNS.flatMap((columns) => broken(text, { start, group: GROUP, columns }))
  })
}

/** The value in hex: small and capital digits, and in lines as `xxd -p` writes it. */
export function hexTexts(value: Buffer): string[] {
  const text = value.toString('hex')
  const part = mostTellingPart(value).toString('hex')
  return [text, text.toUpperCase(), ...broken(part, { start: 0, group: PAIR, columns: HEX_COLUMNS })]
}
