/** What the parts of reading a `docker save` archive share. */
import type { Form, ItemPart } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
import type { UnpackLimits } from '../scan/unpack.js'
import type { LayerPaths } from './save-paths.js'

export interface SaveRequest {
  matcher: Matcher
  image: {
    /** `sha256:…`, as `docker image inspect` has it. */
    id: string
    /** RootFS.Layers of `docker image inspect`, bottom first. */
    diffIds: readonly string[]
  }
  /** Search the layers; false: only the rest, the attestations above all. */
  layers: boolean
  /** Absolute paths; of each is told which files of the image lie below it. */
  mountPaths: readonly string[]
  limits?: UnpackLimits
}

/** A hit as it is found: whose it is, and whether it is kept, shows only once the archive has been read. */
export interface BlobHit {
  blob: Blob
  secret: number
  form: Form
  part: ItemPart
  /** Latin1, a character a byte; absolute in a layer, `/` of what is in no entry. */
  path: string
  offset: number
  /** In what base64 in JSON stands for; `offset` is where that starts. */
  decoded: boolean
}

/** A file below one of the paths asked for. */
export interface MountFile {
  mount: string
  /** Latin1. */
  path: string
}

/** A file of the archive, or what there is to know of it. */
export interface Blob {
  /** Name in the archive. */
  name: string
  /** tar: a layer, compressed or not. */
  kind: 'tar' | 'json' | 'other'
  size: number
  /** `sha256:…` of the file itself; null: not asked for. */
  digest: string | null
  /** `sha256:…` of what is in it once decompressed; null: not asked for. */
  diffId: string | null
  /** Why it was not read to its end; null: it was. */
  problem: string | null
  /** Kept when small enough. */
  json: Buffer | null
  /** Entries of a layer, and what was in archives in them. */
  items: number
  bytes: number
  paths: LayerPaths | null
}

/** Where what is found goes while the archive comes in. */
export interface BlobSink {
  hit(hit: BlobHit): void
  /** Something in a blob was not read to its end. */
  shortfall(blob: Blob, path: string, reason: string): void
  mountFile(blob: Blob, file: MountFile): void
}
