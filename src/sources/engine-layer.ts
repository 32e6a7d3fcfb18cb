/**
 * The container's writable layer through the engine: `docker diff` says what is in it, `docker cp` or `docker export`
 * gives the bytes. Neither shows what is in a tmpfs; both show what lies on disk underneath one (moby
 * daemon/containerfs_linux.go), which is just what is asked here. They work on a stopped container too.
 */
import type { Coverage, Hit } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import type { ItemHit } from '../scan/types.js'
import { coverageRow, type ContainerContext, type Search } from './engine-context.js'
import { isMounted, parseDiff, planRead, type Diff } from './engine-diff.js'
import { nameMatches } from './engine-names.js'
import { scanTar, type TarEnd, type TarEntry } from './engine-tar.js'
import { drain, whyEnded } from './inside-exec.js'
import { isWithin } from '../kernel/mountinfo.js'

const DIFF_BYTES = 64 * 1024 * 1024
/** `docker cp` processes at once. */
const AT_ONCE = 4
const PLACE = { source: 'writable-layer', view: 'engine' } as const
/** What this way does not see; moby's archive and diff walk by whole paths and copy no user attributes. */
const LIMITS = 'by docker diff and docker cp or export, which leave out extended attributes and paths over 4096 bytes'

export interface WritableLayerRequest {
  search: Search
  /** Declared tmpfs paths, resolved: what lies there on disk is hidden under the mount. */
  tmpfs: readonly string[]
  /** Destinations of volumes and binds, ours too: not part of the layer. */
  mounts: readonly string[]
  /** Whether the container has been stopped by now. */
  afterStop: boolean
}

export interface WritableLayerScan {
  hits: Hit[]
  coverage: Coverage
}

/** Searches everything that the container has added to or changed on its disk layer. Never throws. */
export async function writableLayer(
  context: ContainerContext,
  request: WritableLayerRequest
): Promise<WritableLayerScan> {
  const startedAt = performance.now()
  const look = new LayerLook(context, request)
  const listed = await listDiff(context)
  const reason = listed.diff === null ? listed.reason : await look.read(listed.diff)
  const counted = { items: look.items, bytes: look.bytes, startedAt }
  const state = reason === null ? 'complete' : look.items > 0 ? 'partial' : 'failed'
  return { hits: look.hits, coverage: coverageRow(PLACE, counted, { state, reason: reason ?? LIMITS }) }
}

async function listDiff(
  context: ContainerContext
): Promise<{ diff: Diff; reason: null } | { diff: null; reason: string }> {
  const chunks: Buffer[] = []
  const command = context.cli.stream(['diff', context.containerId], {
    timeoutMs: context.deadlineMs,
    signal: context.signal
  })
  const end = await drain(command, DIFF_BYTES, (chunk) => chunks.push(chunk))
  if (end.exit.code !== 0 || end.tooMuch || end.broken) {
    return { diff: null, reason: `docker diff: ${whyEnded(end, DIFF_BYTES)}` }
  }
  const text = Buffer.concat(chunks).toString()
  // Every row ends with a newline (docker/cli, cli/command/formatter): half of one is not the whole answer.
  if (text !== '' && !text.endsWith('\n')) return { diff: null, reason: 'docker diff: the answer was cut short' }
  return { diff: parseDiff(text), reason: null }
}

class LayerLook {
  readonly hits: Hit[] = []
  items = 0
  bytes = 0
  readonly #told = new Set<string>()
  readonly #context: ContainerContext
  readonly #request: WritableLayerRequest

  constructor(context: ContainerContext, request: WritableLayerRequest) {
    this.#context = context
    this.#request = request
  }

  /** Why not everything could be read; null when it was. */
  async read(diff: Diff): Promise<string | null> {
    const plan = planRead(diff, this.#request.mounts)
    this.#searchNames(diff)
    if (plan.way === 'none') return null
    if (plan.way === 'export') return this.#export(diff)
    const problems: string[] = []
    const rest = [...plan.paths]
    const worker = async (): Promise<void> => {
      for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
        const problem = await this.#copy(path, diff)
        if (problem !== null) problems.push(problem)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return problems.length === 0 ? null : [...new Set(problems)].join('; ')
  }

  /** Sockets are in no archive, and have a name too. What is mounted over is counted and not read. */
  #searchNames(diff: Diff): void {
    const search = new ItemSearch(this.#request.search.matcher)
    for (const { change, path } of diff.rows) {
      if (isMounted(path, this.#request.mounts)) this.items += 1
      if (change !== 'A' || !diff.plain) continue
      for (const match of nameMatches(search, path)) this.#tell({ ...match, path, part: 'name' })
    }
  }

  /** A changed path that is a directory changed in itself only: what is in it and changed has a row of its own. */
  async #copy(path: string, diff: Diff): Promise<string | null> {
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    const isAdded = diff.rows.some((row) => row.change === 'A' && row.path === path)
    let first = true
    const wants = (entry: TarEntry): 'look' | 'pass' | 'stop' => {
      const isChangedDirectory = first && !isAdded && entry.type === 'directory'
      first = false
      if (isChangedDirectory) return 'stop'
      return this.#isLayers(entry, diff) ? 'look' : 'pass'
    }
    const end = await this.#scan(['cp', `${this.#context.containerId}:${path}`, '-'], (name) => parent + name, wants)
    // Deleted since the diff, as a running program may do; the look after the stop is the one that counts.
    if (end.reason !== null && /could not find the file|no such file/i.test(end.stderr)) return null
    if (end.stopped) this.items += 1
    return end.reason === null ? null : `docker cp: ${end.reason}`
  }

  /** An export leaves volumes and binds out, so that everything the diff names is the layer's. */
  async #export(diff: Diff): Promise<string | null> {
    const end = await this.#scan(
      ['export', this.#context.containerId],
      (name) => `/${name}`,
      (entry) => (diff.holds(entry.path) ? 'look' : 'pass')
    )
    return end.reason === null ? null : `docker export: ${end.reason}`
  }

  #isLayers(entry: TarEntry, diff: Diff): boolean {
    return diff.holds(entry.path) && !isMounted(entry.path, this.#request.mounts)
  }

  async #scan(
    args: readonly string[],
    pathOf: (name: string) => string,
    wants: (entry: TarEntry) => 'look' | 'pass' | 'stop'
  ): Promise<TarEnd> {
    const { cli, deadlineMs, signal } = this.#context
    const command = cli.stream(args, { timeoutMs: deadlineMs, signal })
    const onHit = (hit: ItemHit): void => {
      this.#tell(hit)
    }
    const end = await scanTar(command, { ...this.#request.search, pathOf, wants, onHit })
    this.items += end.items
    this.bytes += end.bytes
    return end
  }

  #tell({ secret, form, path, part, offset }: ItemHit): void {
    const key = JSON.stringify([secret, form, path, part])
    if (this.#told.has(key)) return
    this.#told.add(key)
    const underMount = this.#request.tmpfs.find((mount) => isWithin(path, mount)) ?? null
    const { afterStop } = this.#request
    this.hits.push({
      secret,
      form,
      view: 'engine',
      location: {
        kind: 'writable-layer',
        path,
        part,
        offset: part === 'content' ? offset : null,
        underMount,
        afterStop
      }
    })
  }
}
