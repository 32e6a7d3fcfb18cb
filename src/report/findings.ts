/** Pure: findings sorted and counted for showing. */
import type { Coverage, Finding, Severity, SourceName, Verdict } from '../evidence.js'
import { plural } from './format.js'
import { placeOf } from './places.js'

export const SIGNS: Record<Severity, string> = { error: '✗', warning: '!', inconclusive: '?' }
const ORDER: Severity[] = ['error', 'inconclusive', 'warning']

/** Those that count, worst first; within one severity in the order of the rules. */
export function worstFirst(verdict: Verdict): Finding[] {
  const open = verdict.findings.filter((each) => !each.ignored)
  return ORDER.flatMap((severity) => open.filter((each) => each.severity === severity))
}

/** `3 errors, 1 warning, 2 ignored`; `no findings`. */
export function counts(verdict: Pick<Verdict, 'errors' | 'warnings' | 'inconclusive' | 'ignored'>): string {
  const parts = [
    verdict.errors > 0 ? plural(verdict.errors, 'error') : '',
    verdict.warnings > 0 ? plural(verdict.warnings, 'warning') : '',
    verdict.inconclusive > 0 ? `${verdict.inconclusive} inconclusive` : '',
    verdict.ignored > 0 ? `${verdict.ignored} ignored` : ''
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'no findings' : parts.join(', ')
}

export interface PlaceCount {
  errors: number
  warnings: number
  inconclusive: number
  ignored: number
}

/** How many findings each place has. */
export function byPlace(verdict: Verdict): Map<SourceName, PlaceCount> {
  const places = new Map<SourceName, PlaceCount>()
  for (const finding of verdict.findings) {
    const place = placeOf(finding)
    if (place === null) continue
    const known = places.get(place) ?? { errors: 0, warnings: 0, inconclusive: 0, ignored: 0 }
    if (finding.ignored) known.ignored += 1
    else if (finding.severity === 'error') known.errors += 1
    else if (finding.severity === 'warning') known.warnings += 1
    else known.inconclusive += 1
    places.set(place, known)
  }
  return places
}

/** What came out of one place by one view, in a sign and words. */
export function result(
  coverage: Pick<Coverage, 'state'>,
  found: PlaceCount | undefined
): { sign: string; words: string } {
  const words = found === undefined ? 'no findings' : counts(found)
  if (found !== undefined && found.errors > 0) return { sign: SIGNS.error, words: words + cut(coverage.state) }
  switch (coverage.state) {
    case 'complete':
      return { sign: signOf(found), words }
    case 'partial':
      return { sign: '?', words: found === undefined ? 'read in part' : `${words}, read in part` }
    case 'failed':
      return { sign: '?', words: 'could not be read' }
    case 'skipped':
      return { sign: '–', words: 'not looked at' }
  }
}

function signOf(found: PlaceCount | undefined): string {
  if (found !== undefined && found.inconclusive > 0) return SIGNS.inconclusive
  return found !== undefined && found.warnings > 0 ? SIGNS.warning : '✓'
}

function cut(state: Coverage['state']): string {
  return state === 'complete' ? '' : ', read in part'
}
