/** The looker of the host view: by the kernel's own account, from outside. */
import type { MemoryFile, SwapFact } from '../evidence.js'
import type { ContainerJson } from '../docker/parse.js'
import { parseMountinfo } from '../kernel/mountinfo.js'
import { overlayDirs } from '../kernel/overlay.js'
import { toWire } from '../reader/needles.js'
import type {
  ContainerAnswer,
  ContentsAnswer,
  ListingAnswer,
  MemoryAnswer,
  WireHit,
  WireMount,
  WireTotals
} from '../reader/protocol.js'
import type { Host } from '../sources/host.js'
import type { RunContext } from './context.js'
import { DeclaredPaths } from './declared-paths.js'
import { engineFiles, scanVolumes, scanWritableLayer, writtenNow, type WrittenPlaces } from './host-disk.js'
import { absolute, hostCoverage, hostFailure, hostHits } from './host-scan.js'
import { tryOtherUsers, tryOwnUser } from './host-users.js'
import type { InsideSight, Listing, Looker, MemorySight, MountSight, OwnUser, Sight } from './looker.js'
import { lookInside } from './look-inside-tools.js'
import type { SecretRegistry } from './registry.js'

const LOOK_MS = 60_000
const SCAN_MS = 10 * 60_000

export class HostLooker implements Looker {
  readonly canPause = true
  readonly pollMs = 50
  readonly #context: RunContext
  readonly #host: Host
  readonly #declared: string[]
  readonly #imageLayers: number
  #paths = new DeclaredPaths([])
  #container: ContainerJson | null = null
  #answer: ContainerAnswer | null = null
  #overlay: { layers: string[]; upper: string | null } | null = null
  /** What the writable layer held while the program ran. */
  #before: ReadonlySet<string> | null = null

  /** `imageLayers`: how many layers the image has; the engine puts one of its own on top of them. */
  constructor(context: RunContext, host: Host, imageLayers: number) {
    this.#context = context
    this.#host = host
    this.#imageLayers = imageLayers
    this.#declared = context.inputs.tmpfs.map((spec) => spec.path)
  }

