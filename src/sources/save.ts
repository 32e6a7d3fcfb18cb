/**
 * Searches an image through `docker save`: every byte of its layers as they ship, its attestations, and the rest of its
 * JSON, in one pass and in a memory that does not grow with the image. Reads what 20.10 writes (a folder a layer) and the
 * OCI layout that came with 25, of the classic and of the containerd image store.
 */
import type { Readable } from 'node:stream'
import type { Coverage, Hit, Location } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
import { escapeForeign, redact } from '../scan/redact.js'
import { textOf } from '../scan/unpack-scope.js'
import { SaveArchive } from './save-archive.js'
import { attestationHits } from './save-attestations.js'
import { jsonHits } from './save-config.js'
import { judgeAttestations, judgeLayers, ownImages, type Judgement, type ReadArchive } from './save-coverage.js'
import { hidden } from './save-hidden.js'
import { readIndex } from './save-index.js'
import type { Blob, SaveRequest } from './save-types.js'

export type { SaveRequest } from './save-types.js'

export interface SaveScan {
  /** In layers, attestations, and fields of the image's JSON that `docker image inspect` does not show. */
  hits: Hit[]
  droppedHits: number
  layers: Coverage
  attestations: Coverage
  /** Files that the final image shows below each of the paths asked for, and up to 10 of them. */
  imageContent: Map<string, { items: number; examples: string[] }>
  /** Raw configs of the images in the archive, the checked one first. */
  configs: Buffer[]
}

const MOST_EXAMPLES = 10
/** Bytes that may wait to be decompressed while more are read: the thread pool should never be idle. */
const MOST_AHEAD = 4 * 1024 * 1024
/** Problems that a reason names; the rest are counted. */
const MOST_NAMED = 3

/**
 * Reads what `docker save` writes to its stdout. Never rejects: what goes wrong is in the coverage. How long it may take
 * is up to whoever started the command: when that is killed, the stream ends, and so does this.
 */
export async function readSave(
  stream: Readable,
  exit: Promise<{ code: number | null; reason: string | null }>,
  request: SaveRequest
): Promise<SaveScan> {
  const startedAt = performance.now()
  const archive = new SaveArchive(request)
  const cut = await consume(stream, archive)
  const end = await archive.end()
  const { code, reason } = await exit
  const exited = reason ?? (code === 0 ? null : 'did not succeed')
  const whole = exited ?? cut ?? end.reason
  const broken = whole === null ? null : `docker save: ${whole}`
  return assemble(
    { archive, index: readIndex(archive.blobs), broken, clean: cleaner(request.matcher) },
    request,
    startedAt
  )
}

/** Why the stream did not come to its end; null: it did. */
async function consume(stream: Readable, archive: SaveArchive): Promise<string | null> {
  const ahead: { wait: Promise<void>; bytes: number }[] = []
  let bytesAhead = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const wait = archive.write(chunk)
      if (wait === null) continue
      ahead.push({ wait, bytes: chunk.length })
      bytesAhead += chunk.length
      while (bytesAhead > MOST_AHEAD) {
        const first = ahead.shift()
        await first?.wait
        bytesAhead -= first?.bytes ?? 0
      }
    }
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `its output broke off (${code ?? 'unknown error'})`
  } finally {
    await Promise.all(ahead.map(({ wait }) => wait))
  }
}

function assemble(read: ReadArchive, request: SaveRequest, startedAt: number): SaveScan {
  const { archive, index } = read
  const own = ownImages(read, request.image)
  const config = own[0]?.config ?? null
  const durationMs = Math.round(performance.now() - startedAt)
  const attestations = judgeAttestations(read, request)
  const configs = [config, ...index.images.map((image) => image.config)].filter((blob) => blob !== null)
  const parts = index.attestations.map(({ blob }) => blob)
  const attested = attestationHits(archive.hits, index, read.clean)
  const rest = archive.hits.filter(({ blob }) => !parts.includes(blob))
  const others = jsonHits(rest, { index, ours: config, matcher: request.matcher })
  const layers = layerHits(read, request)
  const engine = (hit: Omit<Hit, 'view'>): Hit => ({ ...hit, view: 'engine' })
  return {
    hits: [...layers, ...attested.map(engine), ...others.map(engine)],
    droppedHits: archive.droppedHits,
    layers: coverage('layers', judgeLayers(read, request), {
      blobs: archive.blobs.filter(({ kind }) => kind === 'tar'),
      durationMs
    }),
    attestations: coverage('attestations', attestations, { blobs: parts, durationMs }),
    imageContent: imageContent(read, request),
    configs: [...new Set(configs)].flatMap(({ json }) => (json === null ? [] : [json]))
  }
}

