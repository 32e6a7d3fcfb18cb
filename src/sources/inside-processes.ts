/**
 * The processes without host access: command lines by `docker top` (the engine's host runs `ps`), and from inside
 * /proc/<pid>/{cmdline,environ} and the open files that have no name, read by a script with the image's own tools.
 */
import type { Coverage, Hit } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import { coverageRow, type ContainerContext, type Search } from './engine-context.js'
import { textMatches } from './engine-names.js'
import { drain, runScript, whyEnded, withHelp } from './inside-exec.js'
import { FILE_BYTES, ProcessReader } from './inside-process-reader.js'

/** All that the script may say: processes can hold large files open that have no name. */
const MOST_BYTES = 1024 * 1024 * 1024
const TOP_BYTES = 16 * 1024 * 1024
/** Users whose processes are read as themselves. */
const MOST_USERS = 8

export interface ProcessesRequest {
  search: Search
  /** Declared tmpfs paths, resolved: a deleted file that is still open there is in memory where it may be. */
  declared: readonly string[]
}

export interface ProcessesScan {
  hits: Hit[]
  /** View `inside`, or `engine` when only `docker top` could look: then it is partial. */
  coverage: Coverage
}

/**
 * A process begins with `p PID`; `f` tells the link of an open file without a name and `fd` its content. `denied`: the
 * environment can be read by the process's own user alone (ptrace access mode, proc_pid_environ(5)), for a container's
 * root has no CAP_SYS_PTRACE. `$1`: the processes to read, all when empty.
 */
const SCRIPT = [
  'cd /proc || exit 91',
  'for p in [0-9]*; do',
  '  [ "$p" != "$$" ] && [ -d "$p" ] || continue',
  '  if [ -n "$1" ]; then case " $1 " in *" $p "*) ;; *) continue;; esac; fi',
  '  s "p $p"',
  `  while IFS= read -r l; do printf '%s\\n' "$l"; done 2>/dev/null <"$p/status"`,
  '  t cmdline cat "$p/cmdline"',
  '  if ( true <"$p/environ" ) 2>/dev/null; then t environ cat "$p/environ"',
  '  else [ -d "$p" ] && s denied; continue; fi',
  '  for f in "$p"/fd/*; do',
  '    [ -L "$f" ] || continue',
  '    k=$(readlink "$f" 2>/dev/null) || { [ -L "$f" ] && s unread; continue; }',
  `    case $k in "/memfd:"*|*" (deleted)") ;; *) continue;; esac`,
  '    [ -f "$f" ] || continue',
  '    s f; printf %s "$k"',
  `    t fd head -c ${FILE_BYTES} "$f"`,
  '  done',
  'done'
]

/** Searches command lines, environments and files without a name of every process. Never throws. */
export async function processes(context: ContainerContext, request: ProcessesRequest): Promise<ProcessesScan> {
  const startedAt = performance.now()
  const top = await commandLines(context, request.search)
  const reader = new ProcessReader(request.search, request.declared)
  const inside = await readInside(context, reader)
  if (reader.seen.size === 0) {
    const reasons = [inside ?? 'nothing was seen inside', ...(top.reason === null ? [] : [top.reason])]
    const reason = `command lines only: ${withHelp(reasons)}`
    const state = top.items > 0 ? 'partial' : 'failed'
    const counted = { items: top.items, bytes: top.bytes, startedAt }
    return {
      hits: top.hits,
      coverage: coverageRow({ source: 'processes', view: 'engine' }, counted, { state, reason })
    }
  }
  const problems = [...reader.problems, ...(inside === null ? [] : [inside])]
  const counted = { items: reader.seen.size, bytes: reader.bytes + top.bytes, startedAt }
  const outcome =
    problems.length === 0
      ? ({ state: 'complete', reason: null } as const)
      : ({ state: 'partial', reason: withHelp(problems) } as const)
  return {
    hits: [...reader.hits, ...unseen(top.hits, reader.hits)],
    coverage: coverageRow({ source: 'processes', view: 'inside' }, counted, outcome)
  }
}

/** Why not everything could be read from inside; null when it was. */
async function readInside(context: ContainerContext, reader: ProcessReader): Promise<string | null> {
  const first = await runScript(context, { lines: SCRIPT, args: [''], maxBytes: MOST_BYTES }, reader)
  reader.finish()
  if (first.reason !== null) return first.reason
  const users = new Map<string, number[]>()
  for (const { user, pid } of reader.denied.splice(0)) users.set(user, [...(users.get(user) ?? []), pid])
  if (users.size > MOST_USERS) return `processes of more than ${MOST_USERS} users`
  for (const [user, pids] of users) {
    if (user === '') return 'the user of a process could not be told'
    const request = { lines: SCRIPT, args: [pids.join(' ')], user, maxBytes: MOST_BYTES }
    const end = await runScript(context, request, reader)
    reader.finish()
    if (end.reason !== null) return end.reason
  }
  const denied = reader.denied.length
  return denied === 0 ? null : `${denied} processes do not let their own user read them`
}

interface TopScan {
  hits: Hit[]
  items: number
  bytes: number
  reason: string | null
}

/** Command lines by `docker top`; the pids are the engine host's. */
async function commandLines(context: ContainerContext, { matcher }: Search): Promise<TopScan> {
  const chunks: Buffer[] = []
  const command = context.cli.stream(['top', context.containerId, '-eo', 'pid,args'], {
    timeoutMs: context.deadlineMs,
    signal: context.signal
  })
  const end = await drain(command, TOP_BYTES, (chunk) => chunks.push(chunk))
  if (end.exit.code !== 0 || end.tooMuch || end.broken) {
    return { hits: [], items: 0, bytes: 0, reason: `docker top: ${whyEnded(end, TOP_BYTES)}` }
  }
  const search = new ItemSearch(matcher)
  const text = Buffer.concat(chunks).toString()
  const lines = text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line)
    return match === null ? [] : [{ pid: Number(match[1]), args: match[2] ?? '' }]
  })
  const hits = lines.flatMap(({ pid, args }) =>
    textMatches(search, args).map(({ secret, form }): Hit => ({
      secret,
      form,
      view: 'engine',
      location: { kind: 'process', pid, where: 'cmdline', detail: 'docker top' }
    }))
  )
  return { hits, items: lines.length, bytes: Buffer.byteLength(text), reason: null }
}

/** What only `docker top` saw: the same process has another number inside. */
function unseen(top: readonly Hit[], inside: readonly Hit[]): Hit[] {
  const isCommandLine = ({ location }: Hit): boolean => location.kind === 'process' && location.where === 'cmdline'
  const seen = new Set(inside.filter(isCommandLine).map((hit) => `${hit.secret} ${hit.form}`))
  return top.filter((hit) => !seen.has(`${hit.secret} ${hit.form}`))
}
