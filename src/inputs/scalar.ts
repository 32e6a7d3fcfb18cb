/** The small kinds of value: booleans, choices, lists of lines, shell words. */
import { split } from 'shlex'
import type { Field } from './problems.js'
import { yamlLine } from './problems.js'
import { nearest } from './suggest.js'

/** Reads one value; null says that a problem has been noted. */
export type Parser<T> = (text: string, field: Field) => T | null

const TRUE = ['true', 'True', 'TRUE']
const FALSE = ['false', 'False', 'FALSE']

/** The YAML 1.2 core schema, as @actions/core's getBooleanInput reads it: `yes` and `1` are not booleans. */
export const parseBoolean: Parser<boolean> = (text, field) => {
  const value = text.trim()
  if (TRUE.includes(value)) return true
  if (FALSE.includes(value)) return false
  const meant = /^(no|off|0|n|disabled?)$/i.test(value) ? 'false' : 'true'
  return field.problem('must be `true` or `false`.', { received: value, yaml: yamlLine(field.input, meant) })
}

/** Makes a parser of one word out of a list. */
export function choice<const T extends string>(words: readonly T[]): Parser<T> {
  return (text, field) => {
    const value = text.trim()
    const found = words.find((word) => word === value)
    if (found !== undefined) return found
    const near = nearest(value, words)
    const hint = near === null ? '' : ` Did you mean \`${near}\`?`
    return field.problem(`must be one of ${words.map((word) => `\`${word}\``).join(', ')}.${hint}`, {
      received: value,
      yaml: yamlLine(field.input, near ?? words[0] ?? '')
    })
  }
}

/** Lines without their carriage returns, blank ones left out; nothing else is trimmed. `number` counts from 1. */
export function numberedLines(text: string): { line: string; number: number }[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.replace(/\r$/, ''), number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
}

/** Trimmed lines, blank ones left out. */
export function trimmedLines(text: string): string[] {
  return numberedLines(text).map(({ line }) => line.trim())
}

/** Shell words: quotes and backslashes as in sh, nothing expanded. An open quote is a problem. */
export const parseWords: Parser<string[]> = (text, field) => {
  try {
    const words = split(text)
    if (words.length > 0 && !words.some((word) => word.includes('\0'))) return words
  } catch {
    // shlex throws on an open quote and on a backslash at the end; its message would quote nothing useful.
    return field.problem('has an open quote or ends with a backslash; it is read as shell words.', {
      received: text,
      yaml: yamlLine(field.input, `'two words' "and 'quotes'"`)
    })
  }
  return field.problem('holds no words.', { received: text, yaml: yamlLine(field.input, 'sh -c "sleep 1"') })
}
