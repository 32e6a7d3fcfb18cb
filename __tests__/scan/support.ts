import type { Matcher } from '../../src/scan/matcher.js'
import type { Needle } from '../../src/scan/types.js'

export interface Occurrence {
  secret: number
  start: number
  length: number
}

/** A raw needle of a text or of bytes. */
export function needle(secret: number, value: string | Uint8Array): Needle {
  return { secret, form: 'raw', bytes: Buffer.from(value as string) }
}

const inOrder = (all: Occurrence[]): Occurrence[] =>
  all.sort((a, b) => a.start - b.start || a.secret - b.secret || a.length - b.length)

/** Every occurrence of every needle, by comparing at every index. */
export function naive(needles: readonly Needle[], text: Uint8Array): Occurrence[] {
  const all: Occurrence[] = []
  for (const { secret, bytes } of needles) {
    for (let start = 0; start + bytes.length <= text.length; start++) {
      if (bytes.every((byte, i) => text[start + i] === byte)) all.push({ secret, start, length: bytes.length })
    }
  }
  return inOrder(all)
}

/** Every occurrence that the matcher reports. */
export function found(matcher: Matcher, text: Uint8Array, from = 0, to = text.length): Occurrence[] {
  const all: Occurrence[] = []
  matcher.search(text, from, to, ({ secret, bytes }, start) => all.push({ secret, start, length: bytes.length }))
  return inOrder(all)
}
