/** Pure: the table of every place, looked at or not. */
import { SOURCES, type Coverage, type Evidence, type SourceName, type Verdict } from '../../evidence.js'
import { byPlace, result, type PlaceCount } from '../findings.js'
import { bar, count, duration, rate, size } from '../format.js'
import { moreCells, row, tableHead, type Section } from '../page.js'
import { PLACES, shownBytes, VIEWS } from '../places.js'
import { prose } from '../text.js'

const COLUMNS = ['', 'Place', 'View', 'Items:', 'Size:', 'Time:', '', 'Speed:', 'Result']

function name(source: SourceName, evidence: Evidence): string {
  const layers = evidence.image?.layers.length ?? 0
  return source === 'layers' && layers > 0 ? `${PLACES.layers} (${layers})` : PLACES[source]
}

function placeRow(coverage: Coverage, found: PlaceCount | undefined, given: { name: string; longest: number }): string {
  const { sign, words } = result(coverage, found)
  const reason = coverage.reason === null ? '' : `: ${prose(coverage.reason)}`
  if (coverage.state === 'skipped') return row(sign, given.name, '', '', '', '', '', '', words + reason)
  const bytes = shownBytes(coverage)
  return row(
    sign,
    given.name,
    VIEWS[coverage.view],
    count(coverage.items),
    bytes > 0 ? size(bytes) : '',
    duration(coverage.durationMs),
    bar(coverage.durationMs / given.longest),
    rate(coverage.bytes, coverage.durationMs) ?? '',
    words + reason
  )
}

function missingRow(source: SourceName, evidence: Evidence): string {
  const needed = evidence.needed.includes(source)
  const words = needed ? 'not looked at, although a pass needs it' : 'not looked at: not a part of this check'
  return row(needed ? '?' : '–', PLACES[source], '', '', '', '', '', '', words)
}

/** Every place in the order of SOURCES, one row a view. A place's findings are counted in its first row. */
export function lookedSection(evidence: Evidence, verdict: Verdict): Section {
  const found = byPlace(verdict)
  const longest = Math.max(1, ...evidence.coverage.map((each) => each.durationMs))
  const rows = SOURCES.flatMap((source) => {
    const views = evidence.coverage.filter((each) => each.source === source)
    if (views.length === 0) return [missingRow(source, evidence)]
    return views.map((each, index) =>
      placeRow(each, index === 0 ? found.get(source) : undefined, { name: name(source, evidence), longest })
    )
  })
  return {
    head: `### Where we looked\n\n${tableHead(...COLUMNS)}`,
    rows,
    most: 100,
    more: moreCells(COLUMNS.length, 'places')
  }
}
