/** The looker of the host view: by the kernel's own account, from outside. */
import type { EffectiveMount, ForeignMount, MemoryFile, SwapFact, TmpfsSpec } from '../evidence.js'
import type { ContainerJson } from '../docker/parse.js'
import { idOutside } from '../kernel/process.js'
import { foreignMounts, isMemory, mountOf, parseMountinfo, sizeLimit, type MountLine } from '../kernel/mountinfo.js'
import { overlayDirs } from '../kernel/overlay.js'
import type { MemoryAnswer } from '../reader/memory.js'
import { toWire } from '../reader/needles.js'
import type { AccessTry, TreeRoot, WireHit, WireMount, WireTotals } from '../reader/protocol.js'
import type { ContainerAnswer } from '../reader/serve.js'
import type { Host } from '../sources/host.js'
import type { RunContext } from './context.js'
import { passwdUsers, UNUSED_UID } from './passwd.js'
import { absolute, CONTROL, hostCoverage, hostFailure, hostHits } from './host-scan.js'
import type { InsideSight, Listing, Looker, MemorySight, MountSight, OwnUser, Sight } from './looker.js'
import { lookInside } from './look-inside-tools.js'
import { plantControl } from './control.js'
import type { SecretRegistry } from './registry.js'

const LOOK_MS = 60_000
const TREE_MS = 10 * 60_000
const MOST_TRIED_FILES = 64
/** statfs magic numbers (linux/magic.h). */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0x01021994: 'tmpfs',
  0x858458f6: 'ramfs',
  0x794c7630: 'overlay',
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x2fc12fc1: 'zfs'
}

export class HostLooker implements Looker {
  readonly canPause = true
  readonly #context: RunContext
  readonly #host: Host
  readonly #paths: string[]
  #container: ContainerJson | null = null
  #answer: ContainerAnswer | null = null
  #mounts: MountLine[] = []
  /** Where the declared paths lie once symlinks are resolved. */
  #real = new Map<string, string>()
  readonly #imageLayers: number

  constructor(context: RunContext, host: Host, imageLayers: number) {
    this.#context = context
    this.#imageLayers = imageLayers
    this.#host = host
    this.#paths = context.inputs.tmpfs.map((spec) => spec.path)
  }

