/** Writes what the renderers made, after the egress gate. */
import * as core from '@actions/core'
import type { SecretFact, Verdict } from './evidence.js'
import { findLeaks, withheldText, type Leaks } from './egress.js'
import { withheldReport } from './report/json.js'
import { lastLine } from './report/log.js'
import type { Annotation, Rendered } from './report/types.js'
import type { Matcher } from './scan/matcher.js'
import { writeAtomically } from './write.js'

/** The parts of @actions/core that are used. */
export type Core = Pick<typeof core, 'error' | 'warning' | 'notice' | 'info' | 'setOutput' | 'summary'>

export interface PublishOptions {
  /** Of the declared and the discovered whole secrets. */
  matcher: Matcher
  /** Evidence.secrets, to name what was withheld. */
  secrets: readonly SecretFact[]
  toolVersion: string
  /** Whether a runner listens (GITHUB_ACTIONS is `true`); else lines of the log are all there is. */
  actions: boolean
  /** GITHUB_STEP_SUMMARY and GITHUB_OUTPUT; null: not set. */
  summaryFile: string | null
  outputFile: string | null
  /** Absolute path; the same as in the outputs. */
  reportFile: string
  core?: Core
}

export interface Published {
  /** Names of the artefacts that held a secret and were replaced by a fixed text; normally empty. */
  withheld: string[]
  /** What counts in the end: never a pass when anything was withheld. */
  verdict: Verdict
  /** For setFailed, which has to come last; null: the step does not fail, or no runner listens. */
  failure: string | null
}

/** Anything withheld is a fault of ours or an attack: the step fails whatever `fail-on` says. */
function withoutPass(verdict: Verdict): Verdict {
  const outcome = verdict.outcome === 'pass' ? 'inconclusive' : verdict.outcome
  return { ...verdict, outcome, inconclusive: verdict.inconclusive + 1, failStep: true }
}

function artefacts(rendered: Rendered): Record<string, string> {
  return {
    annotations: JSON.stringify(rendered.annotations) + rendered.annotations.map((each) => each.message).join('\n'),
    failure: rendered.failure ?? '',
    summary: rendered.summary ?? '',
    report: rendered.report,
    outputs: Object.values(rendered.outputs).join('\n'),
    log: rendered.log.join('\n')
  }
}

/** The same with every leaking artefact replaced. Outputs keep only what is ours: outcome and counts. */
function withhold(rendered: Rendered, leaks: Leaks, given: { verdict: Verdict; options: PublishOptions }): Rendered {
  const { options, verdict } = given
  const bad = new Set(leaks.artefacts)
  const text = (what: string): string => {
    return withheldText(what, leaks, { facts: options.secrets, matcher: options.matcher })
  }
  const note: Annotation = { level: 'error', title: 'tmpfs-check', message: text(leaks.artefacts.join(', ')) }
  // The note needs the place of one error: no more than 9 are shown beside the failure.
  const errors = rendered.annotations.filter((each) => each.level === 'error').slice(0, -1)
  const others = rendered.annotations.filter((each) => each.level !== 'error')
  const own = ['outcome', 'errors', 'warnings', 'inconclusive', 'ignored', 'duration-ms']
  const outputs = Object.entries(rendered.outputs).map(([name, value]) => [name, own.includes(name) ? value : ''])
  return {
    annotations: bad.has('annotations') ? [note] : [note, ...errors, ...others],
    failure: `tmpfs-check: ${verdict.outcome}: a part of the report was withheld`,
    summary: rendered.summary === null || !bad.has('summary') ? rendered.summary : `## ? ${text('the summary')}\n`,
    report: bad.has('report') ? withheldReport(verdict.outcome, options.toolVersion) : rendered.report,
    outputs: bad.has('outputs') ? (Object.fromEntries(outputs) as Record<string, string>) : rendered.outputs,
    log: bad.has('log') ? [text('the log'), lastLine(verdict)] : rendered.log
  }
}

/**
 * Renders the verdict, lets it through the gate and writes it: annotations, report file, outputs, summary, log. Nothing is
 * written before everything was searched. What cannot be written is a warning: the verdict stands, and the exit code has it.
 */
export async function publish(
  source: { verdict: Verdict; render: (verdict: Verdict) => Rendered },
  options: PublishOptions
): Promise<Published> {
  const rendered = source.render(source.verdict)
  const leaks = findLeaks(artefacts(rendered), options.matcher)
  if (leaks.artefacts.length === 0) {
    await write(rendered, options)
    return { withheld: [], verdict: source.verdict, failure: options.actions ? rendered.failure : null }
  }
  const verdict = withoutPass(source.verdict)
  const again = source.render(verdict)
  // The new verdict may say new words: what leaks in either is withheld.
  const now = findLeaks(artefacts(again), options.matcher)
  const all = {
    artefacts: [...new Set([...leaks.artefacts, ...now.artefacts])],
    secrets: [...new Set([...leaks.secrets, ...now.secrets])]
  }
  const safe = withhold(again, all, { verdict, options })
  await write(safe, options)
  return { withheld: all.artefacts, verdict, failure: options.actions ? safe.failure : null }
}

async function write(rendered: Rendered, options: PublishOptions): Promise<void> {
  const to = options.core ?? core
  if (options.actions)
    rendered.annotations.forEach((each) => {
      annotate(to, each)
    })
  const written = await attempt(to, 'The JSON report could not be written', () =>
    writeAtomically(options.reportFile, rendered.report)
  )
  await writeOutputs(to, written ? rendered.outputs : { ...rendered.outputs, 'report-file': '' }, options)
  const { summary } = rendered
  if (summary !== null && options.summaryFile !== null) {
    await attempt(to, 'The job summary could not be written', async () => {
      await to.summary.addRaw(summary).write()
    })
  }
  rendered.log.forEach((line) => {
    to.info(line)
  })
}

function annotate(to: Core, annotation: Annotation): void {
  const { level, title, message, file, startLine, endLine } = annotation
  const place = file === undefined || startLine === undefined ? {} : { file, startLine, endLine: endLine ?? startLine }
  to[level](message, { title, ...place })
}

async function writeOutputs(to: Core, outputs: Record<string, string>, options: PublishOptions): Promise<void> {
  if (!options.actions) return
  if (options.outputFile === null) {
    to.warning('GITHUB_OUTPUT is not set, so the outputs are not set. The exit code tells the verdict.')
    return
  }
  await attempt(to, 'The outputs could not be written', () => {
    for (const [name, value] of Object.entries(outputs)) to.setOutput(name, value)
    return Promise.resolve()
  })
}

/** Whether it worked; if not there is a warning with the system's error code and nothing else of the error. */
async function attempt(to: Core, failed: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    to.warning(`${failed}${codeOf(error)}. The exit code tells the verdict.`)
    return false
  }
}

/** ` (ENOENT)`, or nothing. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' && /^E[A-Z0-9]{1,20}$/.test(code) ? ` (${code})` : ''
}
