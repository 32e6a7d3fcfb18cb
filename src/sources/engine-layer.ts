/**
 * The container's writable layer through the engine: `docker diff` says what is in it, `docker cp` or `docker export`
 * gives the bytes. Neither shows what is in a tmpfs; both show what lies on disk underneath one (moby
 * daemon/containerfs_linux.go), which is just what is asked here. They work on a stopped container too.
 */
import type { Coverage, Hit } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import type { ItemHit } from '../scan/types.js'
import { ENGINE_FILES } from './engine-files.js'
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
  /** The engine's own files are mounted read-only with it: nobody inside can have written them. */
  readOnlyRoot: boolean
}

export interface WritableLayerScan {
  hits: Hit[]
  coverage: Coverage
}

/** Searches everything that the container has added to or changed on its disk layer, and the engine's own files. Never throws. */
export async function writableLayer(
  context: ContainerContext,
  request: WritableLayerRequest
): Promise<WritableLayerScan> {
  const startedAt = performance.now()
  const look = new LayerLook(context, request)
  const listed = await listDiff(context)
  const problems = listed.diff === null ? [listed.reason] : await look.read(listed.diff)
  const reason = problems.length === 0 ? null : [...new Set(problems)].join('; ')
  const counted = { items: look.items, bytes: look.bytes, startedAt }
  const state = reason === null ? 'complete' : look.items > 0 ? 'partial' : 'failed'
  return { hits: look.hits, coverage: coverageRow(PLACE, counted, { state, reason: reason ?? LIMITS }) }
}

function isNotThere(end: TarEnd): boolean {
  return end.reason !== null && /could not find the file|no such file/i.test(end.stderr)
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

  /** Why not everything could be read; empty when it was. */
  async read(diff: Diff): Promise<string[]> {
    const plan = planRead(diff, this.#request.mounts)
    this.#searchNames(diff)
    // Before any copy: `docker cp` mounts volumes and binds for itself, and an export beside it shows them (20.10).
    const exported = plan.way === 'export' ? await this.#export(diff) : null
    const problems = exported === null ? [] : [exported]
    const paths = plan.way === 'copy' ? plan.paths : []
    const rest = [
      ...paths.map((path) => () => this.#copy(path, diff)),
      ...this.#engineFiles().map((path) => () => this.#copyEngineFile(path))
    ]
    const worker = async (): Promise<void> => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
        const problem = await next()
        if (problem !== null) problems.push(problem)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return problems
  }

  #engineFiles(): string[] {
    const { readOnlyRoot, mounts } = this.#request
    return readOnlyRoot ? [] : [...ENGINE_FILES].filter((path) => !isMounted(path, mounts))
  }

  async #copyEngineFile(path: string): Promise<string | null> {
    const end = await this.#scan(
      ['cp', `${this.#context.containerId}:${path}`, '-'],
      () => path,
      () => 'look'
    )
    if (isNotThere(end)) return null
    return end.reason === null ? null : `docker cp: ${end.reason}`
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
    if (isNotThere(end)) return null
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