  async meet(container: ContainerJson): Promise<boolean> {
    this.#container = container
    const request = { op: 'container', pid: container.State.Pid, containerId: container.Id } as const
    this.#answer = await this.#host.ask<ContainerAnswer | null>(request, { timeoutMs: LOOK_MS })
    if (this.#answer === null) return false
    const [mounts, overlay] = await Promise.all([this.#askMounts(this.#declared), this.#overlayDirs(this.#answer)])
    this.#paths = new DeclaredPaths(this.#declared.map((path, index) => [path, mounts[index]?.resolved ?? path]))
    this.#overlay = overlay
    return true
  }

  uid(): number | null {
    return this.#answer?.uid ?? null
  }

  handlesTerm(): boolean | null {
    return this.#answer?.handlesTerm ?? null
  }

  layerDirs(): Promise<{ layers: string[] } | null> {
    return Promise.resolve(this.#overlay === null ? null : { layers: this.#overlay.layers.slice(0, this.#imageLayers) })
  }

  async listing(): Promise<Listing | null> {
    const answer = await this.#ask<ListingAnswer>({ op: 'listing', paths: this.#declared })
    return answer === null ? null : { ...answer, paths: answer.paths.map((path) => this.#paths.shown(path)) }
  }

  async exists(path: string): Promise<boolean> {
    const [mount] = (await this.#ask<{ mounts: WireMount[] }>({ op: 'mounts', paths: [path] }))?.mounts ?? []
    return typeof mount?.resolved === 'string'
  }

  async contents(skip: ReadonlySet<string>): Promise<{ path: string; bytes: Buffer }[]> {
    const request = {
      op: 'contents' as const,
      paths: this.#declared,
      skip: [...skip].map((path) => this.#paths.real(path))
    }
    const answer = await this.#host.ask<ContentsAnswer>(request, { timeoutMs: LOOK_MS })
    if (answer.left > 0)
      this.#context.log.notice(`${answer.left} large files under the tmpfs were not used for discovery.`)
    return answer.files.map(({ path, bytes }) => ({
      path: this.#paths.shown(path),
      bytes: Buffer.from(bytes, 'base64')
    }))
  }

  async mounts(): Promise<MountSight> {
    const startedAt = performance.now()
    const mounts: MountSight['mounts'] = new Map()
    try {
      const answer = await this.#askMounts(this.#declared)
      const shortfalls = answer.flatMap((mount, key) => {
        return mount.reason === null ? [] : [{ key, path: this.#declared[key] ?? '', reason: mount.reason }]
      })
      this.#declared.forEach((path, index) => {
        mounts.set(path, { effective: answer[index]?.effective ?? null, foreign: answer[index]?.foreign ?? [] })
      })
      const totals = { items: answer.length, bytes: 0, dropped: 0, shortfalls, moreShortfalls: 0 }
      return { mounts, coverage: hostCoverage('mounts', totals, startedAt) }
    } catch (error) {
      return { mounts, coverage: hostFailure('mounts', error, startedAt) }
    }
  }

  inside(host: MountSight): Promise<InsideSight> {
    const contents = (skip: ReadonlySet<string>): Promise<{ path: string; bytes: Buffer }[]> => this.contents(skip)
    return lookInside(this.#context, this.#container?.Id ?? '', { host, listing: () => this.listing(), contents })
  }

  async memory(registry: SecretRegistry, delivered: ReadonlySet<string>): Promise<MemorySight> {
    const startedAt = performance.now()
    const wire: WireHit[] = []
    try {
      await this.#setNeedles(registry)
      const request = { op: 'memory', set: 'all', paths: this.#declared } as const
      const answer = await this.#host.ask<MemoryAnswer>(request, { timeoutMs: SCAN_MS, onHit: (hit) => wire.push(hit) })
      const hits = hostHits(wire, (hit) => {
        const { path: base, declared } = answer.mounts[hit.key] ?? { path: '/', declared: false }
        const path = this.#paths.shown(absolute(base, hit.path))
        return { kind: 'memory', mount: this.#paths.shown(base), declared, path, part: hit.part, offset: hit.offset }
      })
      const files = answer.files.map((file) => {
        const path = this.#paths.shown(file.path)
        return { ...file, path, mount: this.#paths.shown(file.mount), delivered: delivered.has(path), others: [] }
      })
      const coverage = [
        hostCoverage('memory', answer.declared, startedAt),
        hostCoverage('other-memory', answer.others, startedAt)
      ]
      return { hits, droppedHits: answer.declared.dropped + answer.others.dropped, coverage, files }
    } catch (error) {
      const coverage = [hostFailure('memory', error, startedAt), hostFailure('other-memory', error, startedAt)]
      return { hits: [], droppedHits: 0, coverage, files: [] }
    }
  }

  async processes(registry: SecretRegistry): Promise<Sight> {
    const startedAt = performance.now()
    const wire: WireHit[] = []
    try {
      await this.#setNeedles(registry)
      const request = { op: 'processes', set: 'all', memoryPaths: this.#declared } as const
      const totals = await this.#host.ask<WireTotals>(request, { timeoutMs: SCAN_MS, onHit: (hit) => wire.push(hit) })
      const hits = hostHits(wire, (hit) => ({
        kind: 'process',
        pid: hit.key,
        where: hit.where ?? 'cmdline',
        detail: this.#context.session.clean(hit.path)
      }))
      return { hits, droppedHits: totals.dropped, coverage: [hostCoverage('processes', totals, startedAt)] }
    } catch (error) {
      return { hits: [], droppedHits: 0, coverage: [hostFailure('processes', error, startedAt)] }
    }
  }

  async ownUser(paths: readonly string[], delivered: readonly string[]): Promise<Map<string, OwnUser | null>> {
    if (this.#answer === null) return new Map()
    return tryOwnUser(this.#answer, { paths, delivered }, (tries) => this.#ask({ op: 'access', tries }))
  }

  async otherUsers(files: readonly MemoryFile[]): Promise<MemoryFile[]> {
    if (this.#answer === null) return [...files]
    const passwd = (await this.#ask<string | null>({ op: 'passwd' })) ?? ''
    const names = { passwd, clean: this.#context.session.clean }
    return tryOtherUsers(this.#answer, { files, ...names }, (tries) => this.#ask({ op: 'access', tries }))
  }

  swap(): Promise<SwapFact | null> {
    return this.#ask<SwapFact>({ op: 'swap' })
  }

  async noteWritten(registry: SecretRegistry): Promise<void> {
    const from = { context: this.#context, host: this.#host, registry, declared: this.#paths.reals() }
    this.#before = await writtenNow(from, this.#written())
  }

  writableLayer(registry: SecretRegistry, control: Buffer): Promise<Sight & { controlFound: boolean | null }> {
    const from = { context: this.#context, host: this.#host, registry, declared: this.#paths.reals() }
    return scanWritableLayer(from, {
      ...this.#written(),
      container: this.#container,
      control,
      before: this.#before
    })
  }

  volumes(registry: SecretRegistry, container: ContainerJson, ours: ReadonlySet<string>): Promise<Sight> {
    const from = { context: this.#context, host: this.#host, registry, declared: this.#paths.reals() }
    return scanVolumes(from, { container, ours, disks: this.#answer?.diskMounts ?? [] })
  }

  async sameContainer(): Promise<boolean> {
    return (await this.#ask<boolean>({ op: 'verify' })) === true
  }

  #written(): WrittenPlaces {
    const files = engineFiles(this.#answer?.diskMounts ?? [], this.#container)
    return { upper: this.#overlay?.upper ?? null, engineFiles: files }
  }

  async #overlayDirs(answer: ContainerAnswer): Promise<{ layers: string[]; upper: string | null } | null> {
    const mounts = parseMountinfo(answer.mountinfos[0]?.text ?? '')
    const root = mounts.findLast((mount) => mount.mountPoint === '/')
    if (root?.fstype !== 'overlay') return null
    const { lower, upper } = overlayDirs(root.superOptions)
    // With many layers the upper directory is written as short as they are.
    const dirs = upper === null ? lower : [...lower, upper]
    const found = await this.#ask<string[]>({ op: 'overlay', dirs, upper, dataRoot: this.#context.engine.rootDir })
    if (found === null) return null
    return { layers: found.slice(0, lower.length).reverse(), upper: found[lower.length] ?? null }
  }

  async #askMounts(paths: string[]): Promise<WireMount[]> {
    return (await this.#host.ask<{ mounts: WireMount[] }>({ op: 'mounts', paths }, { timeoutMs: LOOK_MS })).mounts
  }

  async #setNeedles(registry: SecretRegistry): Promise<void> {
    const needles = toWire(registry.needles(registry.indices(() => true)))
    await this.#host.ask({ op: 'needles', set: 'all', needles }, { timeoutMs: LOOK_MS })
  }

  /** null where the reader could not answer: facts that no rule takes for good when they are missing. */
  async #ask<T>(request: Parameters<Host['ask']>[0]): Promise<T | null> {
    try {
      return await this.#host.ask<T>(request, { timeoutMs: LOOK_MS })
    } catch {
      // The caller's null is "could not be told".
      return null
    }
  }
}
