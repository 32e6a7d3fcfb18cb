/** The one place that says whether the absence of a finding means anything: it asks coverage first. */
import type { Coverage, CoverageState, Evidence, SourceName, UnreadItem } from '../evidence.js'

export interface Gap {
  source: SourceName
  /** missing: there is no row of it at all. */
  state: Exclude<CoverageState, 'complete'> | 'missing'
  /** Why, in the words of whoever could not look; null when nobody said. */
  reason: string | null
  /** Not empty: these items are all that is missing. */
  unread: readonly UnreadItem[]
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
    const bad = rows.filter((each) => each.state === state)
    if (bad[0] !== undefined) return { source, state, reason: bad[0].reason, unread: itemsOf(bad) }
  }
  if (source === 'writable-layer' && evidence.controlFound === false) {
    return { source, state: 'failed', reason: 'the control value planted there was not found', unread: [] }
  }
  return complete ? null : { source, state: 'missing', reason: null, unread: [] }
}

/** The items that are missing in all rows together; none where a row misses more than single items. */
function itemsOf(rows: readonly Coverage[]): UnreadItem[] {
  if (rows.some((row) => row.state !== 'partial' || (row.unread ?? []).length === 0)) return []
  const byPath = new Map(rows.flatMap((row) => row.unread ?? []).map((item) => [`${item.path} ${item.reason}`, item]))
  return [...byPath.values()]
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
 * The only way to a pass: every needed source was read to its end and no hit was dropped. `excused` is what the user has
 * ignored with a reason: sources, single items by {@link itemKey}, and `hits` for the dropped ones.
 */
export function mayPass(evidence: Evidence, excused: ReadonlySet<string>): boolean {
  const all = gaps(evidence).every(
    ({ source, unread }) =>
      excused.has(source) || (unread.length > 0 && unread.every(({ path }) => excused.has(itemKey(source, path))))
  )
  // Evidence that needs nothing proves nothing.
  return all && evidence.needed.length > 0 && (evidence.droppedHits === 0 || excused.has('hits'))
}

/** Names one item of a source; a source's own name has no blank. */
export function itemKey(source: SourceName, path: string): string {
  return `${source} ${path}`
}
