/** The `ignore` input: `RULE [GLOB] [until=YYYY-MM-DD] # reason` a line. */
import type { IgnoreEntry } from '../evidence.js'
import { printable, type Field } from './problems.js'
import { INPUT_RULES, RULE_NAMES } from './rule-names.js'
import { trimmedLines, type Parser } from './scalar.js'
import { nearest } from './suggest.js'

/** PATH_MAX; picomatch refuses some longer ones by throwing. */
const LONGEST_GLOB = 4096

const KNOWN: readonly string[] = [...RULE_NAMES, ...INPUT_RULES]

/** The good entries, whatever their date: {@link isPast} is judged where the day is known. */
export const parseIgnore: Parser<IgnoreEntry[]> = (text, field) => {
  return trimmedLines(text)
    .map((line) => parseEntry(line, field))
    .filter((entry) => entry !== null)
}

function parseEntry(line: string, field: Field): IgnoreEntry | null {
  const refuse = (message: string, rule = 'mount-mode'): null =>
    field.problem(message, { received: line, yaml: `ignore: |\n  ${rule} until=2030-01-31 # why it is no danger here` })
  const [, head = '', reason = ''] = /^(.*?)(?:(?:^|\s)#\s*(.*))?$/.exec(line) ?? []
  const [rule = '', ...rest] = head.split(/\s+/).filter((word) => word !== '')
  if (!KNOWN.includes(rule)) {
    const near = nearest(rule, KNOWN)
    const hint = near === null ? ` Rules: ${KNOWN.join(', ')}.` : ` Did you mean \`${near}\`?`
    return refuse(`there is no rule \`${printable(rule)}\`.${hint}`, near ?? undefined)
  }
  if (reason === '') {
    return refuse('needs a reason after `#`. In a plain YAML value `#` begins a comment, so write `ignore: |`.', rule)
  }
  const dates = rest.filter((word) => word.startsWith('until='))
  const globs = rest.filter((word) => !word.startsWith('until='))
  if (dates.length > 1 || globs.length > 1) return refuse('takes one GLOB and one `until=` a line.', rule)
  const until = dates[0]?.slice('until='.length) ?? null
  if (until !== null && !isDate(until)) return refuse('`until=` must be a date like 2030-01-31.', rule)
  if ((globs[0] ?? '').length > LONGEST_GLOB) return refuse('has a GLOB longer than any path.', rule)
  return { rule, glob: globs[0] ?? null, until, reason }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Whether an entry's last day lies before `today` (UTC). */
export function isPast(entry: IgnoreEntry, today: Date): boolean {
  return entry.until !== null && entry.until < today.toISOString().slice(0, 10)
}
