/** Makes foreign text fit to be shown: without secrets ({@link redact}), then without control ({@link escapeForeign}). */
import type { Matcher } from './matcher.js'

const MASK = '[secret]'

interface Range {
  from: number
  to: number
}

/** The ranges of `bytes` that match, merged where they touch, in order. */
function matchedRanges(bytes: Uint8Array, matcher: Matcher): Range[] {
  const found: Range[] = []
  matcher.search(bytes, 0, bytes.length, (needle, from) => found.push({ from, to: from + needle.bytes.length }))
  found.sort((a, b) => a.from - b.from)
  const merged: Range[] = []
  for (const range of found) {
    const last = merged.at(-1)
    if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else merged.push(range)
  }
  return merged
}

function redactAs(text: string, encoding: 'utf8' | 'latin1', matcher: Matcher): string {
  const bytes = Buffer.from(text, encoding)
  const ranges = matchedRanges(bytes, matcher)
  if (ranges.length === 0) return text
  let from = 0
  const kept = ranges.map((range) => {
    const before = bytes.toString(encoding, from, range.from)
    from = range.to
    return before + MASK
  })
  return kept.join('') + bytes.toString(encoding, from)
}

/**
 * `text` with every match replaced by `[secret]`, however long the match. The text is searched as UTF-8 and, where each
 * of its characters stands for one byte, as those bytes. Redact before escaping: an escaped secret is not found.
 */
export function redact(text: string, matcher: Matcher): string {
  const bytewise = Buffer.from(text, 'latin1').toString('latin1') === text
  return redactAs(bytewise ? redactAs(text, 'latin1', matcher) : text, 'utf8', matcher)
}

const MOST_CHARACTERS = 200

function escapeCharacter(character: string): string {
  if (/^[ -~]$/.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const digits = code.toString(16)
  return code <= 0xff ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`
}

/**
 * `text` in printable ASCII, on one line; any other character as `\xNN` or `\u{…}`; at most `max` characters, the last
 * of them `…` where it was cut. No part of it can be read as a workflow command: the runner looks for `##[` anywhere in
 * a line and for `::` after leading blanks, and ends lines at a lone `\r` too (actions/runner,
 * src/Runner.Common/ActionCommand.cs and src/Runner.Sdk/ProcessInvoker.cs). Not HTML- or Markdown-escaped: that is the
 * renderer's.
 */
export function escapeForeign(text: string, max = MOST_CHARACTERS): string {
  const harmless = text
    .slice(0, max + 1)
    .replace(/^(\s*):/, '$1\\x3a')
    .replaceAll('#[', '#\\[')
  let escaped = ''
  let fits = ''
  for (const character of harmless) {
    escaped += escapeCharacter(character)
    if (escaped.length < max) fits = escaped
    if (escaped.length > max) return `${fits}…`
  }
  return escaped
}
