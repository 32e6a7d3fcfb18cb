/** The one place that says whether the absence of a finding means anything: it asks coverage first. */
import type { CoverageState, Evidence, SourceName } from '../evidence.js'

export interface Gap {
  source: SourceName
  /** missing: there is no row of it at all. */
  state: Exclude<CoverageState, 'complete'> | 'missing'
  /** Why, in the words of whoever could not look; null when nobody said. */
  reason: string | null
}

const WORST_FIRST = ['failed', 'partial', 'skipped'] as const

/**
 * Why a source cannot support a pass; null: it was read to its end, in every view that tried. A view that was left out on
 * purpose (skipped) takes nothing away from one that is complete; one that was cut short does, for it had a reason to look.
 */
export function gapOf(evidence: Evidence, source: SourceName): Gap | null {
  const rows = evidence.coverage.filter((row) => row.source === source)
  const complete = rows.some((row) => row.state === 'complete')
  const states = complete ? WORST_FIRST.slice(0, 2) : WORST_FIRST
  for (const state of states) {
    const row = rows.find((each) => each.state === state)
    if (row !== undefined) return { source, state, reason: row.reason }
  }
  if (source === 'writable-layer' && evidence.controlFound === false) {
    return { source, state: 'failed', reason: 'the control value planted there was not found' }
  }
  return complete ? null : { source, state: 'missing', reason: null }
}

/** Whether "nothing found" in this source means that nothing is there. */
export function isRead(evidence: Evidence, source: SourceName): boolean {
  return gapOf(evidence, source) === null
}

/** The gaps of all sources that a pass needs, in the order of `needed`, each once. */
export function gaps(evidence: Evidence): Gap[] {
  const needed = new Set(evidence.needed)
  // The control value speaks for itself: where it is lost, the search of that place does not work.
  if (evidence.controlFound === false) needed.add('writable-layer')
  return [...needed].map((source) => gapOf(evidence, source)).filter((gap) => gap !== null)
}

/**
 * The only way to a pass: every needed source was read to its end and no hit was dropped. `excused` are those that the
 * user has ignored with a reason; `hits` excuses the dropped ones.
 */
export function mayPass(evidence: Evidence, excused: ReadonlySet<SourceName | 'hits'>): boolean {
  const all = gaps(evidence).every((gap) => excused.has(gap.source))
  // Evidence that needs nothing proves nothing.
  return all && evidence.needed.length > 0 && (evidence.droppedHits === 0 || excused.has('hits'))
}
