/** Pure: the last lines of the job log, or of a terminal. */
import type { Coverage, Evidence, Finding, Outcome, Verdict } from '../evidence.js'
import { byPlace, counts, result, SIGNS, worstFirst } from './findings.js'
import { count, duration, plural, rate, size } from './format.js'
import { PLACES, shownBytes, where } from './places.js'
import { oneLine, severalLines } from './text.js'
import type { RunFacts } from './types.js'

/** Readable on light and dark ground alike: cyan, green, red, yellow, and grey 244 of the 256 colours. */
const COLOURS = { name: '36', good: '32', bad: '31', warn: '33', dim: '38;5;244' }
type Colour = keyof typeof COLOURS
type Paint = (colour: Colour, text: string) => string

const MOST_FINDINGS = 20

/** Whether to colour: not when NO_COLOR is set to anything (no-color.org). */
export function wantsColour(env: { NO_COLOR?: string | undefined }, capable: boolean): boolean {
  return capable && (env.NO_COLOR === undefined || env.NO_COLOR === '')
}

function painter(colour: boolean): Paint {
  return (name, text) => (colour ? `\u001b[${COLOURS[name]}m${text}\u001b[0m` : text)
}

const SIGN_COLOURS: Record<string, Colour> = { '✓': 'good', '✗': 'bad', '?': 'warn', '!': 'warn', '–': 'dim' }

function sign(paint: Paint, text: string): string {
  return paint(SIGN_COLOURS[text] ?? 'dim', text)
}

/** `✓ image layers, 178,182 items, 412 MB, 3.1 s (133 MB/s), no findings`. */
function placeLine(coverage: Coverage, found: ReturnType<typeof byPlace>, paint: Paint): string {
  const { sign: mark, words } = result(coverage, found.get(coverage.source))
  const speed = rate(coverage.bytes, coverage.durationMs)
  const took = speed === null ? duration(coverage.durationMs) : `${duration(coverage.durationMs)} (${speed})`
  const name = paint('name', PLACES[coverage.source])
  const why = coverage.reason === null ? '' : paint('dim', ` (${oneLine(coverage.reason)})`)
  if (coverage.state === 'skipped') return `${sign(paint, mark)} ${name}, ${words}${why}`
  const bytes = shownBytes(coverage)
  const read = [name, plural(coverage.items, 'item'), ...(bytes > 0 ? [size(bytes)] : []), took, words]
  return `${sign(paint, mark)} ${read.join(', ')}${why}`
}

function findingLines(finding: Finding, evidence: Evidence, paint: Paint): string[] {
  const at = where(finding.location, evidence.image?.layers.length ?? null)
  const place = at === null ? '' : `${at.what}${at.name === null ? '' : ` ${oneLine(at.name)}`}`
  const line = finding.annotation
  const source = line === null ? '' : `${oneLine(line.file)}:${line.startLine}`
  const head = [finding.rule, finding.secret === null ? '' : oneLine(finding.secret), finding.form ?? '', place, source]
  return [
    `${sign(paint, SIGNS[finding.severity])} ${paint(finding.severity === 'error' ? 'bad' : 'warn', finding.severity)} ${head
      .filter((part) => part !== '')
      .join(', ')}`,
    `    ${oneLine(finding.message, 1000)}`,
    ...severalLines(finding.fix, 2000).map((text) => paint('dim', `    ${text}`.trimEnd()))
  ]
}

const OUTCOMES: Record<Outcome, { word: string; colour: Colour }> = {
  pass: { word: 'PASS', colour: 'good' },
  fail: { word: 'FAIL', colour: 'bad' },
  inconclusive: { word: 'INCONCLUSIVE', colour: 'warn' }
}

/** `tmpfs-check: PASS in 14.2 s`, with the counts when there is anything to count. */
export function lastLine(verdict: Verdict, durationMs: number | null = null, colour = false): string {
  const { word, colour: name } = OUTCOMES[verdict.outcome]
  const found = counts(verdict)
  const rest = found === 'no findings' ? '' : ` (${found})`
  const took = durationMs === null ? '' : ` in ${duration(durationMs)}`
  return `tmpfs-check: ${painter(colour)(name, word)}${took}${rest}`
}

/** One line a place and view; then, where wanted, the findings with their fixes; last the verdict. */
export function logLines(
  evidence: Evidence,
  verdict: Verdict,
  options: { run: RunFacts; colour: boolean; findings: boolean }
): string[] {
  const paint = painter(options.colour)
  const found = byPlace(verdict)
  const open = options.findings ? worstFirst(verdict) : []
  const more = open.length > MOST_FINDINGS ? [`and ${count(open.length - MOST_FINDINGS)} more in the report`] : []
  return [
    ...evidence.coverage.map((each) => placeLine(each, found, paint)),
    ...open.slice(0, MOST_FINDINGS).flatMap((each) => findingLines(each, evidence, paint)),
    ...more,
    lastLine(verdict, options.run.durationMs, options.colour)
  ]
}
