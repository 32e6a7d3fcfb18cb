/** Small facts that a shell inside the container can tell, where there is no host access. */
import { createHash } from 'node:crypto'
import type { SwapFact } from '../evidence.js'
import { handles, parseStatus } from '../kernel/process.js'
import { hasSwap, maySwap, type CgroupLimits } from '../kernel/swap.js'
import type { ContainerContext } from './engine-context.js'
import { runSmallScript } from './inside-exec.js'

const SIGTERM = 15
const FACTS_BYTES = 1024 * 1024
const LISTING_BYTES = 16 * 1024 * 1024
/** Names listed; a listing of more is cut, but its signature is of all. */
const MOST_NAMES = 10_000

export interface MainProcess {
  /** Effective, as the container counts. */
  uid: number
  gid: number
  /** Whether it has a handler for SIGTERM: without one the first process of a container ignores it (signal(7)). */
  handlesTerm: boolean
}

export interface InsideFacts {
  /** null: /proc/1/status could not be read. */
  main: MainProcess | null
  /** null: /proc/swaps could not be read. */
  swap: SwapFact | null
}

/** Only builtins of the shell. In a cgroup namespace, and with version 1, the container's own group is at the root. */
const FACTS = [
  `p() { s "$1"; [ -f "$2" ] && while IFS= read -r l || [ -n "$l" ]; do printf '%s\\n' "$l"; done <"$2"; }`,
  'p status /proc/1/status',
  'p swaps /proc/swaps',
  'p swapMax /sys/fs/cgroup/memory.swap.max',
  'p limit /sys/fs/cgroup/memory/memory.limit_in_bytes',
  'p memsw /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes',
  'p swappiness /sys/fs/cgroup/memory/memory.swappiness'
]

/** Who the main process is, and whether the container's memory can be swapped. Never throws. */
export async function insideFacts(context: ContainerContext): Promise<InsideFacts> {
  const { sections } = await runSmallScript(context, { lines: FACTS, maxBytes: FACTS_BYTES })
  const said = (label: string): string | null => {
    const text = sections.get(label)?.toString().trim() ?? ''
    return text === '' ? null : text
  }
  const status = parseStatus(said('status') ?? '')
  const main = status === null ? null : { uid: status.uid, gid: status.gid, handlesTerm: handles(status, SIGTERM) }
  const swaps = said('swaps')
  return { main, swap: swaps === null ? null : swapFact(swaps, said) }
}

function swapFact(swaps: string, said: (label: string) => string | null): SwapFact {
  const number = (label: string): string | null => {
    const text = said(label)
    return text !== null && /^(\d+|max)$/.test(text) ? text : null
  }
  const own: CgroupLimits = {
    swapMax: number('swapMax'),
    limit: number('limit'),
    memsw: number('memsw'),
    swappiness: number('swappiness')
  }
  const { may, detail } = maySwap([own])
  return { hostSwap: hasSwap(swaps), containerMaySwap: may, detail }
}

export interface InsideListing {
  /** A checksum that changes with names, sizes and times, to the nanosecond where `ls` can tell. */
  signature: string
  /** Absolute paths of everything under the paths, as those were given; foreign text. At most 10,000. */
  paths: string[]
}

/** Names by the shell itself, ended by NUL; `ls` for sizes and times. */
const LISTING = [
  's names',
  `n=0; walk() { for f in "$1"/* "$1"/.[!.]* "$1"/..?*; do`,
  `  [ $n -ge ${MOST_NAMES} ] && return`,
  `  if [ -e "$f" ] || [ -L "$f" ]; then n=$((n + 1)); printf '%s\\000' "$f"; fi`,
  '  if [ -d "$f" ] && [ ! -L "$f" ]; then walk "$f"; fi; done; }',
  'for p in "$@"; do walk "$p"; done',
  's list',
  'for p in "$@"; do ls -lnRA --full-time "$p/." 2>/dev/null || ls -lnRA "$p/." 2>/dev/null; done'
]

/**
 * What lies under the paths, for waiting until a program has settled; never for a judgement. null: could not look (no
 * shell, or the container has ended). Never throws.
 */
export async function insideListing(
  context: ContainerContext,
  paths: readonly string[]
): Promise<InsideListing | null> {
  const { sections, reason } = await runSmallScript(context, { lines: LISTING, args: paths, maxBytes: LISTING_BYTES })
  if (reason !== null) return null
  const names = sections.get('names') ?? Buffer.alloc(0)
  const list = sections.get('list') ?? Buffer.alloc(0)
  const signature = createHash('sha256').update(names).update('\n').update(list).digest('hex')
  return { signature, paths: names.toString().split('\0').slice(0, -1) }
}
