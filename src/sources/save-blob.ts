/** Reads one file of a `docker save` archive for what it is, whatever it is called. */
import { createHash, type Hash } from 'node:crypto'
import { ItemSearch } from '../scan/item-search.js'
import { FramesStream } from '../scan/unpack-frames-stream.js'
import { GZIP_CODEC } from '../scan/unpack-gzip.js'
import { archiveKind } from '../scan/unpack.js'
import { both, type Consumer } from '../scan/unpack-scope.js'
import { BLOCK } from '../scan/tar-fields.js'
import { ZSTD_CODEC } from '../scan/unpack-zstd.js'
import { Base64Search } from './save-base64.js'
import { isLayerHead, LayerConsumer, type BlobContext } from './save-layer.js'
import type { Blob } from './save-types.js'

export class BlobReader implements Consumer {
  readonly #blob: Blob
  readonly #context: BlobContext
  readonly #head = Buffer.alloc(BLOCK)
  /** Bytes in the head; -1: it has been looked at. */
  #inHead = 0
  /** Of the file as it is; null: that is the layer's own, or not wanted. */
  #hash: Hash | null = null
  #to: Consumer | null = null

  constructor(blob: Blob, context: BlobContext) {
    this.#blob = blob
    this.#context = context
  }

  write(bytes: Uint8Array): Promise<void> | null {
    if (this.#inHead === -1) return this.#pass(bytes)
    const taken = Math.min(BLOCK - this.#inHead, bytes.length)
    this.#head.set(bytes.subarray(0, taken), this.#inHead)
    this.#inHead += taken
    if (this.#inHead < BLOCK) return null
    return both(this.#passHead(), this.#pass(bytes.subarray(taken)))
  }

  end(): Promise<void> | null {
    const first = this.#inHead === -1 ? null : this.#passHead()
    const last = this.#to?.end() ?? null
    if (this.#hash !== null) this.#blob.digest = `sha256:${this.#hash.digest('hex')}`
    else this.#blob.digest = this.#blob.diffId
    return both(first, last)
  }

  #passHead(): Promise<void> | null {
    const head = Buffer.from(this.#head.subarray(0, this.#inHead))
    this.#inHead = -1
    this.#to = this.#open(head)
    return this.#pass(head)
  }

  #pass(bytes: Uint8Array): Promise<void> | null {
    this.#hash?.update(bytes)
    return this.#to?.write(bytes) ?? null
  }

  #open(head: Buffer): Consumer | null {
    const { layers } = this.#context.request
    const blob = this.#blob
    if (isLayerHead(head)) return layers ? new LayerConsumer(blob, this.#context) : null
    const kind = archiveKind(head, head.length)
    if (kind === 'gzip' || kind === 'zstd') return layers ? this.#decompress(kind) : null
    if (/^\s*[[{]/.test(head.toString('latin1'))) {
      this.#hash = createHash('sha256')
      return new JsonConsumer(blob, this.#context)
    }
    return layers ? new LayerConsumer(blob, this.#context) : null
  }

  #decompress(kind: 'gzip' | 'zstd'): Consumer {
    const codec = kind === 'gzip' ? GZIP_CODEC : ZSTD_CODEC
    const blob = this.#blob
    this.#hash = createHash('sha256')
    if (!codec.available) {
      blob.problem = `is ${kind}, which this version of Node.js cannot unpack`
      return { write: () => null, end: () => null }
    }
    const context = this.#context.unpack(blob)
    const sink = {
      ...context.sink,
      shortfall: ({ reason }: { reason: string }) => {
        blob.problem ??= reason
      },
      counted: () => undefined
    }
    // The digest bounds what comes out of a layer: it is as large as the engine says.
    const scope = { context: { ...context, sink }, made: () => true }
    const member = new LayerConsumer(blob, this.#context)
    return new FramesStream(codec, { path: '', depth: 0, size: null }, { scope, member })
  }
}

/** JSON: kept, searched as it is, and what base64 in it stands for. */
class JsonConsumer implements Consumer {
  readonly #blob: Blob
  readonly #context: BlobContext
  readonly #search: ItemSearch
  readonly #base64: Base64Search
  /** null: there is too much of it. */
  #kept: Uint8Array[] | null

  constructor(blob: Blob, context: BlobContext) {
    this.#blob = blob
    blob.kind = 'json'
    this.#context = context
    this.#kept = context.mayKeep(blob.size) ? [] : null
    const { matcher } = context.request
    this.#search = new ItemSearch(matcher)
    this.#search.begin()
    this.#base64 = new Base64Search(matcher, (match) => {
      context.sink.hit({ ...match, blob, part: 'content', path: '/', decoded: true })
    })
  }

  write(bytes: Uint8Array): null {
    this.#blob.bytes += bytes.length
    this.#search.push(bytes)
    this.#base64.push(bytes)
    this.#kept?.push(bytes)
    return null
  }

  end(): null {
    this.#base64.end()
    for (const match of this.#search.end()) {
      this.#context.sink.hit({ ...match, blob: this.#blob, part: 'content', path: '/', decoded: false })
    }
    if (this.#kept !== null) this.#blob.json = Buffer.concat(this.#kept)
    return null
  }
}
