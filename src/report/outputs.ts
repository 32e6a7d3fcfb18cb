/** Pure: the step's outputs. Words of our own, numbers, digests and one path: the runner drops what holds masked text. */
import type { Evidence, Verdict } from '../evidence.js'
import type { OutputName } from '../inputs/outputs.js'
import { digestOf } from './json.js'
import type { RunFacts } from './types.js'

/** Returns the value of each output; `reportFile` is an absolute path, empty when none was written. */
export function outputs(
  evidence: Evidence,
  verdict: Verdict,
  run: { facts: RunFacts; reportFile: string }
): Record<OutputName, string> {
  const id = evidence.image?.id ?? ''
  return {
    outcome: verdict.outcome,
    errors: String(verdict.errors),
    warnings: String(verdict.warnings),
    inconclusive: String(verdict.inconclusive),
    ignored: String(verdict.ignored),
    'image-id': /^sha256:[0-9a-f]{64}$/.test(id) ? id : '',
    'image-digest': digestOf(evidence) ?? '',
    'report-file': run.reportFile,
    'duration-ms': String(Math.round(run.facts.durationMs))
  }
}
