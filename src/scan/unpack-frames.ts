/** Unpacks gzip and zstd: frames one behind the other. Small ones at once, larger ones as a stream. */
import { crc32 } from 'node:zlib'
import type { FrameCodec } from './unpack-codec.js'
import { FramesStream } from './unpack-frames-stream.js'
import { Member } from './unpack-member.js'
import { salvage } from './unpack-salvage.js'
import {
  BEHIND_END,
  BROKEN,
  both,
  isZeros,
  MIB,
  TOO_WIDE,
  type ArchivePlace,
  type Consumer,
  type Scope
} from './unpack-scope.js'

/** Up to here a file is kept and decompressed at once, which spares it a stream. */
const SMALL = MIB
/** What may come out of a small one at once. */
const SMALL_OUTPUT = 16 * MIB

/** What came out of a small file, and what is wrong with it. */
interface Whole {
  pieces: Buffer[]
  wrong: string | null
}

/** Left to the stream: it says what is too large. */
const isTooLarge = ({ code }: NodeJS.ErrnoException): boolean => code === 'ERR_BUFFER_TOO_LARGE' || code === TOO_WIDE

/** Opens a gzip or zstd file. */
export class Frames implements Consumer {
  readonly #codec: FrameCodec
  readonly #place: ArchivePlace
  readonly #scope: Scope
  readonly #member: Member
  #kept: Uint8Array[] = []
  #length = 0
  #stream: FramesStream | null = null

  constructor(codec: FrameCodec, place: ArchivePlace, scope: Scope) {
    this.#codec = codec
    this.#place = place
    this.#scope = scope
    this.#member = new Member(scope.context, () => scope, true)
    const { path, depth } = place
    this.#member.begin({ path: () => `${path}!`, size: null, depth: depth + 1, compressed: { path, depth } })
  }

  write(bytes: Uint8Array): Promise<void> | null {
    if (!this.#codec.available) return null
    if (this.#stream !== null) return this.#stream.write(bytes)
    this.#kept.push(bytes)
    this.#length += bytes.length
    return this.#length > SMALL ? this.#startStream() : null
  }

  end(): Promise<void> | null {
    if (this.#stream !== null) return this.#stream.end()
    if (!this.#codec.available)
      return this.#shortfall(`is ${this.#codec.name}, which this version of Node.js cannot unpack`)
    const [only] = this.#kept
    const bytes = this.#kept.length === 1 && only !== undefined ? only : Buffer.concat(this.#kept)
    const whole = this.#whole(bytes)
    return whole === null ? both(this.#startStream(), this.end()) : this.#tell(whole)
  }

  #startStream(): Promise<void> | null {
    const stream = new FramesStream(this.#codec, this.#place, { scope: this.#scope, member: this.#member })
    this.#stream = stream
    const kept = this.#kept
    this.#kept = []
    return kept.reduce<Promise<void> | null>((wait, bytes) => both(wait, stream.write(bytes)), null)
  }

  /** null: too much comes out. */
  #whole(bytes: Uint8Array): Whole | null {
    const pieces: Buffer[] = []
    let room = SMALL_OUTPUT
    for (let at = 0; at < bytes.length;) {
      const frame = bytes.subarray(at)
      const header = this.#codec.headerLength(frame)
      if (header === null && isZeros(frame)) break
      if (typeof header !== 'number') return { pieces, wrong: header === null ? BEHIND_END : BROKEN }
      const result = this.#frame(frame, header, room)
      if (result === null) return null
      if (result.output !== null) pieces.push(result.output)
      if (result.used === 0) return { pieces, wrong: BROKEN }
      room -= result.output?.length ?? 0
      at += result.used
    }
    return { pieces, wrong: null }
  }

  /** `used` 0: it is broken. null: too much comes out. */
  #frame(frame: Uint8Array, header: number, room: number): { output: Buffer | null; used: number } | null {
    const codec = this.#codec
    try {
      const { output, used } = codec.whole(frame.subarray(header), Math.max(1, room))
      const end = header + used + codec.trailerLength
      const trailer = Buffer.from(frame.subarray(header + used, end))
      const crc = codec.needsCrc ? crc32(output) : 0
      const right = trailer.length === codec.trailerLength && codec.isRight(trailer, crc, output.length)
      return { output, used: right ? end : 0 }
    } catch (error) {
      if (isTooLarge(error as NodeJS.ErrnoException)) return null
      return { output: salvage(codec, frame.subarray(header), room), used: 0 }
    }
  }

  #tell({ pieces, wrong }: Whole): Promise<void> | null {
    // What gives nothing at all only looks like an archive: it hides nothing.
    if (wrong !== null && pieces.length > 0) this.#shortfall(wrong)
    const output = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (output === 0 || !this.#scope.made(output, this.#place.path)) return this.#member.end()
    this.#scope.context.sink.counted(1, output)
    const wait = pieces.reduce<Promise<void> | null>((all, piece) => both(all, this.#member.write(piece)), null)
    return both(wait, this.#member.end())
  }

  #shortfall(reason: string): null {
    this.#scope.context.sink.shortfall({ path: this.#place.path, reason })
    return null
  }
}
