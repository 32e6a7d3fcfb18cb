/** Pure: `docker diff`, and which way its paths are best read. */
import { isWithin } from '../kernel/mountinfo.js'

/** More paths than this are read by one `docker export`. */
const MOST_COPIES = 50

export interface DiffRow {
  /** A: added, C: changed, D: deleted. */
  change: 'A' | 'C' | 'D'
  path: string
}

export interface Diff {
  rows: DiffRow[]
  /**
   * Whether every line is a row of printable ASCII. `docker diff` prints names as they are, so that a newline in one
   * makes two lines, of which the second may look like a row: then only an export tells the names exactly.
   */
  plain: boolean
  /** Whether a path of an archive is an added or changed one. */
  holds: (path: string) => boolean
}

/** Parses what `docker diff` printed. */
export function parseDiff(text: string): Diff {
  const rows: DiffRow[] = []
  let plain = true
  for (const line of text.split('\n')) {
    if (line === '') continue
    const match = /^([ACD]) (\/.*)$/.exec(line)
    if (match === null || /[^ -~]/.test(line)) plain = false
    if (match !== null) rows.push({ change: match[1] as DiffRow['change'], path: match[2] ?? '' })
  }
  const paths = new Set(rows.filter((row) => row.change !== 'D').map((row) => row.path))
  const lines = `\n${text}\n`
  const isRow = (path: string): boolean => lines.includes(`\nA ${path}\n`) || lines.includes(`\nC ${path}\n`)
  return { rows, plain, holds: (path) => (path.includes('\n') ? isRow(path) : paths.has(path)) }
}

/** How to read the paths of a diff: nothing to read, these paths one by one, or everything. */
export type ReadPlan = { way: 'none' } | { way: 'copy'; paths: string[] } | { way: 'export' }

/**
 * The top-most added paths, and the changed ones that are not merely parents of others. `mounts` are the destinations of
 * volumes and binds: `docker cp` shows what is mounted there instead of the layer (moby daemon/archive), so those are
 * left out; where one may be meant under another name (a symlink on the way), only an export is exact.
 */
export function planRead(diff: Diff, mounts: readonly string[]): ReadPlan {
  if (!diff.plain) return { way: 'export' }
  const rows = diff.rows.filter((row) => row.change !== 'D' && !isMounted(row.path, mounts))
  const added = new Set(rows.filter((row) => row.change === 'A').map((row) => row.path))
  const parents = new Set(diff.rows.flatMap((row) => ancestors(row.path)))
  const paths = rows
    .filter((row) =>
      row.change === 'A' ? !ancestors(row.path).some((each) => added.has(each)) : !parents.has(row.path)
    )
    .map((row) => row.path)
  if (paths.length === 0) return { way: 'none' }
  const names = new Set(mounts.map(lastName))
  if (paths.length > MOST_COPIES || rows.some((row) => names.has(lastName(row.path)))) return { way: 'export' }
  return { way: 'copy', paths }
}

/** Whether a path is one of the mounts or under it. */
export function isMounted(path: string, mounts: readonly string[]): boolean {
  return mounts.some((mount) => isWithin(path, mount))
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function ancestors(path: string): string[] {
  const found: string[] = []
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) found.push(path.slice(0, at))
  return found
}
