/** Command lines, environments, and open or mapped files without a name, of every process in the container. */
import { closeSync, fstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { unnamedMappings } from '../kernel/maps.js'
import { ItemSearch } from '../scan/item-search.js'
import type { Matcher } from '../scan/matcher.js'
import type { ItemHit, Match } from '../scan/types.js'
import { errorCode, toLatin1 } from '../scan/walk-open.js'
import { Walker } from '../scan/walk.js'
import { Collector } from './collector.js'
import type { Held } from './container.js'
import { resolveInRoot } from './in-root.js'
import type { WireHit, WireTotals } from './protocol.js'
import { dataRanges } from './sparse.js'
import { readText, shownClean } from './text.js'

const BREATHE_MS = 25

export interface ProcessRequest {
  matcher: Matcher
  /** Declared tmpfs paths: an unlinked file on one of them is where it should be, and is left out. */
  memoryPaths: string[]
  emit: (hit: WireHit) => void
  stopped: () => boolean
}

type Where = 'cmdline' | 'environ' | 'fd'

/** A file that only a descriptor or a mapping leads to. */
interface Unnamed {
  /** Link in /proc. */
  link: string
  kind: string
}

/** Searches all of them. */
export async function scanProcesses(held: Held, root: number, request: ProcessRequest): Promise<WireTotals> {
  const scan = new ProcessScan(request, devicesOf(root, request.memoryPaths))
  for (const pid of held.pids()) {
    if (request.stopped()) {
      scan.collector.shortfall(pid, '', 'the time for it was over')
      break
    }
    await scan.process(pid)
    await setImmediate()
  }
  return scan.end()
}

function devicesOf(root: number, paths: readonly string[]): Set<number> {
  const devices = new Set<number>()
  for (const path of paths) {
    const { fd } = resolveInRoot(root, toLatin1(path))
    if (fd === null) continue
    devices.add(fstatSync(fd).dev)
    closeSync(fd)
  }
  return devices
}

class ProcessScan {
  readonly collector = new Collector()
  readonly #request: ProcessRequest
  readonly #devices: Set<number>
  readonly #search: ItemSearch
  readonly #walker: Walker
  readonly #hits = new Map<string, WireHit>()
  /** Files seen, by device and inode number: several processes may hold one. */
  readonly #seen = new Set<string>()
  #detail = ''

  constructor(request: ProcessRequest, devices: Set<number>) {
    this.#request = request
    this.#devices = devices
    this.#search = new ItemSearch(request.matcher)
    const sink = {
      hit: (pid: number, hit: ItemHit): void => {
        this.#tell(pid, 'fd', hit)
      },
      shortfall: this.collector.shortfall.bind(this.collector),
      count: this.collector.count.bind(this.collector)
    }
    const options = { stopped: request.stopped, breatheMs: BREATHE_MS, dataRanges }
    this.#walker = new Walker(request.matcher, sink, options)
  }

  end(): WireTotals {
    for (const hit of this.#hits.values()) this.#request.emit(hit)
    return this.collector.totals((path) => shownClean(path, this.#request.matcher))
  }

  async process(pid: number): Promise<void> {
    const comm = readText(`/proc/${pid}/comm`)?.replace(/\n$/, '')
    if (comm === undefined) return
    const name = shownClean(comm, this.#request.matcher)
    this.#detail = name
    this.#text(pid, 'cmdline', Buffer.from(comm, 'latin1'))
    for (const where of ['cmdline', 'environ'] as const) {
      const bytes = this.#read(pid, where)
      if (bytes === null) continue
      this.collector.count(1, bytes.length)
      this.#text(pid, where, bytes)
      // Arguments have a NUL between them: what the user wrote with a blank in it is two of them.
      if (where === 'cmdline') this.#text(pid, where, Buffer.from(bytes.map((byte) => (byte === 0 ? 0x20 : byte))))
    }
    for (const unnamed of [...this.#descriptors(pid), ...this.#mappings(pid)]) {
      this.#detail = `${unnamed.kind} of ${name}`
      await this.#unnamed(pid, unnamed)
    }
  }

  #text(pid: number, where: Where, bytes: Uint8Array): void {
    this.#search.begin()
    this.#search.push(bytes)
    for (const match of this.#search.end()) this.#tell(pid, where, match)
  }

  #tell(pid: number, where: Where, { secret, form }: Match): void {
    const key = `${pid} ${where} ${this.#detail} ${secret} ${form}`
    if (this.#hits.has(key)) return
    this.#hits.set(key, { secret, form, part: 'content', offset: null, key: pid, path: this.#detail, where })
  }

  #read(pid: number, name: string): Buffer | null {
    try {
      return readFileSync(`/proc/${pid}/${name}`)
    } catch (error) {
      this.#failed(pid, name, error)
      return null
    }
  }

  /** ESRCH, ENOENT: the process has ended, and what it held with it. */
  #failed(pid: number, name: string, error: unknown): void {
    const code = errorCode(error)
    if (code !== 'ESRCH' && code !== 'ENOENT') this.collector.shortfall(pid, name, `could not be read (${code})`)
  }

  *#descriptors(pid: number): Generator<Unnamed> {
    let names: string[] = []
    try {
      names = readdirSync(`/proc/${pid}/fd`)
    } catch (error) {
      this.#failed(pid, 'fd', error)
    }
    for (const name of names) {
      const link = `/proc/${pid}/fd/${name}`
      const target = this.#target(pid, link)
      const isMemfd = target?.startsWith('/memfd:') === true
      if (isMemfd || target?.endsWith(' (deleted)') === true) yield { link, kind: isMemfd ? 'memfd' : 'unlinked file' }
    }
  }

  *#mappings(pid: number): Generator<Unnamed> {
    for (const { range, kind } of unnamedMappings(this.#read(pid, 'maps')?.toString('latin1') ?? ''))
      yield { link: `/proc/${pid}/map_files/${range}`, kind }
  }

  #target(pid: number, link: string): string | null {
    try {
      return readlinkSync(link, { encoding: 'latin1' })
    } catch (error) {
      this.#failed(pid, 'fd', error)
      return null
    }
  }

  /** Only a regular file is opened: opening a pipe or device once more could change what the program sees. */
  async #unnamed(pid: number, { link }: Unnamed): Promise<void> {
    try {
      const stats = statSync(link)
      const file = `${stats.dev}:${stats.ino}`
      if (!stats.isFile() || this.#devices.has(stats.dev) || this.#seen.has(file)) return
      this.#seen.add(file)
      this.#text(pid, 'fd', Buffer.from(readlinkSync(link, { encoding: 'latin1' }), 'latin1'))
    } catch (error) {
      this.#failed(pid, 'fd', error)
      return
    }
    await this.#walker.walk({
      root: { key: pid, path: link, crossing: 'own', careful: true },
      path: '',
      single: true
    })
  }
}
