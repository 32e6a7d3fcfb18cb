import { afterAll } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { InputErrors, Problems, Field, type InputProblem } from '../../src/inputs/problems.js'
import { readInputs } from '../../src/inputs/read.js'
import type { Parser } from '../../src/inputs/scalar.js'
import type { Inputs } from '../../src/inputs/types.js'

export const TODAY = new Date('2026-11-24T12:00:00Z')

const root = mkdtempSync(join(tmpdir(), 'inputs-'))
afterAll(() => {
  rmSync(root, { recursive: true })
})

/** A workspace with these files; `Dockerfile` is always there. */
export function makeWorkspace(files: Record<string, string | Buffer> = {}): string {
  const workspace = mkdtempSync(join(root, 'w-'))
  for (const [path, content] of Object.entries({ Dockerfile: 'FROM scratch\n', ...files })) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), content)
  }
  return workspace
}

const shared = makeWorkspace()

/** The environment that the runner makes of `with:`. */
export function envOf(inputs: Record<string, string>, env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const made: NodeJS.ProcessEnv = { GITHUB_WORKSPACE: shared, RUNNER_TEMP: shared, ...env }
  for (const [name, value] of Object.entries(inputs)) made[`INPUT_${name.toUpperCase().replaceAll(' ', '_')}`] = value
  return made
}

export function read(inputs: Record<string, string>, env: Record<string, string> = {}): Inputs {
  return readInputs(envOf(inputs, env), TODAY)
}

/** The problems of inputs that must not be accepted. */
export function problemsOf(inputs: Record<string, string>, env: Record<string, string> = {}): readonly InputProblem[] {
  return errorsOf(inputs, env).problems
}

export function errorsOf(inputs: Record<string, string>, env: Record<string, string> = {}): InputErrors {
  try {
    read(inputs, env)
  } catch (error) {
    if (error instanceof InputErrors) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(inputs)}`)
}

/** One parser by itself. */
export function parse<T>(parser: Parser<T>, text: string): { value: T | null; messages: string[]; notices: string[] } {
  const problems = new Problems()
  const value = parser(text, new Field('input', { problems, sensitive: false }))
  return { value, messages: problems.problems.map((problem) => problem.message), notices: problems.notices }
}
