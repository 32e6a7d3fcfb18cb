/** What is on disk of a container, walked by the reader after the stop: its writable layer, volumes and binds. */
import type { ContainerJson } from '../docker/parse.js'
import { isWithin } from '../kernel/mountinfo.js'
import { toWire } from '../reader/needles.js'
import type { DiskMount, TreeRoot, WireHit, WireTotals } from '../reader/protocol.js'
import type { Needle } from '../scan/types.js'
import type { Host } from '../sources/host.js'
import { ENGINE_FILES } from '../sources/engine-files.js'
import type { RunContext } from './context.js'
import { plantControl } from './control.js'
import { absolute, CONTROL, hostCoverage, hostFailure, hostHits } from './host-scan.js'
import type { Sight } from './looker.js'
import type { SecretRegistry } from './registry.js'

const ASK_MS = 60_000
const TREE_MS = 15 * 60_000
export interface DiskLook {
  context: RunContext
  host: Host
  registry: SecretRegistry
  /** Declared tmpfs paths, resolved. */
  declared: string[]
}

/** Where what a container has written lies on the host, but for volumes and binds. */
export interface WrittenPlaces {
  /** The upper directory; null: not known. */
  upper: string | null
  /** The engine's own files of it, which are no part of the layer: see ENGINE_FILES. */
  engineFiles: readonly DiskMount[]
}

/** Those of the mounts that are the engine's own files, and no bind of the user's at the same place. */
export function engineFiles(disks: readonly DiskMount[], container: ContainerJson | null): DiskMount[] {
  const users = new Set(container?.Mounts.map((mount) => mount.Destination))
  return disks.filter((disk) => ENGINE_FILES.has(disk.mountPoint) && !users.has(disk.mountPoint))
}

/** Searches the upper directory, in which the control value must be found, and the engine's own files. */
export async function scanWritableLayer(
  look: DiskLook,
  of: WrittenPlaces & { container: ContainerJson | null; control: Buffer; before: ReadonlySet<string> | null }
): Promise<Sight & { controlFound: boolean | null }> {
  const startedAt = performance.now()
  if (of.upper === null || of.container === null) {
    const coverage = [hostFailure('writable-layer', 'its directory was not found', startedAt)]
    return { hits: [], droppedHits: 0, coverage, controlFound: null }
  }
  const planted = await plantControl(look.context, of.container.Id, of.control)
  const wire: WireHit[] = []
  const control: Needle = { secret: CONTROL, form: 'raw', bytes: of.control }
  const sight = await walk(
    look,
    { source: 'writable-layer', roots: writtenRoots(of.upper, of.engineFiles), extra: [control] },
    wire
  )
  const lost = of.engineFiles.filter((disk) => disk.hostPath === null).length
  if (lost > 0) sight.coverage.push(hostFailure('writable-layer', `${lost} mounts are nowhere on the host`, startedAt))
  const hits = hostHits(wire, (hit) => {
    const path = absolute(of.engineFiles[hit.key - 1]?.mountPoint ?? '', hit.path)
    const underMount = look.declared.find((mount) => isWithin(path, mount)) ?? null
    return {
      kind: 'writable-layer',
      path,
      part: hit.part,
      offset: hit.offset,
      underMount,
      afterStop: of.before?.has(keyOf(hit)) === false
    }
  })
  // A read-only root takes no control value: nothing can have been written there either.
  const readOnly = of.container.HostConfig.ReadonlyRootfs === true
  const controlFound = planted ? wire.some((hit) => hit.secret === CONTROL) : readOnly ? null : false
  return { ...sight, hits, controlFound }
}

/** Keys: 0 is the upper directory, the others the index in `files` and one. */
function writtenRoots(upper: string, files: readonly DiskMount[]): TreeRoot[] {
  const of = files.flatMap(({ hostPath }, index) => (hostPath === null ? [] : [{ key: index + 1, path: hostPath }]))
  return [{ key: 0, path: upper }, ...of]
}

/**
 * What the upper directory holds of the secrets while the program runs, so that what it writes when it is told to stop can
 * be told apart. null: could not be told; nothing is judged by it.
 */
export async function writtenNow(look: DiskLook, of: WrittenPlaces): Promise<ReadonlySet<string> | null> {
  if (of.upper === null) return null
  const wire: WireHit[] = []
  const roots = writtenRoots(of.upper, of.engineFiles)
  const sight = await walk(look, { source: 'writable-layer', roots, extra: [] }, wire)
  return sight.coverage.every((row) => row.state === 'complete') ? new Set(wire.map(keyOf)) : null
}

function keyOf(hit: WireHit): string {
  return `${hit.key} ${hit.secret} ${hit.part} ${hit.path}`
}

/** Searches every mount on disk but the engine's own files (see above) and what we delivered, by where the host has it. */
export async function scanVolumes(
  look: DiskLook,
  of: { container: ContainerJson; ours: ReadonlySet<string>; disks: readonly DiskMount[] }
): Promise<Sight> {
  const startedAt = performance.now()
  const mounts = of.container.Mounts.filter((mount) => mount.Type !== 'tmpfs' && !of.ours.has(mount.Destination))
  const engines = new Set(engineFiles(of.disks, of.container))
  const kernel = of.disks.filter((disk) => !engines.has(disk))
  const roots: TreeRoot[] = []
  const places: { destination: string; type: 'volume' | 'bind' | 'other' }[] = []
  const lost: string[] = []
  for (const disk of kernel) {
    const mount = mounts.find((each) => each.Destination === disk.mountPoint)
    const source = disk.hostPath ?? mount?.Source ?? null
    if (source === null) {
      lost.push(disk.mountPoint)
      continue
    }
    roots.push({ key: places.length, path: source })
    const type = mount?.Type === 'volume' || mount?.Type === 'bind' ? mount.Type : 'other'
    places.push({ destination: disk.mountPoint, type })
  }
  const wire: WireHit[] = []
  const sight = await walk(look, { source: 'volumes', roots, extra: [] }, wire)
  if (lost.length > 0)
    sight.coverage.push(hostFailure('volumes', `${lost.length} mounts are nowhere on the host`, startedAt))
  const hits = hostHits(wire, (hit) => {
    const { destination, type } = places[hit.key] ?? { destination: '/', type: 'other' as const }
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

async function walk(
  look: DiskLook,
  of: { source: 'writable-layer' | 'volumes'; roots: TreeRoot[]; extra: Needle[] },
  wire: WireHit[]
): Promise<Sight> {
  const startedAt = performance.now()
  const { host, registry } = look
  try {
    const needles = toWire([...registry.needles(registry.indices(() => true)), ...of.extra])
    await host.ask({ op: 'needles', set: of.source, needles }, { timeoutMs: ASK_MS })
    const kind = of.source === 'volumes' ? { kind: 'volumes' as const } : {}
    const request = { op: 'trees' as const, set: of.source, roots: of.roots, careful: true, ...kind }
    const totals = await host.ask<WireTotals>(request, { timeoutMs: TREE_MS, onHit: (hit) => wire.push(hit) })
    return { hits: [], droppedHits: totals.dropped, coverage: [hostCoverage(of.source, totals, startedAt)] }
  } catch (error) {
    return { hits: [], droppedHits: 0, coverage: [hostFailure(of.source, error, startedAt)] }
  }
}
