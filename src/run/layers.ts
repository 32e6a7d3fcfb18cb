/**
 * Looks at the image's layers and attestations beside the running container: by walking the engine's directories where
 * there is host access, else through `docker save`.
 *
 * Every byte is searched for all secrets in one pass. `docker save` is started early, for the classic store spools the
 * whole image first, and its output is left in the pipe until all secrets are known. The walk starts at once with the
 * declared secrets; what is discovered later needs a second walk only when it does not contain a declared secret: any
 * place that holds the whole holds the part, in whatever form.
 */
import { Transform } from 'node:stream'
import type { Coverage, Hit } from '../evidence.js'
import type { ImageJson } from '../docker/parse.js'
import type { StreamedCommand } from '../docker/cli.js'
import type { Needle } from '../scan/types.js'
import { Matcher } from '../scan/matcher.js'
import { containsDeclared } from '../secrets/discovery.js'
import { readSave, type SaveScan } from '../sources/save.js'
import type { RunContext } from './context.js'
import { walkLayers, type LayerDirs, type WalkResult } from './layer-walk.js'

const SAVE_MS = 45 * 60_000
const PROGRESS_MS = 1000
/** Of `docker save`, while it waits for all secrets to be known. */
const KEPT_BYTES = 256 * 1024

export interface LayerSight {
  hits: Hit[]
  droppedHits: number
  /** `layers` and `attestations`. */
  coverage: Coverage[]
  /** Files that the image ships at each tmpfs path; null: not known. */
  imageContent: Map<string, { items: number; examples: string[] }> | null
}

export class LayerLook {
  readonly #context: RunContext
  readonly #image: ImageJson
  readonly #byWalk: boolean
  readonly #needsSave: boolean
  #save: StreamedCommand | null = null
  /** Bytes that came of it. */
  #savedBytes = 0
  #dirs: () => Promise<LayerDirs | null> = () => Promise.resolve(null)
  #walk: Promise<WalkResult | null> | null = null
  #known: Promise<Needle[]>
  #tellKnown: (needles: Needle[]) => void = () => undefined

  constructor(context: RunContext, image: ImageJson) {
    this.#context = context
    this.#image = image
    this.#byWalk = context.host !== null && context.inputs.layers === 'auto'
    // The classic store cannot hold attestations (docker/buildx#1714), so that only the layers could need it there.
    this.#needsSave = !this.#byWalk || context.engine.fact.store === 'containerd'
    this.#known = new Promise((resolve) => {
      this.#tellKnown = resolve
    })
  }

  /** Starts what needs nothing but the image. */
  begin(): void {
    if (this.#needsSave) this.#save = this.#startSave()
  }

  /** The container runs: its root mount names the layers' directories. */
  met(dirs: () => Promise<LayerDirs | null>): void {
    this.#dirs = dirs
    if (!this.#byWalk) return
    const { registry } = this.#context
    const declared = registry.needles(registry.indices((fact) => fact.origin !== 'discovered'))
    this.#walk = this.#walkWith('layers', declared)
  }

  /** All secrets are known. */
  known(): void {
    const { registry } = this.#context
    this.#tellKnown(registry.needles(registry.indices(() => true)))
  }

  /** Everything found. Call it after {@link known}. */
  async end(): Promise<LayerSight> {
    const first = this.#walk === null ? null : await this.#walk
    if (first === null) return this.#bySave()
    const [walked, saved] = await Promise.all([this.#endWalk(first), this.#needsSave ? this.#readSave(false) : null])
    if (walked === null) return this.#bySave()
    const attestations = saved?.attestations ?? this.#noAttestations()
    return {
      ...walked,
      hits: [...walked.hits, ...(saved?.hits ?? [])],
      droppedHits: walked.droppedHits + (saved?.droppedHits ?? 0),
      coverage: [walked.coverage, attestations]
    }
  }

  /** Ends what was started and never read, when the run came to an early end. */
  close(): void {
    this.#save?.kill()
  }

  async #bySave(): Promise<LayerSight> {
    const { hits, droppedHits, layers, attestations, imageContent } = await this.#readSave(true)
    return { hits, droppedHits, coverage: [layers, attestations], imageContent }
  }

  async #endWalk(first: WalkResult): Promise<WalkResult | null> {
    const rest = this.#independent()
    if (rest.length === 0) return first
    const second = await this.#walkWith('layers-discovered', rest)
    if (second === null) return null
    const kept = first.coverage.state === 'complete' ? second.coverage : first.coverage
    return {
      ...second,
      hits: [...first.hits, ...second.hits],
      droppedHits: first.droppedHits + second.droppedHits,
      coverage: { ...kept, durationMs: first.coverage.durationMs + second.coverage.durationMs }
    }
  }

  /** Needles of discovered secrets that no declared one leads to. */
  #independent(): Needle[] {
    const { registry } = this.#context
    const declared = registry.indices((fact) => fact.origin !== 'discovered').map((index) => registry.value(index))
    return registry.needles(
      registry.indices(
        (fact, index) => fact.origin === 'discovered' && !containsDeclared(registry.value(index), declared)
      )
    )
  }

  async #walkWith(set: string, needles: Needle[]): Promise<WalkResult | null> {
    const { host } = this.#context
    const dirs = await this.#dirs()
    const diffIds = this.#image.RootFS?.Layers ?? []
    if (host === null || dirs === null || dirs.layers.length !== diffIds.length) return null
    return walkLayers(this.#context, { host, dirs, diffIds, set, needles, imageBytes: this.#image.Size ?? null })
  }

  /** Reads `docker save` once all secrets are known, by the command that was started early or by a new one. */
  async #readSave(layers: boolean): Promise<SaveScan> {
    const needles = await this.#known
    const { inputs } = this.#context
    const save = this.#save ?? this.#startSave()
    this.#save = null
    save.stderr.resume()
    const progress = this.#tellProgress()
    const scan = readSave(save.stdout, save.exit, {
      matcher: new Matcher(needles),
      image: { id: this.#image.Id, diffIds: this.#image.RootFS?.Layers ?? [] },
      layers,
      mountPaths: inputs.tmpfs.map((spec) => spec.path)
    })
    return scan.finally(() => {
      clearInterval(progress)
    })
  }

  #tellProgress(): NodeJS.Timeout {
    const totalBytes = this.#image.Size ?? null
    return setInterval(() => {
      const bytes = this.#savedBytes
      this.#context.log.step({
        place: 'docker save, MB',
        done: Math.round(bytes / 1e6),
        total: null,
        bytes,
        totalBytes
      })
    }, PROGRESS_MS)
  }

  #startSave(): StreamedCommand {
    const { session } = this.#context
    const command = session.cli.stream(['save', '--', this.#image.Id], { timeoutMs: SAVE_MS, signal: session.signal })
    // Node empties the pipe of a child that has ended and is not read: a small image would be lost while it waits.
    this.#savedBytes = 0
    const kept = new Transform({
      highWaterMark: KEPT_BYTES,
      transform: (chunk: Buffer, _, done) => {
        this.#savedBytes += chunk.length
        done(null, chunk)
      }
    })
    command.stdout.once('error', () => kept.destroy())
    return { ...command, stdout: command.stdout.pipe(kept) }
  }

  #noAttestations(): Coverage {
    const reason = 'the classic image store cannot hold attestations'
    return { source: 'attestations', view: 'engine', state: 'complete', items: 0, bytes: 0, durationMs: 0, reason }
  }
}
