/** Walks the directories of the image's layers through the reader. */
import type { Coverage, Hit, Location } from '../evidence.js'
import { toWire } from '../reader/needles.js'
import type { WireHit, WireProgress, WireTotals } from '../reader/protocol.js'
import type { Needle } from '../scan/types.js'
import type { Host } from '../sources/host.js'
import type { RunContext } from './context.js'
import { absolute, hostCoverage, hostFailure, hostHits, unreadItems } from './host-scan.js'

const ASK_MS = 60_000
const WALK_MS = 20 * 60_000

/** Directories of the image's layers on the host, bottom first, without the engine's own init layer. */
export interface LayerDirs {
  layers: string[]
}

export interface WalkRequest {
  host: Host
  dirs: LayerDirs
  diffIds: string[]
  /** Name of the needle set. */
  set: string
  needles: Needle[]
  /** Size of the image; null: not known. */
  imageBytes: number | null
}

export interface WalkResult {
  hits: Hit[]
  droppedHits: number
  coverage: Coverage
  imageContent: Map<string, { items: number; examples: string[] }> | null
}

/** Searches every layer; null: the host view failed, and the layers have to be read another way. */
export async function walkLayers(context: RunContext, request: WalkRequest): Promise<WalkResult | null> {
  const { host, dirs, diffIds, set, needles } = request
  const startedAt = performance.now()
  const wire: WireHit[] = []
  const paths = context.inputs.tmpfs.map((spec) => spec.path)
  try {
    await host.ask({ op: 'needles', set, needles: toWire(needles) }, { timeoutMs: ASK_MS })
    const roots = dirs.layers.map((path, key) => ({ key, path }))
    const options = {
      timeoutMs: WALK_MS,
      onHit: (hit: WireHit) => wire.push(hit),
      onProgress: ({ items, bytes }: WireProgress) => {
        context.log.step({
          place: 'image layers, files',
          done: items,
          total: null,
          bytes,
          totalBytes: request.imageBytes
        })
      }
    }
    const totals = await host.ask<WireTotals>({ op: 'trees', set, roots, careful: false, kind: 'layers' }, options)
    const hits = hostHits(wire, (hit): Location => ({
      kind: 'layer',
      index: hit.key,
      digest: diffIds[hit.key] ?? null,
      path: absolute('', hit.path),
      part: hit.part,
      offset: hit.offset,
      deleted: hit.deleted === true
    }))
    const shipped = await host.ask<{ items: number; examples: string[] }[]>(
      { op: 'shipped', layers: dirs.layers, paths },
      { timeoutMs: ASK_MS }
    )
    return {
      hits,
      droppedHits: totals.dropped,
      coverage: hostCoverage('layers', totals, startedAt, unreadItems(totals)),
      imageContent: new Map(paths.map((path, index) => [path, shipped[index] ?? { items: 0, examples: [] }]))
    }
  } catch (error) {
    context.log.notice(`Layers are read by docker save: ${hostFailure('layers', error, startedAt).reason ?? ''}`)
    return null
  }
}
