/** The container under check, held by its main process. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { parseCgroups, hasSwap, maySwap, type CgroupLimits } from '../kernel/swap.js'
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
    const chain = this.#limits()
    const may = maySwap(chain)
    const first = chain[0]
    const detail =
      first === undefined
        ? 'no memory cgroup was found'
        : first.swapMax !== null
          ? `memory.swap.max is ${first.swapMax.trim()}`
          : first.memsw !== null
            ? `memory.memsw.limit_in_bytes is ${first.memsw.trim()}, memory.limit_in_bytes ${first.limit?.trim() ?? 'unknown'}`
            : 'the kernel does not account for swap by cgroup'
    return { hostSwap: swaps === null ? null : hasSwap(swaps), containerMaySwap: may, detail }
  }

  /** Limits of the container's memory cgroup and its parents, innermost first. */
  #limits(): CgroupLimits[] {
    const paths = parseCgroups(readText(`/proc/${this.pid}/cgroup`) ?? '')
    const v1 = [...paths].find(([controllers]) => controllers.split(',').includes('memory'))?.[1]
    const base = v1 === undefined ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory'
    const chain: CgroupLimits[] = []
    for (let path = v1 ?? paths.get('') ?? '/'; path !== '/' && path !== '.'; path = dirname(path)) {
      if (path.includes('..')) break
      chain.push({
        swapMax: v1 === undefined ? readText(`${base}${path}/memory.swap.max`) : null,
        limit: readText(`${base}${path}/memory.limit_in_bytes`),
        memsw: readText(`${base}${path}/memory.memsw.limit_in_bytes`)
      })
    }
    return chain
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
