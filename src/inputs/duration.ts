/** Durations: a number with a unit. */
import type { Parser } from './scalar.js'
import { yamlLine } from './problems.js'

const SECOND_MS = 1000
/** The longest wait; also keeps well below the 2^31 ms that a Node.js timer can count. */
const LONGEST_MS = 24 * 3600 * SECOND_MS

/** `90s`, `2m`, `1h`, `1m30s`, `500ms` in milliseconds; null when it is none of these. A number alone is not a duration. */
export function durationMs(text: string): number | null {
  const milliseconds = /^(\d{1,9})ms$/.exec(text)
  if (milliseconds) return Number(milliseconds[1])
  const parts = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text)
  if (!parts || text === '') return null
  const [hours, minutes, seconds] = [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0))
  return ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * SECOND_MS
}

/** Whether a duration can be waited for: over 0 and up to a day. */
export function inRange(ms: number): boolean {
  return ms > 0 && ms <= LONGEST_MS
}

/** A duration in milliseconds. */
export const parseDuration: Parser<number> = (text, field) => {
  const value = text.trim()
  const ms = durationMs(value)
  if (ms !== null && inRange(ms)) return ms
  const number = /^\d+$/.test(value)
  const why = number
    ? 'needs a unit: is it seconds or minutes?'
    : 'must be a time like `90s`, `2m` or `1h`, at most `24h`.'
  return field.problem(why, { received: value, yaml: yamlLine(field.input, number ? `${value}s` : '2m') })
}
