/** What the looks through the engine and from inside the container share. */
import type { Coverage, CoverageState, SourceName, View } from '../evidence.js'
import type { DockerCli } from '../docker/cli.js'
import type { Matcher } from '../scan/matcher.js'

/** What to search for, and how to make foreign text printable: secrets out, everything odd escaped, cut. */
export interface Search {
  matcher: Matcher
  clean: (text: string) => string
}

/** The container to look at. */
export interface ContainerContext {
  cli: DockerCli
  containerId: string
  signal: AbortSignal
  /** Milliseconds that one command may take. */
  deadlineMs: number
}

/** What one look counted, for its coverage row. */
export interface Counted {
  items: number
  bytes: number
  /** `performance.now()` when it began. */
  startedAt: number
}

/** A coverage row; `reason` is null only for a complete one without a remark. */
export function coverageRow(
  place: { source: SourceName; view: View },
  counted: Counted,
  outcome: { state: CoverageState; reason: string | null }
): Coverage {
  return {
    source: place.source,
    view: place.view,
    state: outcome.state,
    items: counted.items,
    bytes: counted.bytes,
    durationMs: Math.round(performance.now() - counted.startedAt),
    reason: outcome.reason
  }
}

/** Worst first: what a place that was looked at in several ways comes to. */
const WORST: readonly CoverageState[] = ['failed', 'partial', 'skipped', 'complete']

/**
 * One row of several for the same source and view: counts added up, the worst state, every reason. Throws a RangeError
 * for none.
 */
export function mergeCoverage(rows: readonly Coverage[]): Coverage {
  const [first] = rows
  if (first === undefined) throw new RangeError('no coverage to merge')
  const total = (of: (row: Coverage) => number): number => rows.reduce((sum, row) => sum + of(row), 0)
  const reasons = [...new Set(rows.flatMap((row) => (row.reason === null ? [] : [row.reason])))]
  return {
    ...first,
    state: WORST.find((state) => rows.some((row) => row.state === state)) ?? 'failed',
    items: total((row) => row.items),
    bytes: total((row) => row.bytes),
    durationMs: total((row) => row.durationMs),
    reason: reasons.length === 0 ? null : reasons.join('; ')
  }
}
