/** The three ways to declare secrets, read into names and where their values come from. */
import { Buffer } from 'node:buffer'
import type { Field } from './problems.js'
import type { Parser } from './scalar.js'
import { numberedLines } from './scalar.js'

/** A declared secret before its value is looked up. `text`: the value, a variable's name or a path; null when left away. */
export interface SecretLine {
  name: string
  text: string | null
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/

/**
 * `NAME=VALUE` lines. Nothing of a line is ever shown, not even what stands where the name should be: a value of several
 * lines that was pasted here has secret bytes at the line's start.
 */
export const parseSecrets: Parser<SecretLine[]> = (text, field) =>
  parseLines(text, field, { yaml: 'secrets: |\n  db_password=${{ secrets.DB_PASSWORD }}' })

/** `NAME=ENV_VARIABLE` lines. */
export const parseSecretEnvs: Parser<SecretLine[]> = (text, field) =>
  parseLines(text, field, { yaml: 'secret-envs: |\n  tls_key=TLS_KEY' })

/** `NAME=PATH` lines. */
export const parseSecretFiles: Parser<SecretLine[]> = (text, field) =>
  parseLines(text, field, { yaml: 'secret-files: |\n  tls_key=keys/tls.pem' })

function parseLines(text: string, field: Field, rule: { yaml: string }): SecretLine[] {
  const lines = numberedLines(text).map(({ line, number }) => {
    const parsed = parseLine(line.trimStart())
    const wrong = parsed.wrong ?? sourceProblem(field.input, parsed.text)
    if (wrong === null) return { name: parsed.name, text: parsed.text }
    return field.problem(`line ${number} ${wrong}.${hint(field.input)}`, { yaml: rule.yaml })
  })
  return lines.filter((line) => line !== null)
}

function hint(input: string): string {
  return input === 'secrets' ? ' A value of several lines goes through `secret-envs` or `secret-files`.' : ''
}

function parseLine(line: string): { name: string; text: string | null; wrong: string | null } {
  const equals = line.indexOf('=')
  const name = equals < 0 ? line.trimEnd() : line.slice(0, equals)
  const text = equals < 0 ? null : line.slice(equals + 1)
  return { name, text, wrong: nameProblem(name, text) }
}

/** What is wrong with the right side: a variable's name or a path has to be there. */
function sourceProblem(input: string, text: string | null): string | null {
  if (input === 'secrets') return null
  if (text === null) return 'has no `=`'
  const variable = /^\s*[A-Za-z_][A-Za-z0-9_]*\s*$/.test(text)
  if (input === 'secret-envs' && !variable)
    return 'names no environment variable after `=` (its name alone, without `$`)'
  return null
}

function nameProblem(name: string, text: string | null): string | null {
  if (!NAME.test(name) || name.includes('..')) {
    return 'does not begin with a name: letters, digits, `_`, `-` and single dots, at most 128, and no blank before `=`'
  }
  return text === null && looksLikeAValue(name) ? 'looks like a value without a name: write NAME=VALUE' : null
}

/**
 * Whether a bare name is more likely a token that was pasted without its name: it would be shown everywhere as a name.
 * Who means it can still write `NAME=`.
 */
function looksLikeAValue(name: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((kind) => kind.test(name)).length
  return Buffer.byteLength(name) > 48 || (name.length >= 20 && kinds === 3) || /[0-9a-f]{32}/i.test(name)
}
