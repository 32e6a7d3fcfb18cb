/** Unpacks the entries of a zip file. yauzl reads the directory; the data is read here: it checks no CRC. */
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import type { FrameCodec } from './unpack-codec.js'
import { FrameStream } from './unpack-frame.js'
import { GZIP_CODEC } from './unpack-gzip.js'
import { Member } from './unpack-member.js'
import { salvage } from './unpack-salvage.js'
import { BROKEN, memberPath, MIB, type ArchivePlace, type Scope } from './unpack-scope.js'
import type { RandomAccess } from './unpack-zip.js'
import type { Covered } from './unpack-zip-gaps.js'
import { ZSTD_CODEC } from './unpack-zstd.js'

/** PKWARE APPNOTE, 4.4.5. */
const STORED = 0
const CODECS: ReadonlyMap<number, FrameCodec> = new Map([
  [8, GZIP_CODEC],
  [93, ZSTD_CODEC]
])
const SMALL_OUTPUT = 16 * MIB

/** Data of one entry on its way out. */
interface Output {
  path: string
  length: number
  crc: number
  /** Nothing more is wanted: a limit is reached. */
  stopped: boolean
  /** What came in did not end where it should have. */
  broken: boolean
}

export class ZipEntries {
  items = 0
  bytes = 0
  readonly #place: ArchivePlace
  readonly #file: RandomAccess
  readonly #scope: Scope
  readonly #member: Member

  constructor(place: ArchivePlace, file: RandomAccess, scope: Scope) {
    this.#place = place
    this.#file = file
    this.#scope = scope
    this.#member = new Member(scope.context, () => scope, true)
  }

  /** Searches one entry; the range that it takes in the file, null when its local header cannot be read. */
  async unpack(zip: ZipFile, entry: Entry): Promise<Covered | null> {
    const path = memberPath(this.#place.path, entry.fileNameRaw, this.#scope.context)
    const start = await dataStart(zip, entry)
    const refused = start === null ? BROKEN : refusal(entry)
    if (refused !== null) this.#scope.context.sink.shortfall({ path, reason: refused })
    else if (start !== null) await this.#search(path, entry, start)
    return start === null ? null : { from: entry.relativeOffsetOfLocalHeader, to: start + entry.compressedSize }
  }

  async #search(path: string, entry: Entry, start: number): Promise<void> {
    this.items++
    if (entry.compressedSize === 0 && entry.uncompressedSize === 0) return
    const output = { path, length: 0, crc: 0, stopped: false, broken: false }
    this.#member.begin({
      path: () => path,
      size: entry.uncompressedSize,
      depth: this.#place.depth + 1,
      compressed: null
    })
    const codec = CODECS.get(entry.compressionMethod)
    const whole = codec !== undefined && entry.compressedSize <= MIB ? this.#whole(codec, entry, start) : null
    if (codec === undefined) await this.#stored(output, start, entry.compressedSize)
    else if (whole !== null) {
      output.broken = whole.broken
      await this.#emit(output, whole.bytes)
    } else await this.#stream(output, codec, { start, length: entry.compressedSize })
    await this.#member.end()
    this.bytes += output.length
    const right = !output.broken && output.length === entry.uncompressedSize && output.crc === entry.crc32
    if (!right && !output.stopped) this.#scope.context.sink.shortfall({ path, reason: BROKEN })
  }

  #emit(output: Output, piece: Uint8Array): Promise<void> | null {
    output.length += piece.length
    output.crc = crc32(piece, output.crc)
    if (piece.length === 0 || output.stopped) return null
    output.stopped = !this.#scope.made(piece.length, output.path)
    return output.stopped ? null : this.#member.write(piece)
  }

  async #stored(output: Output, start: number, length: number): Promise<void> {
    for (const piece of this.#pieces(start, length)) {
      await this.#emit(output, piece)
      if (output.stopped) return
    }
  }

  /** What comes out of a small entry; null: too much to have it at once. */
  #whole(codec: FrameCodec, entry: Entry, start: number): { bytes: Buffer; broken: boolean } | null {
    const data = this.#read(start, entry.compressedSize)
    if (!codec.available) return { bytes: Buffer.alloc(0), broken: true }
    try {
      const { output, used } = codec.whole(data, SMALL_OUTPUT)
      return { bytes: output, broken: used !== data.length || data.length !== entry.compressedSize }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return null
      return { bytes: salvage(codec, data, SMALL_OUTPUT) ?? Buffer.alloc(0), broken: true }
    }
  }

  async #stream(output: Output, codec: FrameCodec, range: { start: number; length: number }): Promise<void> {
    output.broken = !codec.available
    if (output.broken) return
    const frame = new FrameStream(codec.stream(MIB), (piece) => {
      const wait = this.#emit(output, piece)
      if (output.stopped) frame.stop()
      return wait
    })
    for (const piece of this.#pieces(range.start, range.length)) {
      const rest = await frame.write(piece)
      if (rest.length > 0) output.broken = true
      if (frame.state !== 'open') break
    }
    await frame.finish()
    if (frame.state !== 'ended') output.broken = true
  }

  *#pieces(start: number, length: number): Generator<Buffer> {
    for (let at = 0; at < length; at += MIB) yield this.#read(start + at, Math.min(MIB, length - at))
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    return bytes.subarray(0, this.#file.read(bytes, 0, length, position))
  }
}

/** Why an entry cannot be unpacked. */
function refusal(entry: Entry): string | null {
  if (entry.isEncrypted()) return 'is encrypted'
  const method = entry.compressionMethod
  return method === STORED || CODECS.has(method) ? null : `is compressed by method ${method}, which cannot be unpacked`
}

async function dataStart(zip: ZipFile, entry: Entry): Promise<number | null> {
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
    return fileDataStart
  } catch {
    // Not a local header, or one whose data would lie beyond the end: told as broken.
    return null
  }
}
