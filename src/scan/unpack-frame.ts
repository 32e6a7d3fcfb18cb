/** Decompresses one deflate stream or zstd frame in the thread pool, while what came out before is looked at. */
import type { Transform } from 'node:stream'

/** A decompressing stream of node:zlib. `bytesWritten` counts what it has used. */
export type ZlibStream = Transform & { readonly bytesWritten: number }

/** Where a frame stands: more may come; it was complete; it is broken; it was given up. */
export type FrameState = 'open' | 'ended' | 'failed' | 'stopped'

/** Pieces that may wait to be looked at before decompression pauses. */
const MOST_WAITING = 2

export class FrameStream {
  state: FrameState = 'open'
  /** What zlib says is wrong, once failed: one of its own texts and codes. */
  error: NodeJS.ErrnoException | null = null
  readonly #stream: ZlibStream
  readonly #output: (piece: Uint8Array) => Promise<void> | null
  readonly #waiting: Uint8Array[] = []
  #given = 0
  /** What was written last has been used, as far as it is the frame's. */
  #taken = true
  #pumping = false
  /** The stream will give nothing more. */
  #closed = false
  #wake: () => void = () => undefined

  /** `output` gets the pieces in order, the next when its promise is done. */
  constructor(stream: ZlibStream, output: (piece: Uint8Array) => Promise<void> | null) {
    this.#stream = stream
    this.#output = output
    stream.on('data', (piece: Uint8Array) => {
      this.#queue(piece)
    })
    stream.once('end', () => {
      this.#close('ended')
    })
    stream.on('error', (error) => {
      this.error ??= error
      this.#close('failed')
    })
  }

  /** Returns those of the bytes that are not the frame's: none, or what is behind its end. */
  async write(bytes: Uint8Array): Promise<Uint8Array> {
    if (this.state !== 'open') return bytes
    this.#given += bytes.length
    this.#taken = false
    this.#stream.write(bytes, () => {
      this.#taken = true
      this.#wake()
    })
    await this.#until(() => this.#taken || this.#closed)
    const unused = this.#given - this.#stream.bytesWritten
    if (unused === 0 && !this.#closed) return bytes.subarray(bytes.length)
    await this.#drained()
    return bytes.subarray(bytes.length - unused)
  }

  /** No more bytes: ends it, or fails when some are missing. */
  async finish(): Promise<void> {
    if (this.state === 'open') this.#stream.end()
    await this.#drained()
  }

  /** Gives it up. */
  stop(): void {
    this.#waiting.length = 0
    this.#close('stopped')
  }

  /** Until the stream has closed and all that came out of it has been looked at. */
  async #drained(): Promise<void> {
    await this.#until(() => this.#closed && !this.#pumping && this.#waiting.length === 0)
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #close(state: FrameState): void {
    if (this.state === 'open') this.state = state
    this.#closed = true
    this.#stream.destroy()
    this.#wake()
  }

  #queue(piece: Uint8Array): void {
    if (this.state === 'stopped') return
    this.#waiting.push(piece)
    if (this.#waiting.length >= MOST_WAITING) this.#stream.pause()
    if (this.#pumping) return
    this.#pumping = true
    // Not at once: first the thread pool gets the next piece to work at.
    setImmediate(() => {
      void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    for (let piece = this.#waiting.shift(); piece !== undefined; piece = this.#waiting.shift()) {
      if (this.#stream.isPaused() && this.#waiting.length < MOST_WAITING) this.#stream.resume()
      const wait = this.#output(piece)
      if (wait !== null) await wait
    }
    this.#pumping = false
    this.#wake()
  }
}