/** What is no JSON counts as a layer: where else could it lie? */
const isLayer = ({ kind }: Blob): boolean => kind !== 'json'

function coverage(
  source: 'layers' | 'attestations',
  { state, problems, remark = null, unread }: Judgement & { remark?: string | null },
  { blobs, durationMs }: { blobs: readonly Blob[]; durationMs: number }
): Coverage {
  const more = problems.length - MOST_NAMED
  const named = problems.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '')
  const isSearched = state !== 'skipped'
  return {
    source,
    view: 'engine',
    state,
    items: isSearched ? blobs.reduce((sum, { items, kind }) => sum + (kind === 'tar' ? items : 1), 0) : 0,
    bytes: isSearched ? blobs.reduce((sum, { bytes }) => sum + bytes, 0) : 0,
    durationMs,
    reason: problems.length > 0 ? named : remark,
    ...(unread === undefined ? {} : { unread })
  }
}

/** A latin1 path as text, of several parts where archives are in it. */
const shown = (path: string): string => textOf(Buffer.from(path, 'latin1'))

function cleaner(matcher: Matcher): (path: string) => string {
  return (path) => escapeForeign(redact(shown(path), matcher))
}

/** Index in the image of a layer's lowest and highest occurrence; null: it is another image's. */
function place(blob: Blob, { image }: SaveRequest): { lowest: number; highest: number } | null {
  const lowest = image.diffIds.indexOf(blob.diffId ?? '')
  return lowest === -1 ? null : { lowest, highest: image.diffIds.lastIndexOf(blob.diffId ?? '') }
}

function layerLogs({ archive }: ReadArchive, { image }: SaveRequest): Blob['paths'][] {
  const byDiffId = new Map(archive.blobs.map((blob) => [blob.diffId, blob.paths]))
  return image.diffIds.map((diffId) => byDiffId.get(diffId) ?? null)
}

function layerHits(read: ReadArchive, request: SaveRequest): Hit[] {
  const found = read.archive.hits.filter(({ blob }) => isLayer(blob))
  const places = found.map(({ blob }) => place(blob, request))
  const isHidden = hidden(
    layerLogs(read, request),
    found.map(({ path }, i) => ({ path, layer: places[i]?.highest ?? Infinity }))
  )
  return found.map(({ blob, secret, form, part, path, offset }, i) => {
    const location: Location = {
      kind: 'layer',
      index: places[i]?.lowest ?? null,
      digest: blob.diffId,
      path: shown(path),
      part,
      offset: part === 'content' || part === 'header' ? offset : null,
      deleted: isHidden[i] === true
    }
    return { secret, form, view: 'engine', location }
  })
}

function imageContent(read: ReadArchive, request: SaveRequest): SaveScan['imageContent'] {
  const files = read.archive.mountFiles.flatMap((file) => {
    const at = place(file.blob, request)
    return at === null ? [] : [{ ...file, layer: at.highest }]
  })
  const isHidden = hidden(layerLogs(read, request), files)
  return new Map(
    request.mountPaths.map((mount) => {
      const visible = files.filter((file, i) => file.mount === mount && isHidden[i] !== true)
      const paths = [...new Set(visible.map(({ path }) => path))]
      return [mount, { items: paths.length, examples: paths.slice(0, MOST_EXAMPLES).map(shown) }]
    })
  )
}
