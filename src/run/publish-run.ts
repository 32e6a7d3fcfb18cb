/** Renders and publishes what a run found. */
import { context as workflow } from '@actions/github'
import type { Evidence, Verdict } from '../evidence.js'
import { wantsColour } from '../report/log.js'
import { render } from '../report/render.js'
import type { Repository } from '../report/types.js'
import { publish } from '../publish.js'
import { Matcher } from '../scan/matcher.js'
import type { RunContext } from './context.js'
import { TOOL_VERSION } from './version.js'

/** Gate needles of discovered contents are at least this long: a status word must not withhold the report. */
const GATE_BYTES = 16
const RULES_URL = 'https://github.com/org/tmpfs-check/blob/v1/docs/rules.md'

export interface Published {
  failStep: boolean
  exitCode: number
  /** For setFailed; null: does not fail, or no runner listens. */
  failure: string | null
}

/** Publishes through the egress gate; returns how the step has to end. */
export async function publishRun(
  context: RunContext,
  found: { evidence: Evidence; verdict: Verdict; startedAt: Date; env: NodeJS.ProcessEnv }
): Promise<Published> {
  const { inputs, log } = context
  const { evidence, env } = found
  const facts = {
    toolVersion: TOOL_VERSION,
    startedAt: found.startedAt.toISOString(),
    durationMs: Date.now() - found.startedAt.getTime(),
    timings: log.timings
  }
  const options = {
    repository: repositoryOf(env),
    rulesUrl: RULES_URL,
    reportFile: inputs.reportFile,
    ignore: inputs.ignore,
    summary: inputs.summary,
    annotations: inputs.annotations,
    colour: wantsColour(env, process.stdout.isTTY || env['GITHUB_ACTIONS'] === 'true')
  }
  const published = await publish(
    { verdict: found.verdict, render: (verdict) => render(evidence, verdict, { run: facts, options }) },
    {
      matcher: gate(context),
      secrets: context.registry.facts,
      toolVersion: TOOL_VERSION,
      actions: env['GITHUB_ACTIONS'] === 'true' || (env['GITHUB_OUTPUT'] ?? '') !== '',
      summaryFile: env['GITHUB_STEP_SUMMARY'] ?? null,
      outputFile: env['GITHUB_OUTPUT'] ?? null,
      reportFile: inputs.reportFile
    }
  )
  const { outcome, failStep } = published.verdict
  const exitCode = outcome === 'inconclusive' ? 2 : 1
  return { failStep, exitCode, failure: failStep ? published.failure : null }
}

/** Nothing of these may leave: declared secrets in all forms, and whole contents that are no plain word. */
function gate({ registry }: RunContext): Matcher {
  const indices = registry.indices(
    (fact, index) =>
      fact.origin !== 'discovered' || (fact.extent === 'whole' && registry.value(index).length >= GATE_BYTES)
  )
  return new Matcher(registry.needles(indices))
}

function repositoryOf(env: NodeJS.ProcessEnv): Repository | null {
  const { sha, serverUrl } = workflow
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  return sha === '' || repository === '' ? null : { serverUrl, repository, sha }
}
