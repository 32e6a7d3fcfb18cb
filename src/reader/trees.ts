/** Walks trees of the host: layers, the writable layer, volumes. */
import { realpathSync, statSync } from 'node:fs'
import type { Matcher } from '../scan/matcher.js'
import { errorCode, raw, toLatin1 } from '../scan/walk-open.js'
import type { WalkRoot, WalkTask } from '../scan/walk-types.js'
import { Walker } from '../scan/walk.js'
import { Collector, type KeyedHit } from './collector.js'
import { isHidden, lookAt } from './layer-dirs.js'
import type { Pool } from './pool.js'
import type { TreesRequest, WireHit, WireNeedle, WireProgress, WireTotals } from './protocol.js'
import { dataRanges } from './sparse.js'
import { shownClean } from './text.js'
import { scanXattrs, type Opaque } from './xattrs.js'

const DEADLINE_MS = 15 * 60_000
const PROGRESS_MS = 1000
const BREATHE_MS = 25
/** So long a walk may keep to itself. */
const HERE_MS = 150
/** As if so many had nothing to do: nearly all is given away. */
const MANY = 1000

export interface TreesJob {
  pool: Pool
  needles: WireNeedle[]
  matcher: Matcher
  /** Opaque directories that were met are added. */
  opaque: Opaque
  cancelled: () => boolean
  emit: (hit: WireHit) => void
  onProgress: (progress: WireProgress) => void
}

/** Searches all trees of the request. What is not read to its end, for whatever reason, is a shortfall. */
export async function scanTrees(request: TreesRequest, job: TreesJob): Promise<WireTotals> {
  const collector = new Collector()
  const tasks = request.roots.flatMap((root) => taskOf(root, request, collector) ?? [])
  const deadline = performance.now() + (request.deadlineMs ?? DEADLINE_MS)
  const stopped = (): boolean => job.cancelled() || performance.now() > deadline
  const timer = setInterval(() => {
    job.pool.check()
    job.onProgress(job.pool.progress(collector) ?? { items: collector.items, bytes: collector.bytes })
  }, PROGRESS_MS)
  try {
    const attributes = new Collector()
    const roots = tasks.map((task) => task.root)
    const [failure] = await Promise.all([
      request.kind === 'layers'
        ? job.pool.run({ tasks, needles: job.needles, collector, stopped })
        : walkHere(tasks, { ...job, collector, stopped }),
      scanXattrs(roots, { matcher: job.matcher, collector: attributes, opaque: job.opaque })
    ])
    collector.add(attributes.gathered())
    const key = request.roots[0]?.key ?? 0
    if (failure !== null) collector.shortfall(key, '', failure)
    if (stopped()) collector.shortfall(key, '', 'the time for it was over')
  } finally {
    clearInterval(timer)
  }
  const layers = request.kind === 'layers' ? new Layers(request, tasks, job.opaque) : null
  for (const hit of collector.hits) job.emit(wireHit(hit, layers, job.matcher))
  return collector.totals((path) => shownClean(path, job.matcher))
}

/** Walks in this thread, for most trees are small; what takes longer goes to others. null, or what failed. */
async function walkHere(
  tasks: readonly WalkTask[],
  job: TreesJob & { collector: Collector; stopped: () => boolean }
): Promise<string | null> {
  const given: WalkTask[] = []
  const until = performance.now() + HERE_MS
  const { collector, stopped } = job
  const walker = new Walker(job.matcher, collector, {
    stopped,
    breatheMs: BREATHE_MS,
    dataRanges,
    wanted: () => (performance.now() < until ? 0 : MANY),
    give: (more) => {
      given.push(...more)
    }
  })
  for (const task of tasks) {
    if (performance.now() < until) await walker.walk(task)
    else given.push(task)
  }
  return given.length === 0 ? null : job.pool.run({ tasks: given, needles: job.needles, collector, stopped })
}

/** A root may be a single file: a bind of one. */
function taskOf(
  { key, path }: TreesRequest['roots'][number],
  { careful, kind }: TreesRequest,
  collector: Collector
): WalkTask | null {
  try {
    const real = realpathSync(raw(toLatin1(path)), { encoding: 'latin1' })
    const stats = statSync(raw(real))
    const root: WalkRoot = { key, path: real, crossing: kind === 'volumes' ? 'disk' : 'none', careful }
    if (stats.isDirectory()) return { root, path: '' }
    if (stats.isFile()) return { root, path: '', single: true }
    return null
  } catch (error) {
    collector.shortfall(key, '', `could not be opened (${errorCode(error)})`)
    return null
  }
}

function wireHit(hit: KeyedHit, layers: Layers | null, matcher: Matcher): WireHit {
  const told: WireHit = { ...hit, path: `/${shownClean(hit.path, matcher)}` }
  return layers === null ? told : { ...told, deleted: layers.hide(hit) }
}

/** The layers of one request, bottom first. */
class Layers {
  readonly #keys: number[]
  readonly #paths: string[]
  readonly #opaque: Opaque

  constructor(request: TreesRequest, tasks: readonly WalkTask[], opaque: Opaque) {
    this.#keys = request.roots.map((root) => root.key)
    this.#paths = this.#keys.map((key) => tasks.find((task) => task.root.key === key)?.root.path ?? '')
    this.#opaque = opaque
  }

  /** Whether a later layer hides the file that a hit is in. */
  hide(hit: KeyedHit): boolean {
    const layer = this.#keys.indexOf(hit.key)
    return isHidden(this.#paths, { layer, path: fileOf(this.#paths[layer] ?? '', hit.path) }, this.#opaque)
  }
}

/** The path without the member of an archive; a name may hold a `!` of its own. */
function fileOf(base: string, path: string): string {
  for (let end = path.indexOf('!'); end !== -1; end = path.indexOf('!', end + 1)) {
    if (lookAt(`${base}/${path.slice(0, end)}`)?.isFile() === true) return path.slice(0, end)
  }
  return path
}
