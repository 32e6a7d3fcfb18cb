/** The container under check, held by its main process. */
import { closeSync, readdirSync, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { belongsTo, cgroupPath, parseCgroup } from '../kernel/cgroup.js'
import { parseMountinfo, type MountLine } from '../kernel/mountinfo.js'
import { parseIdMap, parseStatus, startTime, type IdMap, type ProcessStatus } from '../kernel/process.js'
import { hasSwap, maySwap, type CgroupLimits } from '../kernel/swap.js'
import type { SwapFact } from '../evidence.js'
import { openRoot } from '../scan/walk-open.js'
import { readText } from './text.js'

/** What the looks need of a container. */
export type Held = Pick<HeldContainer, 'pid' | 'pids' | 'mounts' | 'mountinfos' | 'uidMap' | 'gidMap'>

export class HeldContainer {
  readonly pid: number
  readonly containerId: string
  readonly #started: string
  readonly #pidNamespace: string | null

  private constructor(pid: number, containerId: string, started: string) {
    this.pid = pid
    this.containerId = containerId
    this.#started = started
    const namespace = namespaceOf(pid, 'pid')
    this.#pidNamespace = namespace === namespaceOf('self', 'pid') ? null : namespace
  }

  /**
   * Takes hold; null when no process of that container has the pid: it has ended (Docker then says pid 0), its number is
   * somebody else's by now, or the engine counts in another pid namespace.
   */
  static hold(pid: number, containerId: string): HeldContainer | null {
    if (!Number.isSafeInteger(pid) || pid <= 1 || !/^[0-9a-f]{64}$/.test(containerId)) return null
    const started = startTime(readText(`/proc/${pid}/stat`) ?? '')
    const held = started === null ? null : new HeldContainer(pid, containerId, started)
    return held?.isThere() === true ? held : null
  }

  /** Whether the pid is still the process it was, alive, and still the container's. */
  isThere(): boolean {
    const stat = readText(`/proc/${this.pid}/stat`) ?? ''
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    return startTime(stat) === this.#started && !['Z', 'X', 'x'].includes(state) && this.#isOurs(this.pid)
  }

  /** Opens the container's own root directory, sees that it is its own, and lets `use` look at it. */
  async withRoot<T>(use: (root: number) => T | Promise<T>): Promise<T> {
    const root = openRoot(`/proc/${this.pid}/root`)
    try {
      if (!this.isThere()) throw Object.assign(new Error('gone'), { code: 'the container has ended' })
      return await use(root)
    } finally {
      closeSync(root)
    }
  }

  /** Every process of the container: in its cgroup or below it, or in its own pid namespace. */
  pids(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid === this.pid || this.#isOurs(pid) || this.#inNamespace(pid))
  }

  #isOurs(pid: number): boolean {
    return belongsTo(parseCgroup(readText(`/proc/${pid}/cgroup`) ?? ''), this.containerId)
  }

  #inNamespace(pid: number): boolean {
    return this.#pidNamespace !== null && namespaceOf(pid, 'pid') === this.#pidNamespace
  }

  /** The main process, in the host's numbers; null when it has ended. */
  status(): ProcessStatus | null {
    const text = readText(`/proc/${this.pid}/status`)
    return text === null ? null : parseStatus(text)
  }

  uidMap(): IdMap[] {
    return parseIdMap(readText(`/proc/${this.pid}/uid_map`) ?? '')
  }

  gidMap(): IdMap[] {
    return parseIdMap(readText(`/proc/${this.pid}/gid_map`) ?? '')
  }

  /** Mounts of the main process. Throws when they cannot be read. */
  mounts(): MountLine[] {
    const text = readText(`/proc/${this.pid}/mountinfo`) ?? ''
    if (text === '') throw Object.assign(new Error('no mounts'), { code: 'the mounts could not be read' })
    return parseMountinfo(text)
  }

  /** mountinfo of the main process first, then of one process in each other mount namespace. */
  mountinfos(): { pid: number; text: string }[] {
    const seen = new Map<string, { pid: number; text: string }>()
    for (const pid of [this.pid, ...this.pids()]) {
      const namespace = namespaceOf(pid, 'mnt')
      if (namespace === null || seen.has(namespace)) continue
      const text = readText(`/proc/${pid}/mountinfo`)
      if (text !== null && text !== '') seen.set(namespace, { pid, text })
    }
    return [...seen.values()]
  }

  swap(): SwapFact {
    const swaps = readText('/proc/swaps')
    const { may, detail } = maySwap(this.#limits())
    return { hostSwap: swaps === null ? null : hasSwap(swaps), containerMaySwap: may, detail }
  }

  /** Limits of the container's memory cgroup and its parents, innermost first. */
  #limits(): CgroupLimits[] {
    const own = cgroupPath(parseCgroup(readText(`/proc/${this.pid}/cgroup`) ?? ''), 'memory')
    if (own === null || own.path.includes('..')) return []
    const base = own.version === 2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory'
    const levels: CgroupLimits[] = []
    for (let path = own.path; path !== '/' && path !== '.'; path = dirname(path)) {
      const limit = (name: string): string | null => readText(`${base}${path}/memory.${name}`)?.trim() ?? null
      levels.push({
        swapMax: limit('swap.max'),
        limit: limit('limit_in_bytes'),
        memsw: limit('memsw.limit_in_bytes'),
        swappiness: limit('swappiness')
      })
    }
    return levels
  }
}

function namespaceOf(pid: number | 'self', kind: 'mnt' | 'pid'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`)
  } catch {
    // The process has ended: it has no namespaces any more.
    return null
  }
}
