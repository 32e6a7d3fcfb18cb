/** `NAME=VALUE` lines whose values may be secret by mistake: `env` and `build-args`. */
import type { Parser } from './scalar.js'
import { numberedLines } from './scalar.js'

/** A variable's name; Docker takes more, but no program reads what it cannot name. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/** `NAME=VALUE` or `NAME`, values exactly as given. Problems name the line, never the value. */
export const parseNameValues: Parser<string[]> = (text, field) => {
  const lines = numberedLines(text).map(({ line, number }) => ({ pair: line.trimStart(), number }))
  const seen = new Set<string>()
  const wrong = lines.flatMap(({ pair, number }) => {
    const name = nameOf(pair)
    const problem = lineProblem(name, number, seen.has(name))
    seen.add(name)
    return problem
  })
  for (const message of wrong) field.problem(message, { yaml: `${field.input}: |\n  NAME=value`, received: text })
  return wrong.length === 0 ? lines.map(({ pair }) => (pair.includes('=') ? pair : pair.trimEnd())) : null
}

function lineProblem(name: string, number: number, again: boolean): string[] {
  if (NAME.test(name)) return again ? [`${name} is given twice.`] : []
  return [
    `line ${number} does not begin with a variable's name; it is NAME=VALUE or NAME, without blanks around \`=\`.`
  ]
}

/** The name of a `NAME=VALUE` or `NAME`. */
export function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return equals < 0 ? pair.trimEnd() : pair.slice(0, equals)
}
