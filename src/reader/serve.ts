/** The reader's main thread: answers requests one by one in the order of their coming, trees by the pool beside them. */
import { createInterface } from 'node:readline'
import { statSync } from 'node:fs'
import { idInside, parseIdMap, parseStatus, type ProcessStatus } from '../kernel/process.js'
import { Matcher } from '../scan/matcher.js'
import type { WalkItem } from '../scan/walk.js'
import { tryAccess } from './access.js'
import { Collector } from './collector.js'
import { HeldContainer, readText } from './container.js'
import { absoluteLayers, isHidden, shipped } from './layer-dirs.js'
import { contents, listing, lookAtMounts, scanMemory } from './memory.js'
import { fromWire } from './needles.js'
import { Pool } from './pool.js'
import { scanProcesses } from './processes.js'
import type { Answer, Request, WireHit, WireNeedle } from './protocol.js'
import { resolveInRoot } from './in-root.js'
import { scanXattrs, type Opaque } from './xattrs.js'

type Numbered = Request & { id: number }

/** What `container` answers. */
export interface ContainerAnswer {
  /** Effective ids of the main process as the container counts, and as the host counts. */
  uid: number
  hostUid: number
  hostGid: number
  groups: number[]
  /** CAP_DAC_OVERRIDE (1) of the main process: whether permissions do not hold it back. */
  overrides: boolean
  handlesTerm: boolean
  uidMap: { inside: number; outside: number; count: number }[]
  mountinfos: { pid: number; text: string }[]
}

/** Serves until stdin closes: then the parent is gone, and so are we, whatever is under way. */
export function serve(program: string): void {
  const server = new Server(program)
  createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (line) => {
    void server.take(line)
  })
  process.stdin.once('end', () => process.exit(0))
  process.stdout.on('error', () => process.exit(0))
}

class Server {
  readonly #pool: Pool
  readonly #sets = new Map<string, WireNeedle[]>()
  readonly #matchers = new Map<string, Matcher>()
  #held: HeldContainer | null = null
  /** Opaque directories of the layers walked last. */
  #opaque: Opaque = new Set()

  constructor(program: string) {
    this.#pool = new Pool(program)
  }

  async take(line: string): Promise<void> {
    let id = -1
    try {
      const request = JSON.parse(line) as Numbered
      id = request.id
      this.#say({ id, done: await this.#answer(request) })
    } catch (error) {
      // Codes of the file system and names of errors only: a message may hold a path.
      const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
      this.#say({ id, error: code ?? (error instanceof Error ? error.name : 'unknown error') })
    }
  }

  #say(answer: Answer): void {
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }

  async #answer(request: Numbered): Promise<unknown> {
    const emit = (hit: WireHit): void => {
      this.#say({ id: request.id, hit })
    }
    switch (request.op) {
      case 'needles':
        this.#sets.set(request.set, request.needles)
        this.#matchers.delete(request.set)
        return null
      case 'container':
        return this.#container(request)
      case 'overlay':
        return absoluteLayers(request.dirs, request.upper, request.dataRoot)
      case 'trees':
        return this.#trees(request, emit)
      case 'hidden':
        return request.files.map((file) => isHidden(request.layers, file, this.#opaque))
      case 'shipped':
        return request.paths.map((path) => shipped(request.layers, path))
      default:
        return this.#ofContainer(request, emit)
    }
  }

  /** Questions about the running container: answered only while the pid is its own, before and after the look. */
  async #ofContainer(request: Numbered, emit: (hit: WireHit) => void): Promise<unknown> {
    const held = this.#held
    if (held?.isThere() !== true) throw new ContainerGone()
    const answer = await this.#lookInside(held, request, emit)
    if (!held.isThere()) throw new ContainerGone()
    return answer
  }

  async #lookInside(held: HeldContainer, request: Numbered, emit: (hit: WireHit) => void): Promise<unknown> {
    switch (request.op) {
      case 'mounts':
        return { mounts: lookAtMounts(held, request.paths), mountinfos: held.mountinfos() }
      case 'listing':
        return listing(held, request.paths)
      case 'contents':
        return contents(held, request.paths, new Set(request.skip))
      case 'memory':
        return scanMemory(held, { paths: request.paths, matcher: this.#matcher(request.set) }, emit)
      case 'processes':
        return scanProcesses(held, { memoryPaths: request.memoryPaths, matcher: this.#matcher(request.set) }, emit)
      case 'access':
        return request.tries.map((attempt) => tryAccess(held, attempt))
      case 'passwd':
        return readText(held.root + resolveInRoot(held.root, '/etc/passwd').path)
      case 'swap':
        return held.swap()
      default:
        throw new RangeError('unknown request')
    }
  }

  #container(request: { pid: number; containerId: string }): ContainerAnswer | null {
    this.#held = HeldContainer.hold(request.pid, request.containerId)
    const status = this.#held === null ? null : statusOf(request.pid)
    if (this.#held === null || status === null) return null
    const uidMap = parseIdMap(readText(`/proc/${request.pid}/uid_map`) ?? '')
    return {
      uid: idInside(uidMap, status.uid),
      hostUid: status.uid,
      hostGid: status.gid,
      groups: status.groups,
      overrides: ((status.capEff >> 1n) & 1n) === 1n,
      handlesTerm: ((status.sigCgt >> 14n) & 1n) === 1n,
      uidMap,
      mountinfos: this.#held.mountinfos()
    }
  }

  async #trees(request: Extract<Request, { op: 'trees' }>, emit: (hit: WireHit) => void): Promise<unknown> {
    const needles = this.#sets.get(request.set) ?? []
    const collector = new Collector(emit)
    const items: WalkItem[] = []
    for (const root of request.roots) {
      if (statSync(root.path, { throwIfNoEntry: false })?.isDirectory() === true) {
        items.push({ key: root.key, base: root.path, path: '', latin1: false, piece: null })
      } else {
        collector.shortfall(root.key, '/', 'is not a directory')
      }
    }
    const opaque: Opaque = new Set()
    const attributes = new Collector(emit)
    const [walked, xattrs] = await Promise.all([
      this.#pool.run(items, needles, collector),
      scanXattrs(request.roots, this.#matcher(request.set), { collector: attributes, opaque })
    ])
    this.#opaque = opaque
    collector.merge({ ...attributes.totals(), items: 0 })
    for (const reason of [walked, xattrs]) if (reason !== null) collector.shortfall(0, '/', reason)
    return collector.totals()
  }

  #matcher(set: string): Matcher {
    const known = this.#matchers.get(set)
    if (known !== undefined) return known
    const matcher = new Matcher(fromWire(this.#sets.get(set) ?? []))
    this.#matchers.set(set, matcher)
    return matcher
  }
}

class ContainerGone extends Error {
  readonly code = 'the container has ended'
}

function statusOf(pid: number): ProcessStatus | null {
  const text = readText(`/proc/${pid}/status`)
  return text === null ? null : parseStatus(text)
}
