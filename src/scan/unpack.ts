/**
 * Searches inside archives, nested to a depth: gzip, zstd, zip (jar, whl) and tar. The outer bytes are the caller's to
 * search; here it is what can only be seen unpacked. What is not read to its end is a shortfall, never a silent skip.
 */
import { PassThrough } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { ItemSearch } from './item-search.js'
import type { Matcher } from './matcher.js'
import type { ItemHit, Shortfall } from './types.js'
import { decompress } from './unpack-stream.js'
import { unpackTar } from './unpack-tar.js'
import { unpackZip } from './unpack-zip.js'

export type ArchiveKind = 'gzip' | 'zstd' | 'zip' | 'tar'

export interface UnpackLimits {
  /** Archives inside one another. */
  depth: number
  /** Output over input, looked at once the output is large. */
  ratio: number
  /** Output of one archive, in bytes. */
  bytes: number
  /** A zip without random access is held in memory up to this many bytes. */
  zipBytes: number
}

export const DEFAULT_LIMITS: UnpackLimits = { depth: 3, ratio: 250, bytes: 4 * 1024 ** 3, zipBytes: 64 * 1024 ** 2 }

export interface UnpackSink {
  hit: (hit: ItemHit) => void
  shortfall: (shortfall: Shortfall) => void
  counted: (items: number, bytes: number) => void
}

export interface UnpackContext {
  matcher: Matcher
  limits: UnpackLimits
  sink: UnpackSink
}

/** A file that can be read anywhere, synchronously. */
export interface RandomAccess {
  /** Bytes. */
  size: number
  /** Returns the bytes read, 0 at the end. */
  read: (buffer: Uint8Array, offset: number, length: number, position: number) => number
}

/** One archive on its way through: where it is and how deep. */
export interface Unpacking {
  path: string
  /** Archives around what is inside, this one included. */
  depth: number
  context: UnpackContext
}

const CHUNK_BYTES = 1024 * 1024
/** The magic of tar lies at 257 of the first block. */
const HEAD_BYTES = 512
/** Small gzip files, which images have thousands of, are not worth a stream. */
const SMALL_BYTES = 256 * 1024
const SMALL_OUTPUT_BYTES = 16 * 1024 * 1024

/** What kind of archive begins with these bytes; tar by its magic and a right checksum. */
export function archiveKind(head: Uint8Array, length: number): ArchiveKind | null {
  if (length < 4) return null
  const [a, b, c, d] = head
  if (a === 0x1f && b === 0x8b && c === 8) return 'gzip'
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd'
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) return 'zip'
  return length >= HEAD_BYTES && isTarHeader(head) ? 'tar' : null
}

function isTarHeader(head: Uint8Array): boolean {
  const magic = [0x75, 0x73, 0x74, 0x61, 0x72]
  if (!magic.every((byte, index) => head[257 + index] === byte)) return false
  let sum = 0
  for (let index = 0; index < HEAD_BYTES; index += 1) sum += index >= 148 && index < 156 ? 0x20 : (head[index] ?? 0)
  return parseInt(Buffer.from(head.subarray(148, 156)).toString('latin1'), 8) === sum
}

/** Searches inside an archive that can be read anywhere. Rejects only when reading it fails. */
export async function unpackFile(
  kind: ArchiveKind,
  path: string,
  file: RandomAccess,
  context: UnpackContext
): Promise<void> {
  const unpacking = { path, depth: 1, context }
  if (kind === 'zip') {
    await unpackZip(unpacking, file)
    return
  }
  if (kind === 'gzip' && file.size <= SMALL_BYTES && (await unpackSmall(unpacking, file))) return
  await unpackStream(kind, unpacking, chunksOf(file))
}

/** Searches inside an archive that comes in chunks. */
export async function unpackChunks(
  kind: ArchiveKind,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  context: UnpackContext
): Promise<void> {
  await unpackNested(kind, { path, depth: 1, context }, chunks)
}

async function unpackNested(kind: ArchiveKind, unpacking: Unpacking, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  if (kind !== 'zip') {
    await unpackStream(kind, unpacking, chunks)
    return
  }
  const { limits, sink } = unpacking.context
  const parts: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size <= limits.zipBytes) parts.push(Buffer.from(chunk))
    else parts.length = 0
  }
  if (size > limits.zipBytes) {
    sink.shortfall({ path: unpacking.path, reason: 'is a zip too large to be held in memory' })
    return
  }
  const bytes = Buffer.concat(parts)
  await unpackZip(unpacking, {
    size,
    read: (buffer, offset, length, position) => bytes.copy(buffer, offset, position, position + length)
  })
}

