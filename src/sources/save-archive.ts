/** Takes the archive that `docker save` writes, file by file, in whatever order and layout they come. */
import { TarParser, type TarEnd, type TarEvents, type TarRole } from '../scan/tar.js'
import { TYPE, type TarEntry } from '../scan/tar-entry.js'
import { DEFAULT_LIMITS, type UnpackContext } from '../scan/unpack.js'
import { both } from '../scan/unpack-scope.js'
import { BlobReader } from './save-blob.js'
import type { BlobContext } from './save-layer.js'
import type { Blob, BlobHit, MountFile, SaveRequest } from './save-types.js'

/** Hits that are kept; more are counted. */
const MOST_HITS = 10_000
/** Files below the paths asked for that are kept, as many as the walk of the layers keeps. */
const MOST_MOUNT_FILES = 100_000
/** Files of an archive: an image has a few for each layer. */
const MOST_BLOBS = 20_000
/** JSON kept to be read: each file, and all of it. */
const MOST_JSON = 16 * 1024 * 1024
const MOST_JSON_IN_ALL = 64 * 1024 * 1024

export interface BlobShortfall {
  blob: Blob
  /** Latin1. */
  path: string
  reason: string
}

/** Everything that was seen, before it is known what belongs to what. */
export class SaveArchive implements TarEvents {
  readonly blobs: Blob[] = []
  readonly hits: BlobHit[] = []
  droppedHits = 0
  readonly shortfalls: BlobShortfall[] = []
  moreShortfalls = 0
  readonly mountFiles: (MountFile & { blob: Blob })[] = []
  /** More files than are read. */
  tooMany = false
  bytesIn = 0
  readonly #context: BlobContext
  readonly #parser = new TarParser(this)
  #json = 0
  #reader: BlobReader | null = null
  #pending: Promise<void> | null = null

  constructor(request: SaveRequest) {
    this.#context = {
      request,
      sink: {
        hit: (hit) => {
          this.#keepHit(hit)
        },
        shortfall: (blob, path, reason) => {
          if (this.shortfalls.length < 100) this.shortfalls.push({ blob, path, reason })
          else this.moreShortfalls++
        },
        mountFile: (blob, file) => {
          if (this.mountFiles.length < MOST_MOUNT_FILES) this.mountFiles.push({ ...file, blob })
        }
      },
      unpack: (blob) => this.#unpackContext(blob, request),
      mayKeep: (bytes) => {
        if (bytes > MOST_JSON || this.#json + bytes > MOST_JSON_IN_ALL) return false
        this.#json += bytes
        return true
      }
    }
  }

  /** Takes the next bytes; wait for the promise before the next. */
  write(bytes: Uint8Array): Promise<void> | null {
    this.bytesIn += bytes.length
    this.#parser.write(bytes)
    return this.#takePending()
  }

  /** How the archive ended; call once, after the last byte, and wait. */
  async end(): Promise<TarEnd> {
    const end = this.#parser.end()
    if (this.#reader !== null) this.entryEnd()
    await this.#takePending()
    return end
  }

  bytes(role: TarRole, chunk: Buffer, from: number, to: number): void {
    if (role === 'content' && this.#reader !== null) this.#pend(this.#reader.write(chunk.subarray(from, to)))
  }

  extension(): void {
    // Names of the archive's own files: nothing of the image is in them.
  }

  entry(entry: TarEntry): void {
    // A layer that occurs twice is in the archive once: the second is a link (moby 20.10, image/tarexport/save.go).
    if (entry.type !== TYPE.file && entry.type !== TYPE.oldFile) return
    if (this.blobs.length >= MOST_BLOBS) {
      this.tooMany = true
      return
    }
    const name = Buffer.from(entry.name).toString('utf8')
    const blob = { ...NEW_BLOB, name, size: entry.size }
    this.blobs.push(blob)
    this.#reader = new BlobReader(blob, this.#context)
  }

  entryEnd(): void {
    if (this.#reader !== null) this.#pend(this.#reader.end())
    this.#reader = null
  }

  #unpackContext(blob: Blob, { matcher, limits }: SaveRequest): UnpackContext {
    const { sink } = this.#context
    return {
      matcher,
      limits: limits ?? DEFAULT_LIMITS,
      nameOf: (name) => Buffer.from(name).toString('latin1'),
      sink: {
        hit: (hit) => {
          sink.hit({ ...hit, blob, decoded: false })
        },
        shortfall: ({ path, reason }) => {
          sink.shortfall(blob, path, reason)
        },
        counted: (items, bytes) => {
          blob.items += items
          blob.bytes += bytes
        }
      }
    }
  }

  #keepHit(hit: BlobHit): void {
    if (this.hits.length < MOST_HITS) this.hits.push(hit)
    else this.droppedHits++
  }

  #pend(wait: Promise<void> | null): void {
    this.#pending = both(this.#pending, wait)
  }

  #takePending(): Promise<void> | null {
    const pending = this.#pending
    this.#pending = null
    return pending
  }
}

const NEW_BLOB: Blob = {
  name: '',
  kind: 'other',
  size: 0,
  digest: null,
  diffId: null,
  problem: null,
  json: null,
  items: 0,
  bytes: 0,
  paths: null
}
