/**
 * Tells text that anybody could have written from text that is worth searching for. It errs towards plain: this decides
 * only on *parts* of a file or value, and the whole is searched for in any case.
 */
import { isUtf8 } from 'node:buffer'

/** Shortest part that counts, in bytes: a shorter one would be found by chance. */
export const SHORTEST_PART = 8
/** Least Shannon information of a part, in bits, by its own letter counts: eight different bytes have 24. */
const LEAST_BITS = 20

/** Longer texts are none of {@link COMMON}. */
const LONGEST_COMMON = 64

const COMMON: readonly RegExp[] = [
  /^[+-]?\d{1,13}(\.\d*)?(e[+-]?\d+)?$/i, // numbers; seconds and milliseconds since 1970
  /^0x0*[0-9a-f]{1,8}$/i, // addresses
  /^v?\d+(\.\d+){1,3}([-+~.]?[a-z]{1,8}\d{0,8}|[-+~.]\d{1,8}){0,4}$/i, // versions
  /^\d{1,3}(\.\d{1,3}){3}(:\d{1,5}|\/\d{1,2})?$/, // IPv4
  /^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(\/\d{1,3})?$/i, // IPv6, MAC addresses, clock times
  /^\d{4}[-/.]\d\d?[-/.]\d\d?([T ]\d\d?:\d\d(:\d\d([.,]\d+)?)?)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i,
  /^([a-z]{3,9}[, ]+)?(\d{1,2}[ ,]+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ,.]+[\d:., +-]{1,30}[A-Z]{0,3}( \d{4})?$/i,
  /^-----(BEGIN|END) [A-Z0-9 ]+-----$/
]

/** Shannon information in bits, by how often each byte occurs in `bytes` themselves. */
function information(bytes: Uint8Array): number {
  const counts = new Map<number, number>()
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= count * Math.log2(count / bytes.length)
  return bits
}

const isNumber = (token: string): boolean => /^\d{1,5}$/.test(token)

/** A word as dictionaries and programs have them: in one case or capitalised, with vowels, a short number behind. */
function isWord(token: string): boolean {
  const word = /^(\p{Ll}+|\p{Lu}\p{Ll}*|\p{Lu}+|\p{Lo}+)\d{0,3}$/u.exec(token)?.[1]
  if (word === undefined || word.length > 24) return false
  return /[^a-z]/i.test(word) || !/[^aeiouy]{6}/i.test(word)
}

/** A part of a compound like `camelCase`: what random letters split into is shorter, or cannot be said. */
const isHump = (hump: string): boolean => hump.length < 3 || /[aeiouy]/i.test(hump) || /^[A-Z]+\d*$/.test(hump)

/** Splits `camelCase` and `HTTPServer` at their humps; leaves mixed letters that are none of these as they are. */
function splitHumps(token: string): string[] {
  const humps = token.split(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})/u)
  return token.length >= 3 * humps.length && humps.every(isHump) ? humps : [token]
}

/**
 * Words and short numbers. Numbers alone are more than that when they have many digits: of a card, an account, a phone.
 * In a sentence a few other tokens do no harm, if each is too short for a secret.
 */
function isWords(text: string): boolean {
  const tokens = text.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== '')
  const others = tokens.filter((token) => !isNumber(token) && !splitHumps(token).every(isWord))
  const words = tokens.filter((token) => !isNumber(token)).length - others.length
  if (others.length > 0) {
    return text.includes(' ') && words >= 3 * others.length && others.every((token) => token.length < SHORTEST_PART)
  }
  return words > 0 || tokens.join('').length < 9 || tokens.every((token) => token.length < 3)
}

/** A URL with a user name or password in it. */
const CREDENTIALS = /^[a-z][a-z0-9+.-]*:\/\/[^/\s@]*@/i

function isPlainText(text: string): boolean {
  if (CREDENTIALS.test(text)) return false
  if (text.length <= LONGEST_COMMON && COMMON.some((pattern) => pattern.test(text))) return true
  return isWords(text)
}

/**
 * Whether a part is left out of the search: shorter than {@link SHORTEST_PART}, of little information, or made of what
 * is common everywhere: words, paths, host names, URLs without credentials, numbers, dates, versions, PEM borders.
 */
export function isPlain(part: Buffer): boolean {
  if (part.length < SHORTEST_PART || information(part) < LEAST_BITS) return true
  return isUtf8(part) && isPlainText(part.toString('utf8').trim())
}