async function unpackStream(
  kind: 'gzip' | 'zstd' | 'tar',
  unpacking: Unpacking,
  chunks: AsyncIterable<Uint8Array>
): Promise<void> {
  if (kind === 'tar') await unpackTar(unpacking, chunks)
  else
    await searchInside(
      { ...unpacking, path: unpacking.path },
      decompress(kind, unpacking, chunks),
      `${unpacking.path}!`
    )
}

/** true when it was done in one go. */
async function unpackSmall(unpacking: Unpacking, file: RandomAccess): Promise<boolean> {
  const packed = Buffer.allocUnsafe(file.size)
  const length = file.read(packed, 0, file.size, 0)
  let plain: Buffer
  try {
    plain = gunzipSync(packed.subarray(0, length), { maxOutputLength: SMALL_OUTPUT_BYTES })
  } catch {
    // Broken, cut short or large: the stream tells which, and gives what comes out before.
    return false
  }
  await searchInside(unpacking, once(plain), `${unpacking.path}!`)
  return true
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

// eslint wants an await in an async generator; reading is synchronous, consumers are not.
async function* chunksOf(file: RandomAccess): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < file.size;) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, file.size - position))
    const length = file.read(buffer, 0, buffer.length, position)
    if (length === 0) return
    position += length
    yield await Promise.resolve(buffer.subarray(0, length))
  }
}

/**
 * Searches the bytes of one member, and inside it when it is an archive again. `shown` is its path for hits. What a
 * nested archive tells by itself (a tar's entries) is not told again of the stream around it.
 */
export async function searchInside(outer: Unpacking, chunks: AsyncIterable<Uint8Array>, shown: string): Promise<void> {
  const { matcher, sink } = outer.context
  const search = new ItemSearch(matcher)
  const told = new Set<string>()
  const nested = new Nested(outer, shown, (hit) => {
    told.add(`${hit.secret} ${hit.form}`)
    sink.hit(hit)
  })
  let bytes = 0
  search.begin()
  for await (const chunk of chunks) {
    search.push(chunk)
    bytes += chunk.length
    await nested.push(chunk)
  }
  await nested.end()
  sink.counted(1, bytes)
  for (const match of search.end()) {
    if (!told.has(`${match.secret} ${match.form}`)) sink.hit({ ...match, path: shown, part: 'content' })
  }
}

/** Feeds an archive inside a member to its own unpacking, beside the search of the member's bytes. */
class Nested {
  readonly #outer: Unpacking
  readonly #shown: string
  readonly #onHit: (hit: ItemHit) => void
  #head: Buffer | null = Buffer.alloc(0)
  #stream: PassThrough | null = null
  #work: Promise<void> = Promise.resolve()

  constructor(outer: Unpacking, shown: string, onHit: (hit: ItemHit) => void) {
    this.#outer = outer
    this.#shown = shown
    this.#onHit = onHit
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (this.#head === null) {
      await this.#write(chunk)
      return
    }
    this.#head = Buffer.concat([this.#head, chunk])
    if (this.#head.length >= HEAD_BYTES) await this.#begin(this.#head)
  }

  async end(): Promise<void> {
    if (this.#head !== null) await this.#begin(this.#head)
    this.#stream?.end()
    await this.#work
  }

  async #begin(head: Buffer): Promise<void> {
    this.#head = null
    const kind = archiveKind(head, head.length)
    if (kind === null) return
    const { depth, context } = this.#outer
    if (depth >= context.limits.depth) {
      context.sink.shortfall({ path: this.#shown, reason: `is an archive nested deeper than ${context.limits.depth}` })
      return
    }
    this.#stream = new PassThrough({ highWaterMark: CHUNK_BYTES })
    const inner = { ...context, sink: { ...context.sink, hit: this.#onHit } }
    const path = kind === 'tar' ? this.#shown.replace(/!$/, '') : this.#shown
    this.#work = unpackNested(kind, { path, depth: depth + 1, context: inner }, this.#stream).then(() => {
      // Whoever stopped reading early (a limit, a broken archive) must not hold up the search of the member.
      this.#stream?.resume()
    })
    await this.#write(head)
  }

  async #write(chunk: Uint8Array): Promise<void> {
    const stream = this.#stream
    if (stream === null || stream.destroyed) return
    // The chunk's buffer may be used again by who gave it.
    if (stream.write(Buffer.from(chunk))) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done).off('close', done)
        resolve()
      }
      stream.on('drain', done).on('close', done)
    })
  }
}
