/**
 * What the main process and the reader say to each other: one JSON object a line, requests on the reader's stdin and
 * answers on its stdout. Needles pass here and nowhere else: never argv, environment or a file. Paths are text.
 */
import {
  MOST_UNREAD,
  type EffectiveMount,
  type ForeignMount,
  type Form,
  type ItemPart,
  type SwapFact
} from '../evidence.js'
import type { IdMap } from '../kernel/process.js'

/** A needle on the wire: bytes in base64. */
export interface WireNeedle {
  secret: number
  form: Form
  bytes: string
}

/** A tree to walk. `path` is a directory (or file) on the host; names are told relative to it. */
export interface TreeRoot {
  /** Told back with each hit. */
  key: number
  path: string
}

export interface AccessTry {
  uid: number
  gid: number
  groups: number[]
  /** Without the capabilities that override permissions (for a root that lacks them). */
  bare: boolean
  /** On a directory `x` is to enter it, `r` to list it, `w` to make files in it. */
  want: 'r' | 'w' | 'x'
  /** Absolute paths in the container. */
  paths: string[]
}

export type Request =
  | { op: 'hello' }
  | { op: 'needles'; set: string; needles: WireNeedle[] }
  | { op: 'container'; pid: number; containerId: string }
  | { op: 'verify' }
  | { op: 'mounts'; paths: string[] }
  | { op: 'listing'; paths: string[] }
  | { op: 'contents'; paths: string[]; skip: string[] }
  | { op: 'memory'; set: string; paths: string[] }
  | { op: 'processes'; set: string; memoryPaths: string[] }
  | { op: 'access'; tries: AccessTry[] }
  | { op: 'passwd' }
  | { op: 'swap' }
  | TreesRequest
  | { op: 'shipped'; layers: string[]; paths: string[] }
  | { op: 'overlay'; dirs: string[]; upper: string | null; dataRoot: string }

/** Requests about the running container. */
export type ContainerRequest = Extract<
  Request,
  { op: 'mounts' | 'listing' | 'contents' | 'memory' | 'processes' | 'access' | 'passwd' | 'swap' }
>

export interface TreesRequest {
  op: 'trees'
  /** Names of needle sets, with a comma between them. */
  set: string
  roots: TreeRoot[]
  /** The files may change meanwhile. */
  careful: boolean
  /**
   * `layers`: the roots are the image's layers, bottom first, and hits say whether a later one hides them. `volumes`:
   * other file systems below a root are walked too.
   */
  kind?: 'layers' | 'volumes'
  /** Milliseconds; 15 minutes unless given. */
  deadlineMs?: number
}

/** What may come instead of a request. */
export interface Cancel {
  cancel: number
}

/** What `hello` answers: who the reader is. */
export interface HelloAnswer {
  uid: number
}

/** What `container` answers. */
export interface ContainerAnswer {
  /** Effective ids of the main process as the container counts, and as the host counts. */
  uid: number
  gid: number
  hostUid: number
  hostGid: number
  groups: number[]
  /** Whether it has CAP_DAC_OVERRIDE: permissions do not hold it back. */
  overrides: boolean
  handlesTerm: boolean
  uidMap: IdMap[]
  pids: number[]
  mountinfos: { pid: number; text: string }[]
  /** Where the host has mounted what the container has, by mount point: only mounts that are disk, but for the root. */
  diskMounts: DiskMount[]
}

export interface DiskMount {
  mountPoint: string
  fstype: string
  /** `volume NAME`, `bind` or the fstype. */
  what: string
  writable: boolean
  /** null: the host has it mounted nowhere. */
  hostPath: string | null
}

/** An occurrence in a tree, a memory mount or a process. */
export interface WireHit {
  secret: number
  form: Form
  part: ItemPart
  offset: number | null
  /** Key of the root, index of the mount, or pid. */
  key: number
  /** Path below the root, `/` first, with `[secret]` for what is searched for. For processes: the comm, or what an fd is. */
  path: string
  where?: 'cmdline' | 'environ' | 'fd'
  /** With `kind: 'layers'`: a later layer deletes or overwrites it. */
  deleted?: boolean
}

export interface WireShortfall {
  key: number
  path: string
  reason: string
}

/** How a scan ended. Complete only without a shortfall. */
export interface WireTotals {
  items: number
  bytes: number
  dropped: number
  shortfalls: WireShortfall[]
  /** Shortfalls beyond those told. */
  moreShortfalls: number
}

export interface WireFile {
  path: string
  bytes: number
  mode: string
  /** As the container counts. */
  uid: number
  gid: number
}

export interface WireMount {
  /** null: there is no such path in the container. */
  resolved: string | null
  /** Why it could not be resolved; null when it could, or is not there. */
  reason: string | null
  /** Magic number of statfs. */
  magic: number
  mode: number
  uid: number
  gid: number
  effective: EffectiveMount | null
  foreign: ForeignMount[]
}

export interface ListingAnswer {
  /** Differs from the one before when anything changed. */
  signature: string
  paths: string[]
  /** Whether everything could be listed. */
  complete: boolean
}

export interface ContentsAnswer {
  /** `bytes` in base64. */
  files: { path: string; bytes: string }[]
  /** How many were left out. */
  left: number
  leftOut: { path: string; reason: string }[]
}

export interface MemoryAnswer {
  /** Mounts looked at, declared ones first; hits' keys are indices into it. */
  mounts: { path: string; declared: boolean }[]
  declared: WireTotals
  others: WireTotals
  files: (WireFile & { mount: string })[]
}

export type SwapAnswer = SwapFact

/** How far a scan is. */
export interface WireProgress {
  items: number
  bytes: number
}

export type Answer =
  | { id: number; hit: WireHit }
  | { id: number; progress: WireProgress }
  | { id: number; done: unknown }
  | { id: number; error: string }

/** Hits kept a request; the rest is counted. */
export const MOST_HITS = 10_000
/** Shortfalls told a request; the rest is counted. */
export const MOST_SHORTFALLS = MOST_UNREAD
