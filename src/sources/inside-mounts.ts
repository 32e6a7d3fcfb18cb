/**
 * The mounts as they look from inside the container: mountinfo and names read by the shell itself, and beside them what
 * the image's tools claim (mount, stat, df, ls, cat), which is compared with the kernel in inside-compare.ts.
 */
import type { Coverage, EffectiveMount, ForeignMount, TmpfsSpec } from '../evidence.js'
import { coverageRow, type ContainerContext } from './engine-context.js'
import { runSmallScript, withHelp } from './inside-exec.js'
import { Answers, claimsOf, longListing, statClaim, type ToolClaims } from './inside-claims.js'
import { foreignMounts, isMemory, mountOf, parseMountinfo, sizeLimit, type MountLine } from '../kernel/mountinfo.js'

const MOST_BYTES = 32 * 1024 * 1024
/** Names listed of one directory. */
export const MOST_NAMES = 5000

export interface InsideMounts {
  /** By the path as declared; null: could not look (coverage says why). A path without a mount shows what it lies on. */
  mounts: Map<string, EffectiveMount | null>
  foreign: Map<string, ForeignMount[]>
  /** Names in the directory; raw, foreign text. */
  listing: Map<string, string[]>
  claims: Map<string, ToolClaims>
  /** What `cat` gave for the files asked for; null: no such file, or it could not be read. Secret. */
  contents: Map<string, Buffer | null>
  /** All mounts of the container; null when they could not be read. */
  table: MountLine[] | null
  coverage: Coverage
}

const SCRIPT = [
  's mountinfo',
  `while IFS= read -r l; do printf '%s\\n' "$l"; done </proc/self/mountinfo`,
  'w mount mount',
  'i=0',
  'while [ $# -gt 0 ] && [ "$1" != -- ]; do',
  '  p=$1; shift',
  '  s "$i.real"; ( cd -P "$p" 2>/dev/null && pwd -P )',
  `  s "$i.names"; ( cd -P "$p" 2>/dev/null && n=0 && for f in * .[!.]* ..?*; do`,
  `    if [ -e "$f" ] || [ -L "$f" ]; then n=$((n + 1)); [ $n -gt ${MOST_NAMES} ] && break; printf '%s/' "$f"; fi; done )`,
  `  t "$i.status" stat -c '%a %u %g' "$p/."`,
  '  t "$i.long" ls -ldn "$p/."',
  `  w "$i.stat" stat -c '%a %u %g' "$p/."`,
  `  w "$i.statfs" stat -f -c '%t' "$p/."`,
  '  w "$i.df" df -P -k "$p/."',
  '  w "$i.ls" ls -A "$p/."',
  '  i=$((i + 1))',
  'done',
  '[ $# -gt 0 ] && shift',
  'i=0',
  'while [ $# -gt 0 ]; do',
  '  if [ -f "$1" ]; then w "file$i" cat -- "$1"; fi',
  '  i=$((i + 1)); shift',
  'done'
]

/**
 * Looks at the declared paths, and reads the files `read` (absolute paths; ask for few and small ones) by `cat`. One
 * `docker exec` in all. Never throws: what could not be looked at is in the coverage.
 */
export async function insideMounts(
  context: ContainerContext,
  specs: readonly TmpfsSpec[],
  read: readonly string[] = []
): Promise<InsideMounts> {
  const startedAt = performance.now()
  const args = [...specs.map((spec) => spec.path), '--', ...read]
  const answer = await runSmallScript(context, { lines: SCRIPT, args, maxBytes: MOST_BYTES })
  const found: Omit<InsideMounts, 'coverage'> = {
    mounts: new Map(specs.map((spec) => [spec.path, null])),
    foreign: new Map(),
    listing: new Map(),
    claims: new Map(),
    contents: new Map(),
    table: mountTable(answer.sections)
  }
  read.forEach((path, index) => found.contents.set(path, contentOf(answer.sections, `file${index}`)))
  const missing: string[] = []
  specs.forEach((spec, index) => {
    const problem = lookAt(found, spec.path, new Answers(answer.sections, index))
    if (problem !== null) missing.push(problem)
  })
  const problems = answer.reason === null ? missing : [answer.reason]
  const reason = problems.length === 0 ? null : withHelp(problems)
  const looked = [...found.mounts.values()].filter((mount) => mount !== null).length
  const bytes = [...answer.sections.values()].reduce((sum, section) => sum + section.length, 0)
  const state = reason === null ? 'complete' : looked > 0 ? 'partial' : 'failed'
  const counted = { items: looked, bytes, startedAt }
  return { ...found, coverage: coverageRow({ source: 'mounts', view: 'inside' }, counted, { state, reason }) }
}

function mountTable(sections: Map<string, Buffer>): MountLine[] | null {
  const text = sections.get('mountinfo')?.toString() ?? ''
  if (text === '') return null
  try {
    return parseMountinfo(text)
  } catch {
    // Not what a kernel writes: the look failed, as the coverage of every path then says.
    return null
  }
}

function contentOf(sections: Map<string, Buffer>, label: string): Buffer | null {
  return sections.get(`${label}.code`)?.toString() === '0' ? (sections.get(label) ?? null) : null
}

/** Fills in one path; returns why it could not be looked at, or null. */
function lookAt(found: Omit<InsideMounts, 'coverage'>, path: string, answers: Answers): string | null {
  if (found.table === null) return '/proc/self/mountinfo could not be read inside'
  const real = answers.own('real')?.replace(/\n$/, '') ?? ''
  if (!real.startsWith('/')) return `${path} could not be entered inside`
  const line = mountOf(found.table, real)
  const claims = claimsOf(answers, real)
  found.claims.set(path, claims)
  found.listing.set(path, (answers.own('names') ?? '').split('/').slice(0, -1))
  found.foreign.set(path, foreignMounts(found.table, real))
  const status = statClaim(answers.tool('status') ?? '') ?? longListing(answers.tool('long'))
  if (line === null || status === null) return `the image has neither stat nor ls to tell the mode of ${path}`
  found.mounts.set(path, {
    view: 'inside',
    resolvedPath: real,
    fstype: line.fstype,
    size: isMemory(line.fstype) ? sizeLimit(line) : null,
    ...status,
    flags: line.flags
  })
  return null
}
