/** Percent, JSON and shell: writings that keep most characters as they are. All work on bytes, so any value will do. */
import { isUtf8 } from 'node:buffer'

/** One character a byte, so that bytes that are not UTF-8 pass through unchanged. */
type Latin1 = string

const hexOf = (character: Latin1): string => character.charCodeAt(0).toString(16).padStart(2, '0')

/** What writers of URLs leave as it is, apart from letters and digits. */
const UNESCAPED = [
  /[A-Za-z0-9_.!~*'()-]/, // encodeURIComponent
  /[A-Za-z0-9_.~-]/, // RFC 3986
  /[A-Za-z0-9_.~/-]/, // Python's urllib.parse.quote
  /[A-Za-z0-9_.!~*'();/?:@&=+$,#-]/ // encodeURI
]
/** The same, where a blank is `+`: application/x-www-form-urlencoded (WHATWG URL), and Python's quote_plus. */
const UNESCAPED_IN_FORMS = [/[A-Za-z0-9_.* -]/, /[A-Za-z0-9_.~ -]/]

/** Percent-encoded texts: as each writer does it and with every byte encoded, in capital and small hex digits. */
export function percentTexts(value: Latin1): Latin1[] {
  const encode = (keep: RegExp | null, upper: boolean): Latin1 =>
    Array.from(value, (character) => {
      if (keep?.test(character) === true) return character
      return `%${upper ? hexOf(character).toUpperCase() : hexOf(character)}`
    }).join('')
  return [true, false].flatMap((upper) => [
    ...UNESCAPED.map((keep) => encode(keep, upper)),
    ...UNESCAPED_IN_FORMS.map((keep) => encode(keep, upper).replaceAll(' ', '+')),
    encode(null, upper)
  ])
}

const JSON_SHORT: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r'
}

const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** What every writer of JSON has to escape. */
function jsonText(value: Latin1): Latin1 {
  return Array.from(value, (character) => {
    if (character in JSON_SHORT) return JSON_SHORT[character] as string
    return character < ' ' ? unicodeEscape(character) : character
  }).join('')
}

/** `text`, JSON in latin1, with `\uXXXX` for each UTF-16 unit beyond `~`; unchanged when it is not UTF-8. */
function asciiOnly(text: Latin1, upper: boolean): Latin1 {
  const bytes = Buffer.from(text, 'latin1')
  if (!isUtf8(bytes)) return text
  const escape = (unit: string): string => {
    const escaped = unicodeEscape(unit)
    return upper ? `\\u${escaped.slice(2).toUpperCase()}` : escaped
  }
  return bytes.toString('utf8').replace(/[^\0-~]/g, escape)
}

/** JSON-escaped texts, without the quotes, as JSON.stringify, PHP (`\/`), Python and Java (ASCII only) and Go write. */
export function jsonTexts(value: Latin1): Latin1[] {
  const plain = jsonText(value)
  const slashed = plain.replaceAll('/', '\\/')
  return [
    plain,
    slashed,
    asciiOnly(plain, false),
    asciiOnly(plain, true),
    asciiOnly(slashed, false),
    // encoding/json escapes these for HTML; docker's own JSON is written by it.
    plain.replace(/[<>&]/g, unicodeEscape)
  ]
}

type Escapes = Record<string, string>

const C: Escapes = { "'": "\\'", '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const ANSI_C: Escapes = { ...C, '\x07': '\\a', '\b': '\\b', '\v': '\\v', '\f': '\\f', '\x1b': '\\E' }

const octal = (character: Latin1): string => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
const hex = (character: Latin1): string => `\\x${hexOf(character)}`

/** The inside of a quoted text: a letter for what has one, a number for what else is not printable. */
function quoted(value: Latin1, letters: Escapes, number: (character: Latin1) => string): Latin1[] {
  const write = (printable: RegExp): Latin1 =>
    Array.from(value, (character) => {
      const letter = letters[character]
      if (letter !== undefined) return letter
      return printable.test(character) ? character : number(character)
    }).join('')
  return [write(/[ -~\x80-\xff]/), write(/[ -~]/)]
}

/**
 * Shell-quoted texts, without the outer quotes: single quotes (two ways), double quotes, backslashes, `$'…'` as bash
 * writes it and as the `repr` of Python does.
 */
export function shellTexts(value: Latin1): Latin1[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", `'"'"'`), // Python's shlex.quote
    value.replace(/[$`"\\]/g, '\\$&'),
    value.replace(/[ !"$&'()*,;<>?[\\\]^`{|}]/g, '\\$&'), // bash's printf %q
    ...quoted(value, ANSI_C, octal),
    ...quoted(value, C, hex)
  ]
}
