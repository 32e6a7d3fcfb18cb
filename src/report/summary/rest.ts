/** Pure: what was looked for, what absence is worth, where the time went, and how to do it again. */
import type { Evidence, SecretFact } from '../../evidence.js'
import { assurance } from '../assurance.js'
import { bar, count, duration, plural } from '../format.js'
import { details, moreCells, row, tableHead, type Section } from '../page.js'
import { PLACES } from '../places.js'
import { block, code, prose } from '../text.js'
import type { RunFacts } from '../types.js'

const MOST_ROWS = 50
const ORIGINS: Record<SecretFact['origin'], string> = {
  given: 'value given',
  canary: 'random canary in its place',
  discovered: 'written by the program'
}
const DELIVERED: Record<SecretFact['delivered'], string> = {
  file: 'file in memory',
  env: 'environment variable',
  none: 'not delivered'
}

function seenInMemory(evidence: Evidence): ReadonlySet<number> {
  const hits = evidence.hits.filter(({ location }) => location.kind === 'memory' && location.declared)
  return new Set(hits.map((each) => each.secret))
}

/** Whole secrets by name; parts of discovered files are only counted. */
export function secretsSection(evidence: Evidence): Section {
  const seen = seenInMemory(evidence)
  const whole = evidence.secrets.flatMap((fact, index) => (fact.extent === 'whole' ? [{ fact, index }] : []))
  const parts = evidence.secrets.length - whole.length
  const rows = whole.slice(0, MOST_ROWS).map(({ fact, index }) => {
    const there = fact.origin === 'discovered' || seen.has(index)
    const delivery = fact.origin === 'discovered' ? '' : DELIVERED[fact.delivered]
    return row(code(fact.name), ORIGINS[fact.origin], delivery, there ? '✓ seen' : '– not seen')
  })
  const notes = [
    parts > 0 ? `Also looked for: ${plural(parts, 'part')} of what the program wrote (lines and values).` : '',
    evidence.plainParts > 0 ? `Left out: ${plural(evidence.plainParts, 'part')} too plain to mean anything.` : '',
    evidence.missingFiles.length > 0
      ? `Expected and not there: ${evidence.missingFiles
          .slice(0, 10)
          .map((each) => code(each))
          .join(', ')}.`
      : ''
  ].filter((each) => each !== '')
  const columns = ['Secret', 'Origin', 'Delivered as', 'In memory']
  return details(`What was looked for (${count(whole.length)})`, {
    head: tableHead(...columns),
    rows,
    total: whole.length,
    most: MOST_ROWS,
    more: moreCells(columns.length, 'in the report'),
    ...(notes.length === 0 ? {} : { foot: notes.join('  \n') })
  })
}

/** What the absence of a finding is worth in each place. */
export function assuranceSection(evidence: Evidence): Section {
  const columns = ['Place', 'Absence is', 'Because']
  return details('What “not there” is worth', {
    head: tableHead(...columns),
    rows: assurance(evidence).map((each) => row(PLACES[each.source], each.absence, prose(each.reason))),
    most: 50,
    more: moreCells(columns.length, 'places')
  })
}

/** Where the time went, stage by stage. */
export function timingsSection(run: RunFacts): Section[] {
  if (run.timings.length === 0) return []
  const columns = ['Stage', 'Time:', '']
  const longest = Math.max(1, ...run.timings.map((each) => each.ms))
  return [
    details(`Where the time went (${duration(run.durationMs)})`, {
      head: tableHead(...columns),
      rows: run.timings.map(({ stage, ms }) => row(prose(stage), duration(ms), bar(ms / longest, 20))),
      most: 50,
      more: moreCells(columns.length, 'stages')
    })
  ]
}

/** A word for bash: as it is when plain, else in quotes; with line ends in it, in `$'…'`. */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (text.includes('\n')) return `$'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function inputs(evidence: Evidence): string[] {
  const { subject, mounts, secrets, expectFiles, deliver, fallback } = evidence
  const dockerfile = subject.kind === 'build' ? (fallback.dockerfile?.file ?? null) : null
  const usual = ['Dockerfile', `${subject.name}/Dockerfile`]
  const names = secrets.filter((each) => each.origin !== 'discovered').map((each) => each.name)
  return [
    `${subject.kind === 'build' ? 'context' : subject.kind}=${subject.name}`,
    ...(dockerfile === null || usual.includes(dockerfile) ? [] : [`file=${dockerfile}`]),
    ...(mounts.length === 0 ? [] : [`tmpfs=${mounts.map((each) => each.declared.text).join('\n')}`]),
    ...(names.length === 0 ? [] : [`secrets=${names.join('\n')}`]),
    ...(deliver === 'file' ? [] : [`deliver=${deliver}`]),
    ...(expectFiles.length === 0 ? [] : [`expect-files=${expectFiles.join('\n')}`])
  ]
}

/** The same check on another machine, with canaries in place of given values. */
export function reproduceSection(evidence: Evidence): Section {
  const command = ['../tmpfs-check/script/run-action', ...inputs(evidence).map(shellWord)].join(' \\\n  ')
  const head = `With a checkout of tmpfs-check beside that of this repository, and random canaries for secrets:\n\n${block(command)}`
  return details('Check it again on your own machine', { head, rows: [], most: 0, more: () => '' })
}
