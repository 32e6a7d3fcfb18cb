/** Searches one layer: its digest proves that it is whole, its entries say where a hit lies. */
import { createHash } from 'node:crypto'
import { ItemSearch } from '../scan/item-search.js'
import type { TarEntry } from '../scan/tar-entry.js'
import { isHeaderBlock, isZeroBlock, BLOCK } from '../scan/tar-fields.js'
import { TarScan } from '../scan/tar-scan.js'
import { newScope, type UnpackContext } from '../scan/unpack.js'
import { both, type Consumer } from '../scan/unpack-scope.js'
import { absolutePath, isFile, LayerPaths } from './save-paths.js'
import type { Blob, BlobSink, SaveRequest } from './save-types.js'

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

/** Whether a layer starts like this: with the header of an entry, of the oldest kind too, or with its end. */
export function isLayerHead(head: Uint8Array): boolean {
  return head.length >= BLOCK && (isHeaderBlock(head, 0) || isZeroBlock(head, 0))
}

export interface BlobContext {
  request: SaveRequest
  sink: BlobSink
  unpack: (blob: Blob) => UnpackContext
  /** Whether so many bytes of JSON may be kept. */
  mayKeep: (bytes: number) => boolean
}

/** Takes the decompressed bytes of a blob. What turns out to be no layer is searched all the same. */
export class LayerConsumer implements Consumer {
  readonly #blob: Blob
  readonly #sink: BlobSink
  readonly #hash = createHash('sha256')
  readonly #context: UnpackContext
  readonly #mounts: readonly Mount[]
  readonly #head = Buffer.alloc(BLOCK)
  /** Bytes in the head; -1: it has been looked at. */
  #inHead = 0
  #tar: TarScan | null = null
  #search: ItemSearch | null = null

  constructor(blob: Blob, { request, sink, unpack }: BlobContext) {
    this.#blob = blob
    this.#sink = sink
    this.#context = unpack(blob)
    this.#mounts = request.mountPaths.map((path) => ({ path, bytes: Buffer.from(`${path.slice(1)}/`) }))
  }

  write(bytes: Uint8Array): Promise<void> | null {
    this.#hash.update(bytes)
    if (this.#inHead === -1) return this.#pass(bytes)
    if (this.#inHead === 0 && bytes.length >= BLOCK) {
      this.#look(bytes)
      return this.#pass(bytes)
    }
    const taken = Math.min(BLOCK - this.#inHead, bytes.length)
    this.#head.set(bytes.subarray(0, taken), this.#inHead)
    this.#inHead += taken
    if (this.#inHead < BLOCK) return null
    return both(this.#passHead(), this.#pass(bytes.subarray(taken)))
  }

  end(): Promise<void> | null {
    if (this.#inHead !== -1) void this.#passHead()
    this.#blob.diffId = `sha256:${this.#hash.digest('hex')}`
    for (const { secret, form, offset } of this.#search?.end() ?? []) {
      this.#sink.hit({ blob: this.#blob, secret, form, part: 'content', path: '/', offset, decoded: false })
    }
    const tar = this.#tar
    if (tar === null) return null
    const { reason } = tar.finish()
    if (reason !== null) this.#blob.problem ??= reason
    this.#blob.items += tar.items
    return tar.end()
  }

  #passHead(): Promise<void> | null {
    const head = this.#head.subarray(0, this.#inHead)
    this.#look(head)
    return this.#pass(head)
  }

  #look(head: Uint8Array): void {
    this.#inHead = -1
    if (isLayerHead(head)) {
      const context = this.#context
      this.#blob.kind = 'tar'
      this.#blob.paths = new LayerPaths()
      this.#tar = new TarScan(context, {
        pathOf: (name) => absolutePath(latin1(name)),
        depth: 1,
        scopeOf: () => newScope(context),
        onEntry: this.#onEntry
      })
      return
    }
    this.#search = new ItemSearch(this.#context.matcher)
    this.#search.begin()
  }

  #pass(bytes: Uint8Array): Promise<void> | null {
    this.#blob.bytes += bytes.length
    this.#search?.push(bytes)
    return this.#tar?.write(bytes) ?? null
  }

  readonly #onEntry = (entry: TarEntry): void => {
    this.#blob.paths?.add(entry)
    for (const mount of this.#mounts) {
      if (!isBelow(entry, mount) || !isFile(entry)) continue
      this.#sink.mountFile(this.#blob, { mount: mount.path, path: absolutePath(latin1(entry.name)) })
    }
  }
}

/** A path asked for; `bytes` without the first slash, with one at its end. */
interface Mount {
  path: string
  bytes: Buffer
}

function isBelow({ nameBytes, nameLength }: TarEntry, { bytes }: Mount): boolean {
  let at = 0
  while (at < nameLength && (nameBytes[at] === 0x2f || (nameBytes[at] === 0x2e && nameBytes[at + 1] === 0x2f))) at++
  if (nameLength - at <= bytes.length || nameBytes[at] !== bytes[0]) return false
  for (let i = 1; i < bytes.length; i++) if (nameBytes[at + i] !== bytes[i]) return false
  return true
}
