/** Pure: the job summary, Markdown that reads well as plain text too. */
import type { Evidence, Verdict } from '../evidence.js'
import { assemble, details, type Section } from './page.js'
import { findingsSection, ignoredSection } from './summary/findings.js'
import { lookedSection } from './summary/looked.js'
import { mountsSection } from './summary/mounts.js'
import { assuranceSection, reproduceSection, secretsSection, timingsSection } from './summary/rest.js'
import { verdictSection } from './summary/verdict.js'
import { block } from './text.js'
import type { RenderOptions, RunFacts } from './types.js'

/** What a container that ended said last; escaped and without secrets in Evidence already. */
function lastWords(evidence: Evidence): Section[] {
  const lines = evidence.container?.lastLines ?? []
  if (lines.length === 0) return []
  return [details('Last lines of its output', { head: block(lines.join('\n')), rows: [], most: 0, more: () => '' })]
}

/**
 * Returns the summary: verdict, where we looked, findings, mounts, what was looked for, what absence is worth, times and
 * the command to do it again. At most 900 KiB; what does not fit is left out by whole rows, and said.
 */
export function renderSummary(
  evidence: Evidence,
  verdict: Verdict,
  given: { run: RunFacts; options: RenderOptions }
): string {
  const { run, options } = given
  return assemble([
    verdictSection(evidence, verdict, run),
    lookedSection(evidence, verdict),
    ...findingsSection(evidence, verdict, options),
    ...lastWords(evidence),
    ...ignoredSection(evidence, verdict, options),
    ...mountsSection(evidence, verdict),
    secretsSection(evidence),
    assuranceSection(evidence),
    ...timingsSection(run),
    reproduceSection(evidence)
  ])
}
