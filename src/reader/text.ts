/** Foreign bytes as text. Inside the reader paths are latin1, one character a byte; outside they are text. */
import { readFileSync } from 'node:fs'
import type { Matcher } from '../scan/matcher.js'
import { redact } from '../scan/redact.js'

/** A latin1 path as text: UTF-8 where it is, else its odd bytes as `\xNN`. Not escaped otherwise: that is the renderer's. */
export function shown(path: string): string {
  const text = Buffer.from(path, 'latin1').toString('utf8')
  if (!text.includes('\ufffd')) return text
  return path.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}

/** The same with `[secret]` in place of what is searched for: found in the bytes, before any of them is rewritten. */
export function shownClean(path: string, matcher: Matcher): string {
  const text = shown(path)
  const clean = redact(path, matcher)
  return clean === path ? redact(text, matcher) : shown(clean)
}

/** Reads a small file of /proc or /sys as latin1; null when there is none or it may not be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Gone with its process, or not of this kernel: the caller's null says that it could not be read.
    return null
  }
}
