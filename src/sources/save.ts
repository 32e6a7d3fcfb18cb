import type { Readable } from 'node:stream'
import type { Coverage, Hit } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
export interface SaveScan {
  hits: Hit[]
  droppedHits: number
  layers: Coverage
  attestations: Coverage
  imageContent: Map<string, { items: number; examples: string[] }>
  configs: Buffer[]
}
export interface SaveRequest {
  matcher: Matcher
  image: { id: string; diffIds: string[] }
  layers: boolean
  mountPaths: string[]
}
export async function readSave(
  stream: Readable,
  exit: Promise<{ code: number | null; reason: string | null }>,
  request: SaveRequest
): Promise<SaveScan> {
  stream.resume()
  await exit
  const row = (source: 'layers' | 'attestations'): Coverage => ({
    source,
    view: 'engine',
    state: 'failed',
    items: request.mountPaths.length,
    bytes: 0,
    durationMs: 0,
    reason: 'stub'
  })
  return {
    hits: [],
    droppedHits: 0,
    layers: row('layers'),
    attestations: row('attestations'),
    imageContent: new Map(),
    configs: []
  }
}
