/** Pure: text that is not ours, made harmless for where it is shown. */

const CUT = '…'
/** What can turn round, hide or split what is shown: controls, formats (bidi, zero width), unassigned; blanks but U+0020. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

function escapeCode(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/**
 * One line without control characters, at most `max` UTF-16 units, `…` at its end where it was cut. No part can be read
 * as a workflow command: those start with `::` after blanks, or with `##[` anywhere (actions/runner,
 * src/Runner.Common/ActionCommand.cs). What is harmless stays as it is, also what was escaped before.
 */
export function oneLine(text: string, max = 200): string {
  const shown = text
    .slice(0, max + 1)
    .replace(UNSEEN, escapeCode)
    .replace(/^(\s*):(?=:)/, '$1\\x3a')
    .replaceAll('#[', '#\\[')
  return shown.length > max ? `${shown.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}${CUT}` : shown
}

/** Several lines, each as by {@link oneLine}; at most `max` characters in all. */
export function severalLines(text: string, max: number): string[] {
  const lines: string[] = []
  let left = max
  for (const line of text.slice(0, max + 1).split(/\r\n|[\r\n]/)) {
    if (left <= 0) return [...lines, CUT]
    const shown = oneLine(line.replaceAll('\t', '  '), left)
    lines.push(shown)
    left -= shown.length + 1
  }
  return lines
}

/**
 * A Markdown code span, also good in a cell of a table. Inside a span nothing is read as Markdown or HTML; the characters
 * that could end the span or the cell, or open a tag for a lesser reader, are written as `\xNN`.
 */
export function code(text: string, max = 200): string {
  const inner = oneLine(text, max).replace(/[`|<]/g, escapeCode)
  if (inner.trim() === '') return inner === '' ? '(empty)' : '(blank)'
  // A blank at each end would be stripped by the reader (CommonMark 0.31, 6.1).
  return `\`${inner}\``
}

/** Everything that Markdown or HTML gives a meaning inside a line. */
const MEANINGFUL = /[&<>"'`|[\]*~@\\^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=\/\/)|(?<=\bwww)\.|#(?=\d)|\$/gi

function entities(text: string): string {
  return text.replace(MEANINGFUL, (character) => {
    const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[character]
    return named ?? `&#${character.codePointAt(0) ?? 0};`
  })
}

/** Marks that make a heading, list or rule at the beginning of a line. */
function notABlock(text: string): string {
  return text
    .trimStart()
    .replace(/^[#+=-]/, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => `${digits}&#${mark.charCodeAt(0)};`)
}

/**
 * A sentence for Markdown, also good in a cell of a table: everything with a meaning to Markdown or HTML is written as an
 * entity. Text between backticks becomes code spans, if they come in pairs.
 */
export function prose(text: string, max = 2000): string {
  const parts = oneLine(text, max).split('`')
  if (parts.length % 2 === 0) return notABlock(entities(parts.join('`')))
  const shown = parts.map((part, index) => {
    if (index % 2 === 0) return entities(part)
    return part.trim() === '' ? entities(`\`${part}\``) : code(part, max)
  })
  return notABlock(shown.join(''))
}

/** A fenced block that no line of the text can end. */
export function block(text: string, indent = ''): string {
  const lines = severalLines(text.trimEnd(), 4000)
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? [])
  const longest = Math.max(2, ...runs.map((each) => each.length))
  const fence = '`'.repeat(longest + 1)
  return [fence + languageOf(text), ...lines, fence].map((line) => `${indent}${line}`.trimEnd()).join('\n')
}

/** The language, for colours: by the first line. */
function languageOf(text: string): string {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? ''
  if (/^\s*(FROM|RUN|COPY|ADD|ENV|ARG|USER|CMD|VOLUME|LABEL|WORKDIR|ENTRYPOINT|HEALTHCHECK)\b/.test(first))
    return 'dockerfile'
  if (/^\s*(- )?[\w-]+:(\s|$)/.test(first)) return 'yaml'
  return /^\s*(?:docker|npx|npm)\b|^\s*[\w./-]*script\//.test(first) ? 'sh' : ''
}

/**
 * A path of the repository that may be named in an annotation or a link: relative, inside, without anything unseen or a
 * workflow command. null for any other.
 */
export function repositoryPath(file: string): string | null {
  const odd = file === '' || file.startsWith('/') || file.length > 1000 || file.split('/').includes('..')
  return odd || oneLine(file, 1000) !== file ? null : file
}
