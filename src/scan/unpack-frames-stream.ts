/** Unpacks a gzip or zstd file that is too large to be done at once. */
import { crc32 } from 'node:zlib'
import type { FrameCodec } from './unpack-codec.js'
import { FrameStream } from './unpack-frame.js'
import { salvage } from './unpack-salvage.js'
import {
  BEHIND_END,
  BROKEN,
  isZeros,
  MIB,
  TOO_WIDE,
  type ArchivePlace,
  type Consumer,
  type Scope
} from './unpack-scope.js'

const NOTHING = Buffer.alloc(0)
/** Output at a time; the default of 16 KiB halves the speed. Files of many frames have small ones. */
const CHUNK = MIB
const LATER_CHUNK = MIB / 16
/** Of what may turn out to be broken at its beginning so much is kept. */
const KEPT = MIB

/** Where what comes out goes. */
export interface FramesOutput {
  scope: Pick<Scope, 'made' | 'context'>
  member: Consumer
}

export class FramesStream implements Consumer {
  readonly #codec: FrameCodec
  readonly #place: ArchivePlace
  readonly #out: FramesOutput
  #work: Promise<void> = Promise.resolve()
  /** Bytes of a header or trailer that are not all there. */
  #partial: Buffer = NOTHING
  #frame: FrameStream | null = null
  #inTrailer = false
  #crc = 0
  #frameLength = 0
  #output = 0
  #frames = 0
  #done = false
  /** Compressed data of the first frame, until something has come out of it. */
  #first: Uint8Array[] = []

  constructor(codec: FrameCodec, place: ArchivePlace, out: FramesOutput) {
    this.#codec = codec
    this.#place = place
    this.#out = out
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#work = this.#work.then(() => this.#take(bytes))
    return this.#work
  }

  end(): Promise<void> {
    this.#work = this.#work.then(() => this.#finish())
    return this.#work
  }

  async #take(bytes: Uint8Array): Promise<void> {
    let rest = bytes
    while (rest.length > 0 && !this.#done) {
      if (this.#frame !== null) rest = await this.#inFrame(this.#frame, rest)
      else rest = this.#inTrailer ? this.#takeTrailer(rest) : this.#takeHeader(rest)
    }
  }

  #takeHeader(bytes: Uint8Array): Uint8Array {
    const all = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes])
    const length = this.#codec.headerLength(all)
    if (length === null && isZeros(all)) return NOTHING
    if (length === null) this.#stop(BEHIND_END)
    if (typeof length !== 'number') {
      this.#partial = Buffer.from(all)
      return NOTHING
    }
    this.#partial = NOTHING
    this.#crc = 0
    this.#frameLength = 0
    const stream = this.#codec.stream(this.#frames === 0 ? CHUNK : LATER_CHUNK)
    this.#frame = new FrameStream(stream, (piece) => this.#emit(piece))
    return all.subarray(length)
  }

  async #inFrame(frame: FrameStream, bytes: Uint8Array): Promise<Uint8Array> {
    const isFirst = this.#frames === 0 && this.#output === 0
    if (isFirst && this.#first.reduce((sum, piece) => sum + piece.length, 0) < KEPT) this.#first.push(bytes)
    const rest = await frame.write(bytes)
    if (frame.state === 'ended') this.#endFrame()
    else if (frame.state === 'failed') await this.#fail(frame.error)
    return rest
  }

  #endFrame(): void {
    this.#frame = null
    this.#inTrailer = true
    if (this.#codec.trailerLength === 0) this.#takeTrailer(NOTHING)
  }

  #takeTrailer(bytes: Uint8Array): Uint8Array {
    const all = Buffer.concat([this.#partial, bytes.subarray(0, this.#codec.trailerLength)])
    const rest = bytes.subarray(this.#codec.trailerLength - this.#partial.length)
    this.#partial = all.subarray(0, this.#codec.trailerLength)
    if (all.length < this.#codec.trailerLength) return NOTHING
    this.#inTrailer = false
    this.#frames++
    if (!this.#codec.isRight(this.#partial, this.#crc, this.#frameLength)) this.#stop(BROKEN)
    this.#partial = NOTHING
    return rest
  }

  /** The next piece that came out. */
  #emit(piece: Uint8Array): Promise<void> | null {
    this.#first = []
    this.#output += piece.length
    this.#frameLength += piece.length
    if (this.#codec.needsCrc) this.#crc = crc32(piece, this.#crc)
    if (!this.#out.scope.made(piece.length, this.#place.path)) {
      this.#done = true
      this.#frame?.stop()
      return null
    }
    return this.#out.member.write(piece)
  }

  /** What is broken from its beginning hides nothing: it only looks like an archive. */
  async #fail(error: NodeJS.ErrnoException | null): Promise<void> {
    if (error?.code === TOO_WIDE) {
      this.#stop('needs more than 128 MiB of memory to be unpacked', true)
      return
    }
    const output = this.#output > 0 ? null : salvage(this.#codec, Buffer.concat(this.#first), 16 * KEPT)
    const wait = output === null ? null : this.#emit(output)
    this.#stop(BROKEN)
    if (wait !== null) await wait
  }

  #stop(reason: string, always = false): void {
    this.#done = true
    if (this.#frames === 0 && this.#output === 0 && !always) return
    this.#out.scope.context.sink.shortfall({ path: this.#place.path, reason })
  }

  async #finish(): Promise<void> {
    const frame = this.#frame
    if (frame !== null && !this.#done) {
      await frame.finish()
      if (frame.state === 'ended') this.#endFrame()
      else if (frame.state === 'failed') await this.#fail(frame.error)
    }
    if (!this.#done && (this.#inTrailer || this.#partial.length > 0)) this.#stop(BROKEN)
    if (this.#output > 0) this.#out.scope.context.sink.counted(1, this.#output)
    const wait = this.#out.member.end()
    if (wait !== null) await wait
  }
}
