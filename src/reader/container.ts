/** The container under check, held by its main process. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { cgroupPath, parseCgroup } from '../kernel/cgroup.js'
import { hasSwap, maySwap, type CgroupLimits } from '../kernel/swap.js'
import { startTime } from '../kernel/process.js'
import { dirname } from 'node:path'

/** Reads a file of /proc or /sys; null when there is none or it may not be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone with its process, or not of this kernel: the caller's null says that it could not be read.
    return null
  }
}

export class HeldContainer {
  readonly pid: number
  readonly containerId: string
  readonly #started: string

  private constructor(pid: number, containerId: string, started: string) {
    this.pid = pid
    this.containerId = containerId
    this.#started = started
  }

  /** Takes hold; null when no process of that container has the pid. */
  static hold(pid: number, containerId: string): HeldContainer | null {
    if (pid <= 0 || !/^[0-9a-f]{64}$/.test(containerId)) return null
    const started = startTime(readText(`/proc/${pid}/stat`) ?? '')
    const held = started === null ? null : new HeldContainer(pid, containerId, started)
    return held?.isThere() === true ? held : null
  }

  /** Whether the pid is still the process it was, and still the container's. */
  isThere(): boolean {
    const same = startTime(readText(`/proc/${this.pid}/stat`) ?? '') === this.#started
    return same && this.#owns(this.pid)
  }

  /** `/proc/<pid>/root`: the container's own root directory. */
  get root(): string {
    return `/proc/${this.pid}/root`
  }

  /** Every process of the container: its cgroup path names the container (docker, containerd and systemd drivers). */
  pids(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid === this.pid || this.#owns(pid))
  }

  #owns(pid: number): boolean {
    return readText(`/proc/${pid}/cgroup`)?.includes(this.containerId) === true
  }

  /** mountinfo of the main process first, then of each process in another mount namespace. */
  mountinfos(): { pid: number; text: string }[] {
    const seen = new Map<string, { pid: number; text: string }>()
    for (const pid of [this.pid, ...this.pids()]) {
      const namespace = namespaceOf(pid)
      if (namespace === null || seen.has(namespace)) continue
      const text = readText(`/proc/${pid}/mountinfo`)
      if (text !== null && text !== '') seen.set(namespace, { pid, text })
    }
    return [...seen.values()]
  }

  swap(): { hostSwap: boolean | null; containerMaySwap: boolean | null; detail: string } {
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

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`)
  } catch {
    // The process has ended: it has no mounts any more.
    return null
  }
}
