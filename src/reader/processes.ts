/** Command lines, environments, and open files without a name, of every process in the container. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync
} from 'node:fs'
import { ItemSearch } from '../scan/item-search.js'
import type { Matcher } from '../scan/matcher.js'
import { Collector, errorCode } from './collector.js'
import { readText, type HeldContainer } from './container.js'
import { resolveInRoot } from './in-root.js'
import type { WireHit, WireTotals } from './protocol.js'

const BUFFER_BYTES = 1024 * 1024

/** Searches all of them. An unlinked file on a declared tmpfs is where it should be, and is left out. */
export function scanProcesses(
  held: HeldContainer,
  request: { matcher: Matcher; memoryPaths: string[] },
  emit: (hit: WireHit) => void
): WireTotals {
  const collector = new Collector(emit)
  const search = new ItemSearch(request.matcher)
  const devices = new Set(request.memoryPaths.flatMap((path) => deviceOf(held, path)))
  for (const pid of held.pids()) {
    const comm = readText(`/proc/${pid}/comm`)?.trim()
    if (comm === undefined) continue
    for (const where of ['cmdline', 'environ'] as const) {
      collector.items += 1
      readWhole(`/proc/${pid}/${where}`, { pid, collector }, (bytes) => {
        collector.bytes += bytes.length
        search.begin()
        search.push(bytes)
        for (const match of search.end()) collector.hit({ ...match, part: 'content', key: pid, path: comm, where })
        // Arguments are separated by NULs: a secret with a blank in it is two of them.
        search.begin()
        search.push(Buffer.from(bytes.map((byte) => (byte === 0 ? 0x20 : byte))))
        for (const match of search.end()) collector.hit({ ...match, part: 'content', key: pid, path: comm, where })
      })
    }
    scanOpenFiles({ pid, comm, devices }, search, collector)
  }
  return collector.totals()
}

function deviceOf(held: HeldContainer, path: string): number[] {
  const { path: resolved, exists } = resolveInRoot(held.root, path)
  return exists ? [statSync(held.root + resolved).dev] : []
}

function readWhole(path: string, of: { pid: number; collector: Collector }, use: (bytes: Buffer) => void): void {
  try {
    use(readFileSync(path))
  } catch (error) {
    // ESRCH, ENOENT: the process has ended, and what it held with it.
    const code = errorCode(error)
    if (code !== 'ESRCH' && code !== 'ENOENT') of.collector.shortfall(of.pid, path, `could not be read (${code})`)
  }
}

/** Files that have no name any more, and memfds: nothing but an open descriptor leads to them. */
function scanOpenFiles(
  of: { pid: number; comm: string; devices: Set<number> },
  search: ItemSearch,
  collector: Collector
): void {
  let names: string[] = []
  try {
    names = readdirSync(`/proc/${of.pid}/fd`)
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'ESRCH' && code !== 'ENOENT') collector.shortfall(of.pid, '/fd', `could not be listed (${code})`)
  }
  for (const name of names) {
    const path = `/proc/${of.pid}/fd/${name}`
    try {
      const target = readlinkSync(path)
      if (!target.endsWith(' (deleted)') && !target.startsWith('/memfd:')) continue
      // Only a regular file is opened: opening a pipe or device again could change what the program sees.
      const stat = statSync(path)
      if (!stat.isFile() || of.devices.has(stat.dev)) continue
      collector.items += 1
      const comm = target.startsWith('/memfd:') ? `${of.comm}, memfd` : `${of.comm}, unlinked file`
      scanOpen(path, search, collector)
      for (const match of search.end())
        collector.hit({ ...match, part: 'content', key: of.pid, path: comm, where: 'fd' })
    } catch (error) {
      const code = errorCode(error)
      if (code !== 'ESRCH' && code !== 'ENOENT')
        collector.shortfall(of.pid, `/fd/${name}`, `could not be read (${code})`)
    }
  }
}

function scanOpen(path: string, search: ItemSearch, collector: Collector): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  try {
    search.begin()
    if (!fstatSync(fd).isFile()) return
    for (let at = 0; ;) {
      const length = readSync(fd, buffer, 0, buffer.length, at)
      if (length === 0) break
      search.push(buffer, 0, length)
      collector.bytes += length
      at += length
    }
  } finally {
    closeSync(fd)
  }
}
