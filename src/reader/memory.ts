/** What lies in memory: the declared tmpfs paths, and every other tmpfs of the container. */
import { closeSync, fstatSync, type Stats } from 'node:fs'
import { otherMemory } from '../kernel/mountinfo.js'
import { idInside } from '../kernel/process.js'
import type { Matcher } from '../scan/matcher.js'
import { errorCode, pathAt, toLatin1 } from '../scan/walk-open.js'
import type { WalkRoot, WalkTask } from '../scan/walk-types.js'
import { Walker } from '../scan/walk.js'
import { Collector } from './collector.js'
import type { Held } from './container.js'
import { resolveInRoot, type Place } from './in-root.js'
import type { MemoryAnswer, WireFile, WireHit } from './protocol.js'
import { dataRanges } from './sparse.js'
import { shown, shownClean } from './text.js'
import { scanXattrs } from './xattrs.js'

/** Files told of; more are searched, but not judged one by one. */
const MOST_FILES = 10_000
const BREATHE_MS = 25

export type { MemoryAnswer } from './protocol.js'

export interface MemoryRequest {
  paths: string[]
  matcher: Matcher
  emit: (hit: WireHit) => void
  stopped: () => boolean
}

interface Mount {
  /** As the user knows it: the declared path, else the mount point. Latin1. */
  name: string
  declared: boolean
  /** null: it could not be resolved, for this reason. */
  place: Place | null
  reason: string | null
}

/** Searches names, link targets, attributes and contents. Hits' keys are indices of `mounts`. */
export async function scanMemory(held: Held, root: number, request: MemoryRequest): Promise<MemoryAnswer> {
  const mounts = openMounts(held, root, request.paths)
  try {
    const files: MemoryAnswer['files'] = []
    const scan = async (declared: boolean): Promise<Collector> => {
      const collector = new Collector()
      const keys = [...mounts.keys()].filter((key) => mounts[key]?.declared === declared)
      await scanMounts({ held, mounts, keys, collector, request }, files)
      return collector
    }
    const [declared, others] = [await scan(true), await scan(false)]
    const clean = (path: string): string => shownClean(path, request.matcher)
    for (const { hits } of [declared, others])
      for (const hit of hits) request.emit({ ...hit, path: `/${clean(hit.path)}` })
    return {
      mounts: mounts.map((mount) => ({ path: shown(mount.name), declared: mount.declared })),
      declared: declared.totals(clean),
      others: others.totals(clean),
      files
    }
  } finally {
    for (const { place } of mounts) if (typeof place?.fd === 'number') closeSync(place.fd)
  }
}

function openMounts(held: Held, root: number, paths: readonly string[]): Mount[] {
  const declared = paths.map((path) => openMount(root, toLatin1(path), true))
  const resolved = declared.map((mount) => mount.place?.path ?? mount.name)
  const others = otherMemory(held.mounts(), resolved).map((path) => openMount(root, path, false))
  return [...declared, ...others]
}

function openMount(root: number, name: string, declared: boolean): Mount {
  try {
    return { name, declared, place: resolveInRoot(root, name), reason: null }
  } catch (error) {
    return { name, declared, place: null, reason: errorCode(error) }
  }
}

interface MountScan {
  held: Held
  mounts: readonly Mount[]
  keys: readonly number[]
  collector: Collector
  request: MemoryRequest
}

async function scanMounts(scan: MountScan, files: MemoryAnswer['files']): Promise<void> {
  const { collector, request, mounts } = scan
  const ids = { uids: scan.held.uidMap(), gids: scan.held.gidMap() }
  const sink = {
    hit: collector.hit.bind(collector),
    shortfall: collector.shortfall.bind(collector),
    count: collector.count.bind(collector),
    file: (key: number, path: string, stats: Stats): void => {
      const mount = mounts[key]
      if (mount?.declared !== true || files.length >= MOST_FILES) return
      const owner = { uid: idInside(ids.uids, stats.uid), gid: idInside(ids.gids, stats.gid) }
      files.push({ mount: shown(mount.name), ...fileOf(`${mount.name}/${path}`, stats), ...owner })
    }
  }
  const tasks: WalkTask[] = []
  for (const key of scan.keys) {
    const task = taskOf(key, mounts[key], collector)
    if (task !== null) tasks.push(task)
  }
  const walker = new Walker(request.matcher, sink, { stopped: request.stopped, breatheMs: BREATHE_MS, dataRanges })
  // In a declared path a secret may be in an attribute as well as in a file: there is nothing to find fault with.
  const others = tasks.filter((task) => task.root.crossing === 'own').map((task) => task.root)
  const xattrs = scanXattrs(others, { matcher: request.matcher, collector })
  for (const task of tasks) await walker.walk(task)
  if (request.stopped()) collector.shortfall(0, '', 'the time for it was over')
  await xattrs
}

/** A mount may be a single file, bound from the memory of the host. An undeclared one that is covered is not there. */
function taskOf(key: number, mount: Mount | undefined, collector: Collector): WalkTask | null {
  if (mount === undefined) return null
  const fd = mount.place === null ? null : mount.place.fd
  if (fd === null) {
    if (mount.declared || mount.reason !== null) collector.shortfall(key, '', mount.reason ?? 'is not there')
    return null
  }
  const crossing = mount.declared ? 'memory' : 'own'
  const root: WalkRoot = { key, path: pathAt(fd, null), crossing, careful: true }
  const stats = fstatSync(fd)
  if (stats.isDirectory()) return { root, path: '' }
  return stats.isFile() ? { root, path: '', single: true } : null
}

function fileOf(path: string, stats: Stats): Omit<WireFile, 'uid' | 'gid'> {
  return { path: shown(path), bytes: stats.size, mode: (stats.mode & 0o7777).toString(8).padStart(4, '0') }
}
