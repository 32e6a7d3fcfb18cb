import type { Form } from '../../src/evidence.js'
import { ItemSearch } from '../../src/scan/item-search.js'
import { Matcher } from '../../src/scan/matcher.js'
import { needlesFor } from '../../src/secrets/needles.js'

/** The forms in which a text holds a value, by the search as it is used. */
export function formsIn(text: Uint8Array, value: string | Uint8Array): Form[] {
  const needles = needlesFor([{ secret: 0, value: Buffer.from(value as string) }])
  const search = new ItemSearch(new Matcher(needles))
  search.begin()
  search.push(text)
  return search.end().map((match) => match.form)
}

/** Breaks a text into lines of so many characters, as `base64` and `xxd -p` do. */
export const wrap = (text: string, columns: number, newline = '\n'): string =>
  text.replace(new RegExp(`.{${columns}}(?=.)`, 'gs'), `$&${newline}`)

/** What looks like a key in PEM: 25 lines of 64 random-looking characters. The same each time. */
export function pem(newline = '\n'): string {
  let state = 7
  const next = (): number => (state = (state * 16807) % 2147483647)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const line = (): string => Array.from({ length: 64 }, () => letters.charAt(next() % 64)).join('')
  const border = (word: string): string => `-----${word} PRIVATE ` + 'KEY-----'
  return [border('BEGIN'), ...Array.from({ length: 25 }, line), border('END'), ''].join(newline)
}
