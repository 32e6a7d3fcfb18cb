/** What is wrong with the inputs, gathered so that the user sees all of it at once. */
import { escapeForeign } from '../scan/redact.js'

/** One thing to mend. Nothing in it may hold the value of a secret. */
export interface InputProblem {
  /** Name of the input as the workflow file has it. */
  input: string
  /** What was given, printable and cut; empty when nothing was given or it may hold a secret. */
  received: string
  /** What is wrong and why it matters, one or two sentences. */
  message: string
  /** Lines to paste under `with:`. */
  yaml: string
}

/** Stands for a value that is not shown, for it may hold a secret. */
export const NOT_SHOWN = '(not shown: it may hold a secret)'

const SHOWN_CHARACTERS = 120
const MOST_CHARACTERS = 1000

/** Thrown when inputs cannot be used; nothing has been built, run or created by then. */
export class InputErrors extends Error {
  readonly problems: readonly InputProblem[]

  constructor(problems: readonly InputProblem[]) {
    super(renderProblems(problems))
    this.name = 'InputErrors'
    this.problems = problems
  }

  /** All problems as text, each with the YAML to paste. */
  render(): string {
    return this.message
  }
}

function renderProblems(problems: readonly InputProblem[]): string {
  const what =
    problems.length === 1 ? 'One input cannot be used' : `${problems.length} things are wrong with the inputs`
  const parts = problems.map((problem, index) => {
    const lines = [`${index + 1}. ${problem.input}: ${problem.message}`]
    if (problem.received !== '') lines.push(`   received: ${problem.received}`)
    lines.push('   use:', ...problem.yaml.split('\n').map((line) => `     ${line}`))
    return lines.join('\n')
  })
  return [`${what}. Nothing was built, run or created.`, ...parts].join('\n')
}

/** Gathers problems and notices while the inputs are read. */
export class Problems {
  readonly problems: InputProblem[] = []
  readonly notices: string[] = []

  /** Message and YAML are escaped once more: some quote names that the user wrote. */
  add(problem: InputProblem): void {
    const message = escapeForeign(problem.message, MOST_CHARACTERS)
    const yaml = problem.yaml.split('\n').map((line) => escapeForeign(line, MOST_CHARACTERS))
    this.problems.push({ ...problem, message, yaml: yaml.join('\n') })
  }

  notice(text: string): void {
    this.notices.push(escapeForeign(text, MOST_CHARACTERS))
  }

  /**
   * Throws InputErrors if there is any problem. `holdsSecret` says whether the text of an input holds the value of a
   * declared secret: then nothing of what was given is told, for a message may quote any part of it.
   */
  throwIfAny(holdsSecret: (input: string) => boolean): void {
    if (this.problems.length === 0) return
    throw new InputErrors(
      this.problems.map((problem) => (holdsSecret(problem.input) ? silenced(problem.input) : problem))
    )
  }
}

function silenced(input: string): InputProblem {
  return {
    input,
    received: NOT_SHOWN,
    message: 'cannot be used, and holds the value of a declared secret, so no more is told.',
    yaml: `${input}: VALUE   # without the secret`
  }
}

/** The view one input's parser has of {@link Problems}. */
export class Field {
  readonly input: string
  readonly #problems: Problems
  readonly #sensitive: boolean

  constructor(input: string, options: { problems: Problems; sensitive: boolean }) {
    this.input = input
    this.#problems = options.problems
    this.#sensitive = options.sensitive
  }

  /** Notes a problem. `received` is dropped for an input whose values may be secret. */
  problem(message: string, use: { yaml: string; received?: string }): null {
    const received = use.received ?? ''
    this.#problems.add({
      input: this.input,
      received: received !== '' && this.#sensitive ? NOT_SHOWN : printable(received),
      message,
      yaml: use.yaml
    })
    return null
  }

  notice(text: string): void {
    this.#problems.notice(text)
  }
}

/** Text as printable ASCII without anything that the runner could take for a command, cut at 120 characters. */
export function printable(text: string): string {
  return escapeForeign(text, SHOWN_CHARACTERS)
}

/** `name: value` in YAML, the value quoted where a plain one would mean something else. */
export function yamlLine(name: string, value: string): string {
  const plain = /^[A-Za-z0-9/._~][A-Za-z0-9/._~:=,@%+-]*$/.test(value) && !value.endsWith(':')
  return `${name}: ${plain ? value : JSON.stringify(printable(value))}`
}

/** `name: |` and one line an item, in YAML. */
export function yamlLines(name: string, lines: readonly string[]): string {
  return [`${name}: |`, ...lines.map((line) => `  ${printable(line)}`)].join('\n')
}
