/** Pure: on which line of a file a secret stands. */
import type { Matcher } from '../scan/matcher.js'

const LINE_FEED = 0x0a
/** As git decides: a NUL byte in the first 8000 makes a file binary, and its lines mean nothing. */
const BINARY_HEAD = 8000

/** Returns the 1-based line of the first occurrence of each secret, in any form; line 1 for a binary file. */
export function firstLines(bytes: Uint8Array, matcher: Matcher): Map<number, number> {
  const starts = new Map<number, number>()
  matcher.search(bytes, 0, bytes.length, ({ secret }, start) => {
    const known = starts.get(secret)
    if (known === undefined || start < known) starts.set(secret, start)
  })
  const binary = bytes.subarray(0, BINARY_HEAD).includes(0)
  return new Map([...starts].map(([secret, start]) => [secret, binary ? 1 : lineOf(bytes, start)]))
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(LINE_FEED); at !== -1 && at < offset; at = bytes.indexOf(LINE_FEED, at + 1)) line += 1
  return line
}
