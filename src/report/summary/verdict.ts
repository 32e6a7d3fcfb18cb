/** Pure: the head of the summary: what came out, in one line and one sentence. */
import type { Evidence, Outcome, Verdict } from '../../evidence.js'
import { byPlace, counts, worstFirst } from '../findings.js'
import { count, duration, plural, size } from '../format.js'
import type { Section } from '../page.js'
import { PLACES, shownBytes } from '../places.js'
import { code, prose } from '../text.js'
import type { RunFacts } from '../types.js'

const HEADINGS: Record<Outcome, string> = {
  pass: '✓ tmpfs-check: pass',
  fail: '✗ tmpfs-check: fail',
  inconclusive: '? tmpfs-check: inconclusive'
}

function looked(evidence: Evidence): string {
  const read = evidence.coverage.filter((each) => each.state === 'complete')
  const places = new Set(read.map((each) => each.source)).size
  const items = read.reduce((sum, each) => sum + each.items, 0)
  const bytes = read.reduce((sum, each) => sum + shownBytes(each), 0)
  const secrets = evidence.secrets.filter((each) => each.extent === 'whole').length
  return `${plural(secrets, 'secret')} looked for in ${plural(places, 'place')}: ${count(items)} items, ${size(bytes)}`
}

function foundIn(verdict: Verdict): string {
  const places = [...byPlace(verdict)].filter(([, each]) => each.errors + each.warnings > 0)
  return places.map(([place, each]) => `${PLACES[place]} (${each.errors + each.warnings})`).join(', ')
}

function sentence(evidence: Evidence, verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'pass':
      return `What is secret was in memory and nowhere else. ${looked(evidence)}; ${counts(verdict)}.`
    case 'fail': {
      const places = foundIn(verdict)
      return `${counts(verdict)}${places === '' ? '' : `: ${places}`}. ${looked(evidence)}.`
    }
    case 'inconclusive': {
      const first = worstFirst(verdict).find((each) => each.severity === 'inconclusive')
      const why = first === undefined ? '' : ` ${prose(first.message)}`
      return `This is not a pass: not everything that would prove it was seen.${why}`
    }
  }
}

const KINDS = { build: 'the build of', image: 'the image', container: 'the running container' }

function ran(evidence: Evidence): string {
  const { container } = evidence
  if (container === null) return 'no container ran'
  const uid = container.uid === null ? '' : ` as user ${container.uid}`
  if (container.state === 'never-started') return 'its container never started'
  const ended = container.oomKilled ? 'killed for want of memory' : `exit code ${container.exitCode ?? 'unknown'}`
  if (container.state === 'exited') return `its container ran${uid} and ended (${ended})`
  const reason = container.readyReason === null ? '' : ` (${prose(container.readyReason)})`
  return `its container ran${uid}, ${container.ready ? 'ready' : 'not ready'}${reason}`
}

/** The heading, one sentence, and what was checked with what. */
export function verdictSection(evidence: Evidence, verdict: Verdict, run: RunFacts): Section {
  const { engine, image, subject } = evidence
  const id = image === null ? '' : `, image ${code(image.id.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1'))}`
  const runc = engine.runcVersion === null ? '' : `, runc ${prose(engine.runcVersion)}`
  const host = engine.hostAccess
    ? 'with the host view'
    : `without the host view${engine.hostAccessReason === null ? '' : ` (${prose(engine.hostAccessReason)})`}`
  return {
    head: [
      `## ${HEADINGS[verdict.outcome]}`,
      '',
      sentence(evidence, verdict),
      '',
      `Checked in ${duration(run.durationMs)}: ${KINDS[subject.kind]} ${code(subject.name)}${id}; ${ran(evidence)}. ` +
        `Docker ${prose(engine.version)}${runc}, ${prose(engine.storageDriver)}, ${engine.store} image store, ${host}.`
    ].join('\n'),
    rows: [],
    most: 0,
    more: () => ''
  }
}
