/** Pure: annotations on the lines of the repository. */
import type { Evidence, Finding, SourceRange, Verdict } from '../evidence.js'
import { counts, worstFirst } from './findings.js'
import { placeOf } from './places.js'
import { oneLine, repositoryPath, severalLines } from './text.js'
import type { Annotation } from './types.js'

/**
 * A step shows 10 errors and 10 warnings, the first to come (actions/runner, src/Runner.Worker/ExecutionContext.cs,
 * `_maxCountPerIssueType`); one of them is the message that the step fails with.
 */
const MOST_OF_A_LEVEL = 9
/** The runner cuts at 4096 (same file). */
const LONGEST_MESSAGE = 4000
const MOST_OTHERS = 10

/** Places whose content the Dockerfile makes: without a line of its own a finding there belongs to the Dockerfile. */
const MADE_BY_BUILD = new Set(['layers', 'image-config', 'history', 'attestations'])

interface Group {
  level: 'error' | 'warning'
  range: SourceRange | null
  findings: Finding[]
}

/** The range, if it may be named; a range that ends before it starts would be dropped by the runner. */
function usable(range: SourceRange | null | undefined): SourceRange | null {
  if (range === null || range === undefined) return null
  const file = repositoryPath(range.file)
  if (file === null || range.startLine < 1) return null
  return { file, startLine: range.startLine, endLine: Math.max(range.startLine, range.endLine) }
}

/** One group a line range; what has no line of its own stays by itself. */
function grouped(verdict: Verdict, evidence: Evidence): Group[] {
  const groups = new Map<string, Group>()
  worstFirst(verdict).forEach((finding, index) => {
    const level =
      finding.severity === 'error' || (finding.severity === 'inconclusive' && verdict.failStep) ? 'error' : 'warning'
    const own = usable(finding.annotation)
    const place = placeOf(finding)
    const fallback = place !== null && MADE_BY_BUILD.has(place) ? usable(evidence.fallback.dockerfile) : null
    const key = own === null ? `#${index}` : `${level} ${own.file} ${own.startLine} ${own.endLine}`
    const group = groups.get(key) ?? { level, range: own ?? fallback, findings: [] }
    group.findings.push(finding)
    groups.set(key, group)
  })
  return [...groups.values()]
}

function shortly(finding: Finding): string {
  const about = [finding.secret, finding.form].filter((each) => each !== null).join(', ')
  return about === '' ? finding.rule : `${finding.rule} (${oneLine(about)})`
}

/** Joins whole lines while they fit. */
function fitted(lines: readonly string[]): string {
  let text = ''
  for (const line of lines) {
    const longer = text === '' ? line : `${text}\n${line}`
    if (longer.length > LONGEST_MESSAGE) return text
    text = longer
  }
  return text
}

function annotation(group: Group): Annotation {
  const [first, ...others] = group.findings
  if (first === undefined) throw new RangeError('an annotation of nothing')
  const more = others.length > MOST_OTHERS ? ` and ${others.length - MOST_OTHERS} more` : ''
  const also = others.length === 0 ? [] : [`Also here: ${others.slice(0, MOST_OTHERS).map(shortly).join(', ')}${more}`]
  const fix = first.fix === '' ? [] : ['Fix:', ...severalLines(first.fix, LONGEST_MESSAGE)]
  const message = fitted([oneLine(first.message, 2000), ...also, ...fix])
  const base: Annotation = { level: group.level, title: `tmpfs-check: ${first.rule}`, message }
  return group.range === null ? base : { ...base, ...group.range }
}

/**
 * Returns the annotations, worst first, at most 9 of each level, and the message for setFailed: null when the step does
 * not fail. Findings on the same lines share one annotation.
 */
export function annotations(verdict: Verdict, evidence: Evidence): { list: Annotation[]; failure: string | null } {
  const groups = grouped(verdict, evidence)
  const shown = (['error', 'warning'] as const).flatMap((level) =>
    groups.filter((group) => group.level === level).slice(0, MOST_OF_A_LEVEL)
  )
  return { list: shown.map(annotation), failure: failure(verdict, groups.length - shown.length) }
}

/** The message that a failing step ends with; `more` is how many annotations did not fit. */
export function failure(verdict: Verdict, more = 0): string | null {
  if (!verdict.failStep) return null
  const rest = more > 0 ? `; ${more} more in the summary` : ''
  return `tmpfs-check: ${verdict.outcome}: ${counts(verdict)}${rest}`
}
