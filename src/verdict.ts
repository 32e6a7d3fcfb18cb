/** Pure: findings and policy become an outcome. */
import picomatch from 'picomatch'
import type { Evidence, FailOn, Finding, IgnoreEntry, Outcome, Severity, Verdict } from './evidence.js'
import { annotationOf } from './rules/annotation.js'
import { itemKey, mayPass } from './rules/coverage.js'
import { runRules } from './rules/index.js'

export interface Policy {
  failOn: FailOn
  ignore: readonly IgnoreEntry[]
  /** ISO date in UTC; entries whose last day lies before it have no force. */
  today: string
}

const ORDER: readonly Severity[] = ['error', 'inconclusive', 'warning']

/** Judges the evidence by all rules. Every finding is in the verdict, the ignored ones marked as such and counted. */
export function decide(evidence: Evidence, policy: Policy): Verdict {
  const ignores = matchers(policy)
  const found = runRules(evidence).map((finding) => ({
    ...finding,
    ignored: ignores.some((matches) => matches(finding)),
    annotation: annotationOf(finding, evidence)
  }))
  // Stable: within one severity the order of the rules stays.
  const findings = ORDER.flatMap((severity) => found.filter((finding) => finding.severity === severity))
  const open = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity && !finding.ignored).length
  const [errors, inconclusive, warnings] = [open('error'), open('inconclusive'), open('warning')]
  const outcome = outcomeOf(evidence, findings, { errors, inconclusive })
  return {
    outcome,
    findings,
    errors,
    warnings,
    inconclusive,
    ignored: findings.filter((finding) => finding.ignored).length,
    failStep: fails(policy.failOn, outcome, warnings)
  }
}

/** A pass only where the coverage helper allows one, whatever the rules forgot to say. */
function outcomeOf(
  evidence: Evidence,
  findings: readonly Finding[],
  counts: { errors: number; inconclusive: number }
): Outcome {
  if (counts.errors > 0) return 'fail'
  return counts.inconclusive === 0 && mayPass(evidence, excused(findings)) ? 'pass' : 'inconclusive'
}

/** Gaps that the user has ignored in so many words; see {@link mayPass}. */
function excused(findings: readonly Finding[]): Set<string> {
  const ignored = findings.filter((finding) => finding.rule === 'source-unread' && finding.ignored)
  return new Set(
    ignored.map(({ location }) => {
      if (location?.kind !== 'source') return 'hits'
      return location.path === undefined ? location.source : itemKey(location.source, location.path)
    })
  )
}

function fails(failOn: FailOn, outcome: Outcome, warnings: number): boolean {
  switch (failOn) {
    case 'never':
      return false
    case 'error':
      return outcome === 'fail'
    case 'inconclusive':
      return outcome !== 'pass'
    case 'warning':
      return outcome !== 'pass' || warnings > 0
  }
}

type Matches = (finding: Finding) => boolean

/** One for each entry in force. A glob is a plain one: a leading `!` would ignore everything but what it names. */
function matchers({ ignore, today }: Policy): Matches[] {
  return ignore
    .filter((entry) => entry.until === null || entry.until >= today)
    .map(({ rule, glob }) => {
      if (glob === null) return (finding) => finding.rule === rule
      // picomatch refuses an empty pattern by throwing; it names no place.
      const matches = glob === '' ? () => false : picomatch(glob, { dot: true, nonegate: true })
      return (finding) => {
        return finding.rule === rule && targetsOf(finding).some((target) => target === glob || matches(target))
      }
    })
}

/** What a GLOB is compared with: the paths, field or name of the place; none: no glob matches. */
export function targetsOf({ location }: Pick<Finding, 'location'>): string[] {
  if (location?.kind === 'source' && location.path !== undefined) return [location.path, location.source]
  const target = targetOf(location)
  return target === null ? [] : [target]
}

function targetOf(location: Finding['location']): string | null {
  if (location === null) return null
  switch (location.kind) {
    case 'layer':
    case 'writable-layer':
    case 'volume':
    case 'memory':
    case 'mount':
      return location.path
    case 'image-config':
    case 'container-config':
    case 'history':
      return location.field
    case 'attestation':
      return location.predicateType
    case 'log':
      return location.stream
    case 'process':
      return location.detail
    case 'build-log':
      return String(location.line)
    case 'source':
      return location.source
  }
}
