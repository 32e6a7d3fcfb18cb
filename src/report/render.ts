/** Pure: everything that one run shows or writes, made from what it saw and what was decided. */
import type { Evidence, Verdict } from '../evidence.js'
import { annotations, failure } from './annotations.js'
import { renderJson } from './json.js'
import { logLines } from './log.js'
import { outputs } from './outputs.js'
import { renderSummary } from './summary.js'
import type { Rendered, RenderOptions, RunFacts } from './types.js'

/** Returns what publish.ts writes. Where annotations are not wanted the findings go to the log. */
export function render(
  evidence: Evidence,
  verdict: Verdict,
  given: { run: RunFacts; options: RenderOptions }
): Rendered {
  const { run, options } = given
  const annotated = annotations(verdict, evidence)
  return {
    annotations: options.annotations ? annotated.list : [],
    failure: options.annotations ? annotated.failure : failure(verdict),
    summary: options.summary ? renderSummary(evidence, verdict, given) : null,
    report: renderJson(evidence, verdict, run),
    outputs: outputs(evidence, verdict, { facts: run, reportFile: options.reportFile }),
    log: logLines(evidence, verdict, { run, colour: options.colour, findings: !options.annotations })
  }
}
