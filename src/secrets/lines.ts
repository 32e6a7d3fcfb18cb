/** Values of several lines, such as keys: programs change how their lines end, join them, or keep only some. */
import type { Form } from '../evidence.js'
import { isPlain } from './plain.js'

/** Shortest line, in bytes, that is searched for by itself. */
const SHORTEST_LINE = 20
/** A key of 16 KiB has fewer. */
const MOST_LINES = 256

/** The forms of a value of several lines, one character a byte; none when it has only one line or is no text. */
export function lineForms(value: string): [Form, string[]][] {
  const lines = value.split(/\r?\n/)
  if (lines.length === 1 || value.includes('\0')) return []
  const telling = lines
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !isPlain(Buffer.from(line, 'latin1')))
  return [
    // The second: a text in JSON that is itself a text in JSON, as logs are.
    ['escaped-newlines', [lines.join('\\n'), lines.join('\\\\n'), lines.join('\\r\\n')]],
    // And the other way round, where the value itself has CRLF.
    ['crlf', [lines.join('\r\n'), lines.join('\n')]],
    ['joined', [lines.join(''), lines.join(' ')]],
    ['line', telling.slice(0, MOST_LINES)]
  ]
}
