/** One whole run of the action, with what must hold after each: nothing left, a valid report, no secret anywhere. */
import { existsSync, readFileSync } from 'node:fs'
import { Action, type ActionOptions } from './action.js'
import { entriesOf, type Command } from './commands.js'
import { findLeaks } from './leaks.js'
import { existingVolumes, leftoversOf, processesOf, volumesOf } from './leftovers.js'
import { schemaErrors } from './schema.js'

export interface Finding {
  rule: string
  severity: 'error' | 'warning' | 'inconclusive'
  ignored: boolean
  secret: string | null
  form: string | null
  message: string
  fix: string
  location: Record<string, unknown> | null
  annotation: { file: string; startLine: number; endLine: number } | null
}

/** The parts of the report that tests look at. */
export interface Report {
  outcome: string
  engine: { store: string; hostAccess: boolean; runcVersion: string | null }
  mounts: { path: string; effective: Record<string, unknown> | null }[]
  secrets: { name: string; origin: string }[]
  coverage: { source: string; view: string; state: string; items: number; bytes: number; reason: string | null }[]
  findings: Finding[]
  needed: string[]
}

export interface RunOptions extends ActionOptions {
  /** What must not come out in any form. */
  secrets: readonly Buffer[]
  /** Runs beside main, from its start. */
  during?: (action: Action) => Promise<void>
  /** Look which volumes the container has, and that they are gone in the end; `keep` names those that are not ours. */
  volumes?: { keep: readonly string[] }
}

export interface RunResult {
  exitCode: number
  outputs: Record<string, string>
  annotations: Command[]
  summary: string
  report: Report | null
  log: string
  durationMs: number
}

/** Runs main and post. Throws when anything is left behind, invalid or leaked. */
export async function runAction(options: RunOptions): Promise<RunResult> {
  const action = new Action(options)
  const began = performance.now()
  const main = action.main()
  const watch = options.volumes === undefined ? null : watchVolumes(options, action, main)
  const [exitCode] = await Promise.all([main, options.during?.(action)])
  const durationMs = performance.now() - began
  const postCode = await action.post()
  const problems = [
    ...(postCode === 0 ? [] : [`post ended with ${postCode}`]),
    ...(await existingVolumes(
      options.engine,
      ((await watch) ?? []).filter((name) => !options.volumes?.keep.includes(name))
    )),
    ...(await problemsAfter(action, options))
  ]
  const result = resultOf(action, exitCode, durationMs)
  if (result.report !== null) problems.push(...schemaErrors(result.report).map((error) => `report: ${error}`))
  if (problems.length > 0) throw new Error([...problems, action.printed()].join('\n'))
  return result
}

/** What is left on the engine and on this machine, and what leaked, once main and post have ended. */
export async function problemsAfter(action: Action, options: RunOptions): Promise<string[]> {
  const runId = action.runId()
  const left = runId === '' ? [] : await leftoversOf(options.engine, runId)
  const output = { stdout: action.printed(), summary: action.file('summary.md') }
  return [
    ...left.map((each) => `left behind: ${each}`),
    ...processesOf(action.mark).map((each) => `still running: ${each}`),
    ...findLeaks(options.secrets, output, options.workspace)
  ]
}

function resultOf(action: Action, exitCode: number, durationMs: number): RunResult {
  const outputs = entriesOf(action.file('output'))
  const file = outputs['report-file'] ?? ''
  return {
    exitCode,
    outputs,
    annotations: action.commands().filter(({ name }) => ['error', 'warning', 'notice'].includes(name)),
    summary: action.file('summary.md'),
    report: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null,
    log: action.printed(),
    durationMs
  }
}

const WATCH_MS = 400

async function watchVolumes(options: RunOptions, action: Action, main: Promise<number>): Promise<string[]> {
  const seen = new Set<string>()
  let ended = false
  while (!ended) {
    if (action.runId() !== '') for (const name of await volumesOf(options.engine, action.runId())) seen.add(name)
    const pause = new Promise<boolean>((resolve) => setTimeout(resolve, WATCH_MS, false))
    ended = await Promise.race([main.then(() => true), pause])
  }
  return [...seen]
}
