/**
 * What is in memory, without host access: read by the image's own `tar`, else by its shell and `cat`, as root. A tmpfs is
 * in no `docker cp` or `docker export`.
 */
import type { Coverage, CoverageState, Hit, MemoryFile, SourceName } from '../evidence.js'
import { coverageRow, type ContainerContext, type Counted, type Search } from './engine-context.js'
import { scanTar } from './engine-tar.js'
import { execArgs, runSmallScript, withHelp } from './inside-exec.js'
import { FILE_BYTES, MemoryCollector, type DeclaredPath, type MemoryContent } from './inside-memory-place.js'
import { readByShell } from './inside-memory-shell.js'
import { parseMountinfo, type MountLine } from '../kernel/mountinfo.js'

const TABLE_BYTES = 16 * 1024 * 1024
/** A file that changes while tar reads it spoils that reading (GNU tar, exit code 1). */
const ATTEMPTS = 3

export interface MemoryRequest {
  search: Search
  /** Declared tmpfs paths, as declared. */
  declared: readonly string[]
  /** Absolute paths of what we delivered. */
  delivered: readonly string[]
  /** Where they lie and what else is mounted, as known from a moment ago; null: ask. */
  mounts?: KnownMounts | null
}

export interface KnownMounts {
  declared: DeclaredPath[]
  table: MountLine[]
}

export interface MemoryScan {
  hits: Hit[]
  /** Regular files under the declared paths. */
  files: MemoryFile[]
  /** Their contents, for discovery: at most 1 MiB each and 8 MiB in all. Secret. */
  contents: MemoryContent[]
  /** `memory` and `other-memory`. */
  coverage: Coverage[]
}

/** Reads and searches the declared tmpfs mounts, `/dev/shm` and every other mount in memory. Never throws. */
export async function insideMemory(context: ContainerContext, request: MemoryRequest): Promise<MemoryScan> {
  const startedAt = performance.now()
  const known = request.mounts ?? null
  const { declared, table, problem } =
    known === null ? await listMounts(context, request.declared) : { ...known, problem: null }
  let collector = new MemoryCollector(declared, table, request.delivered)
  let reason: string | null = null
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    collector = new MemoryCollector(declared, table, request.delivered)
    const end = await readByTar(context, request.search, collector)
    reason = end.noTar ? await readByShell(context, request.search, collector) : end.reason
    if (reason === null || end.noTar || context.signal.aborted) break
  }
  const { hits, files, contents, counts, tooLarge } = collector
  const row = (source: SourceName, counted: Omit<Counted, 'startedAt'>, problems: (string | null)[]): Coverage => {
    const real = problems.filter((each) => each !== null)
    const state: CoverageState = real.length === 0 ? 'complete' : counted.items > 0 ? 'partial' : 'failed'
    const remark = source === 'memory' && tooLarge > 0 ? `${tooLarge} files are too large for discovery` : null
    const text = real.length === 0 ? remark : withHelp(real)
    return coverageRow({ source, view: 'inside' }, { ...counted, startedAt }, { state, reason: text })
  }
  const coverage = [
    row('memory', counts.declared, [reason]),
    row('other-memory', counts.other, [reason, problem === null ? null : `the mounts are not known: ${problem}`])
  ]
  return { hits, files, contents, coverage }
}

interface Mounts {
  declared: DeclaredPath[]
  table: MountLine[] | null
  /** Why the mounts are not known; null when they are. */
  problem: string | null
}

async function listMounts(context: ContainerContext, paths: readonly string[]): Promise<Mounts> {
  const lines = [
    's mountinfo',
    `while IFS= read -r l; do printf '%s\\n' "$l"; done </proc/self/mountinfo`,
    'i=0; for p in "$@"; do s "$i"; ( cd -P "$p" 2>/dev/null && pwd -P ); i=$((i + 1)); done'
  ]
  const { sections, reason } = await runSmallScript(context, { lines, args: paths, maxBytes: TABLE_BYTES })
  const declared = paths.map((path, index): DeclaredPath => {
    const real = sections.get(String(index))?.toString().replace(/\n$/, '') ?? ''
    return { declared: path, real: real.startsWith('/') ? real : path }
  })
  const text = sections.get('mountinfo')?.toString() ?? ''
  if (reason !== null || text === '') {
    return { declared, table: null, problem: reason ?? 'mountinfo is empty' }
  }
  try {
    return { declared, table: parseMountinfo(text), problem: null }
  } catch {
    // Not what a kernel writes.
    return { declared, table: null, problem: 'mountinfo could not be read' }
  }
}

/** `noTar`: the image has no tar that could be started. */
async function readByTar(
  context: ContainerContext,
  search: Search,
  collector: MemoryCollector
): Promise<{ noTar: boolean; reason: string | null }> {
  const roots = collector.roots.map((path) => `.${path}`)
  const command = context.cli.stream(execArgs(context, '0', ['tar', '-cf', '-', '-C', '/', ...roots]), {
    timeoutMs: context.deadlineMs,
    signal: context.signal
  })
  const end = await scanTar(command, {
    ...search,
    pathOf: (name) => name.replace(/^\.?\/?/, '/'),
    wants: (entry) => {
      if (collector.place(entry.path) === null) return 'pass'
      collector.count(entry)
      return 'look'
    },
    onHit: (hit, entry) => {
      collector.hit(hit, entry.path)
    },
    keepBytes: FILE_BYTES,
    onContent: (entry, content) => {
      collector.file(entry, content)
    }
  })
  const { code } = await command.exit
  const noTar = (code === 126 || code === 127) && end.items === 0
  return { noTar, reason: end.reason === null ? null : `tar inside the container: ${end.reason}` }
}