  async meet(container: ContainerJson): Promise<boolean> {
    this.#container = container
    const request = { op: 'container', pid: container.State.Pid, containerId: container.Id } as const
    this.#answer = await this.#host.ask<ContainerAnswer | null>(request, { timeoutMs: LOOK_MS })
    if (this.#answer === null) return false
    this.#mounts = parseMountinfo(this.#answer.mountinfos[0]?.text ?? '')
    const resolved = await this.#resolved(this.#paths)
    this.#real = new Map(this.#paths.map((path, index) => [path, resolved[index] ?? path]))
    return true
  }

  uid(): number | null {
    return this.#answer?.uid ?? null
  }

  handlesTerm(): boolean | null {
    return this.#answer?.handlesTerm ?? null
  }

  /** The overlay directories of the container: image layers bottom first, and the writable layer. */
  async overlay(): Promise<{ layers: string[]; upper: string | null } | null> {
    const root = this.#mounts.findLast((mount) => mount.mountPoint === '/')
    if (root?.fstype !== 'overlay') return null
    const { lower, upper } = overlayDirs(root.superOptions)
    const request = { op: 'overlay', dirs: lower, upper, dataRoot: this.#context.engine.rootDir } as const
    const found = await this.#host.ask<string[] | null>(request, { timeoutMs: LOOK_MS })
    return found === null ? null : { layers: found.reverse(), upper }
  }

  async listing(): Promise<Listing | null> {
    try {
      const answer = await this.#host.ask<Listing>({ op: 'listing', paths: this.#paths }, { timeoutMs: LOOK_MS })
      return { ...answer, paths: answer.paths.map((path) => this.#declared(path)) }
    } catch {
      // It may just have ended: the caller sees that by inspect.
      return null
    }
  }

  async contents(skip: ReadonlySet<string>): Promise<{ path: string; bytes: Buffer }[]> {
    const request = { op: 'contents' as const, paths: this.#paths, skip: [...skip].map((path) => this.#resolve(path)) }
    const answer = await this.#host.ask<{ files: { path: string; bytes: string }[]; left: number }>(request, {
      timeoutMs: LOOK_MS
    })
    if (answer.left > 0)
      this.#context.log.notice(`${answer.left} large files under the tmpfs were not used for discovery.`)
    return answer.files.map(({ path, bytes }) => ({ path: this.#declared(path), bytes: Buffer.from(bytes, 'base64') }))
  }

  async mounts(): Promise<MountSight> {
    const startedAt = performance.now()
    const mounts: MountSight['mounts'] = new Map()
    try {
      const answer = await this.#host.ask<{ mounts: WireMount[]; mountinfos: { pid: number; text: string }[] }>(
        { op: 'mounts', paths: this.#paths },
        { timeoutMs: LOOK_MS }
      )
      const tables = answer.mountinfos.map((each) => ({ pid: each.pid, mounts: parseMountinfo(each.text) }))
      this.#context.inputs.tmpfs.forEach((spec, index) => {
        mounts.set(spec.path, mountSight(spec, answer.mounts[index], tables))
      })
      const totals = { items: this.#paths.length, bytes: 0, dropped: 0, shortfalls: [], moreShortfalls: 0 }
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
      await this.#setNeedles('all', registry)
      const request = { op: 'memory', set: 'all', paths: this.#paths } as const
      const answer = await this.#host.ask<MemoryAnswer>(request, { timeoutMs: TREE_MS, onHit: (hit) => wire.push(hit) })
      return {
        hits: hostHits(wire, (hit) => {
          const mount = answer.mounts[hit.key]
          const base = mount?.path ?? '/'
          return {
            kind: 'memory',
            mount: this.#declared(base),
            declared: mount?.declared ?? false,
            path: this.#declared(absolute(base, hit.path)),
            part: hit.part,
            offset: hit.offset
          }
        }),
        droppedHits: answer.declared.dropped + answer.others.dropped,
        coverage: [
          hostCoverage('memory', answer.declared, startedAt),
          hostCoverage('other-memory', answer.others, startedAt)
        ],
        files: answer.files.map((file) => {
          const path = this.#declared(file.path)
          return { ...file, path, mount: this.#declared(file.mount), delivered: delivered.has(path), others: [] }
        })
      }
    } catch (error) {
      const coverage = [hostFailure('memory', error, startedAt), hostFailure('other-memory', error, startedAt)]
      return { hits: [], droppedHits: 0, coverage, files: [] }
    }
  }

  async processes(registry: SecretRegistry): Promise<Sight> {
    const startedAt = performance.now()
    const wire: WireHit[] = []
    try {
      await this.#setNeedles('all', registry)
      const request = { op: 'processes', set: 'all', memoryPaths: this.#paths } as const
      const totals = await this.#host.ask<WireTotals>(request, { timeoutMs: TREE_MS, onHit: (hit) => wire.push(hit) })
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
    const answer = this.#answer
    const users = new Map<string, OwnUser | null>(paths.map((path) => [path, null]))
    if (answer === null) return users
    const as = {
      uid: answer.hostUid,
      gid: answer.hostGid,
      groups: answer.groups,
      bare: !answer.overrides && answer.uid === 0
    }
    const resolved = await this.#resolved(paths)
    const [enter, write, read] = await this.#try([
      { ...as, want: 'x', paths: resolved },
      { ...as, want: 'w', paths: resolved },
      { ...as, want: 'r', paths: delivered.map((path) => this.#resolve(path)) }
    ])
    paths.forEach((path, index) => {
      const mine = delivered.flatMap((file, at) => (file.startsWith(`${path}/`) ? [read?.[at] ?? null] : []))
      const readable =
        mine.length === 0 ? (enter?.[index] ?? null) : mine.includes(null) ? null : mine.every((each) => each === true)
      users.set(path, { uid: answer.uid, enter: enter?.[index] ?? null, read: readable, write: write?.[index] ?? null })
    })
    return users
  }

  async otherUsers(files: readonly MemoryFile[]): Promise<MemoryFile[]> {
    const answer = this.#answer
    const judged = files.filter((file) => !file.delivered).slice(0, MOST_TRIED_FILES)
    if (answer === null || judged.length === 0) return [...files]
    const passwd = await this.#ask<string | null>({ op: 'passwd' })
    const others = passwdUsers(passwd ?? '').filter((user) => user.uid !== answer.uid && user.uid !== 0)
    const users = [{ uid: UNUSED_UID, gid: UNUSED_UID, name: null }, ...others]
    const paths = judged.map((file) => this.#resolve(file.path))
    const tries = users.map((user): AccessTry => {
      return {
        uid: idOutside(answer.uidMap, user.uid),
        gid: idOutside(answer.uidMap, user.gid),
        groups: [],
        bare: false,
        want: 'r',
        paths
      }
    })
    const results = await this.#try(tries)
    return files.map((file) => {
      const at = judged.indexOf(file)
      if (at < 0) return file
      const clean = this.#context.session.clean
      return {
        ...file,
        others: users.map((user, index) => ({
          uid: user.uid,
          user: user.name === null ? null : clean(user.name),
          allowed: results[index]?.[at] ?? null
        }))
      }
    })
  }

  async swap(): Promise<SwapFact | null> {
    return this.#ask<SwapFact>({ op: 'swap' })
  }

  async writableLayer(registry: SecretRegistry, control: Buffer): Promise<Sight & { controlFound: boolean | null }> {
    const startedAt = performance.now()
    const upper = (await this.overlay().catch(() => null))?.upper ?? null
    const id = this.#container?.Id
    if (upper === null || id === undefined) {
      const coverage = [hostFailure('writable-layer', null, startedAt)]
      return { hits: [], droppedHits: 0, coverage, controlFound: null }
    }
    const planted = await plantControl(this.#context, id, control)
    const wire: WireHit[] = []
    const needles = [
      ...registry.needles(registry.indices(() => true)),
      { secret: CONTROL, form: 'raw' as const, bytes: control }
    ]
    const sight = await this.#trees({ source: 'writable-layer', roots: [{ key: 0, path: upper }], needles }, wire)
    const hits = hostHits(wire, (hit) => {
      const path = absolute('', hit.path)
      const underMount = this.#paths.find((mount) => path === mount || path.startsWith(`${mount}/`)) ?? null
      return { kind: 'writable-layer', path, part: hit.part, offset: hit.offset, underMount, afterStop: false }
    })
    return {
      ...sight,
      hits,
      controlFound: planted
        ? wire.some((hit) => hit.secret === CONTROL)
        : this.#container?.HostConfig.ReadonlyRootfs === true
          ? null
          : false
    }
  }

  async volumes(registry: SecretRegistry, container: ContainerJson, ours: ReadonlySet<string>): Promise<Sight> {
    const mounts = container.Mounts.filter((mount) => mount.Type !== 'tmpfs' && !ours.has(mount.Destination))
    // A volume of a driver may be memory: by the kernel's account, not by its name.
    const disk = mounts.filter((mount) => !isMemory(mountOf(this.#mounts, mount.Destination)?.fstype ?? ''))
    const roots = disk.map((mount, key) => ({ key, path: mount.Source ?? '' }))
    const wire: WireHit[] = []
    const needles = registry.needles(registry.indices(() => true))
    const sight = await this.#trees({ source: 'volumes', roots, needles }, wire)
    const hits = hostHits(wire, (hit) => {
      const mount = disk[hit.key]
      const type = mount?.Type === 'volume' || mount?.Type === 'bind' ? mount.Type : 'other'
      const destination = mount?.Destination ?? '/'
      return {
        kind: 'volume',
        destination,
        type,
        path: absolute(destination, hit.path),
        part: hit.part,
        offset: hit.offset
      }
    })
    return { ...sight, hits }
  }

  async layerDirs(): Promise<{ layers: string[] } | null> {
    const overlay = await this.overlay().catch(() => null)
    if (overlay === null) return null
    // The engine puts a layer of its own (the mount points of /etc/hosts and such) on top of the image's.
    const image = this.#imageLayers
    return { layers: overlay.layers.slice(0, image) }
  }

  async sameContainer(): Promise<boolean> {
    return (await this.listing()) !== null
  }

  async #trees(
    of: { source: 'writable-layer' | 'volumes'; roots: TreeRoot[]; needles: ReturnType<SecretRegistry['needles']> },
    wire: WireHit[]
  ): Promise<Sight> {
    const startedAt = performance.now()
    try {
      await this.#host.ask({ op: 'needles', set: of.source, needles: toWire(of.needles) }, { timeoutMs: LOOK_MS })
      const request = { op: 'trees', set: of.source, roots: of.roots, careful: true } as const
      const totals = await this.#host.ask<WireTotals>(request, { timeoutMs: TREE_MS, onHit: (hit) => wire.push(hit) })
      return { hits: [], droppedHits: totals.dropped, coverage: [hostCoverage(of.source, totals, startedAt)] }
    } catch (error) {
      return { hits: [], droppedHits: 0, coverage: [hostFailure(of.source, error, startedAt)] }
    }
  }

  async #setNeedles(set: string, registry: SecretRegistry): Promise<void> {
    const needles = toWire(registry.needles(registry.indices(() => true)))
    await this.#host.ask({ op: 'needles', set, needles }, { timeoutMs: LOOK_MS })
  }

  /** The path as the user knows it: below the declared path, not below where that leads. */
  #declared(path: string): string {
    for (const [declared, real] of this.#real) {
      if (declared !== real && (path === real || path.startsWith(`${real}/`))) return declared + path.slice(real.length)
    }
    return path
  }

  #resolve(path: string): string {
    for (const [declared, real] of this.#real) {
      if (path === declared || path.startsWith(`${declared}/`)) return real + path.slice(declared.length)
    }
    return path
  }

  async exists(path: string): Promise<boolean> {
    return (await this.#ask<{ mounts: WireMount[] }>({ op: 'mounts', paths: [path] }))?.mounts[0]?.resolved != null
  }

  async #resolved(paths: readonly string[]): Promise<string[]> {
    const answer = await this.#ask<{ mounts: WireMount[] }>({ op: 'mounts', paths: [...paths] })
    return paths.map((path, index) => answer?.mounts[index]?.resolved ?? path)
  }

  async #try(tries: AccessTry[]): Promise<(boolean | null)[][]> {
    return (
      (await this.#ask<(boolean | null)[][]>({ op: 'access', tries })) ??
      tries.map((each) => each.paths.map(() => null))
    )
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

function mountSight(
  spec: TmpfsSpec,
  wire: WireMount | undefined,
  tables: { pid: number; mounts: MountLine[] }[]
): { effective: EffectiveMount | null; foreign: ForeignMount[] } {
  const resolved = wire?.resolved ?? spec.path
  const [main, ...others] = tables
  const line = main === undefined ? null : mountOf(main.mounts, resolved)
  const foreign = main === undefined ? [] : foreignMounts(main.mounts, resolved)
  for (const other of others) foreign.push(...privateMounts(other, resolved, line))
  if (wire === undefined || line === null) return { effective: null, foreign }
  const fstype = wire.resolved === null ? 'none' : (FILE_SYSTEMS[wire.magic] ?? `0x${wire.magic.toString(16)}`)
  return {
    foreign,
    effective: {
      view: 'host',
      resolvedPath: resolved,
      fstype,
      size: isMemory(fstype) ? sizeLimit(line) : null,
      mode: wire.mode.toString(8).padStart(4, '0'),
      uid: wire.uid,
      gid: wire.gid,
      flags: line.flags
    }
  }
}

/** A process in a mount namespace of its own may see something else at the path. */
function privateMounts(
  other: { pid: number; mounts: MountLine[] },
  path: string,
  main: MountLine | null
): ForeignMount[] {
  const line = mountOf(other.mounts, path)
  if (line === null || isMemory(line.fstype) || line.mountPoint === '/' || line.mountPoint === main?.mountPoint)
    return []
  return [
    { path: line.mountPoint, relation: 'at', fstype: line.fstype, what: `mount namespace of process ${other.pid}` }
  ]
}
