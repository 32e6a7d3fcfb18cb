/**
 * What the main process and the reader say to each other: one JSON object a line, requests on the reader's stdin and
 * answers on its stdout. Needles pass here and nowhere else: never argv, environment or a file.
 */
import type { Form, ItemPart } from '../evidence.js'

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
  /** Drop capabilities that override permissions (for a root that lacks them). */
  bare: boolean
  want: 'r' | 'w' | 'x'
  /** Absolute paths in the container, symlinks resolved. */
  paths: string[]
}

export type Request =
  | { op: 'needles'; set: string; needles: WireNeedle[] }
  | { op: 'container'; pid: number; containerId: string }
  | { op: 'mounts'; paths: string[] }
  | { op: 'listing'; paths: string[] }
  | { op: 'contents'; paths: string[]; skip: string[] }
  | { op: 'memory'; set: string; paths: string[] }
  | { op: 'processes'; set: string; memoryPaths: string[] }
  | { op: 'access'; tries: AccessTry[] }
  | { op: 'passwd' }
  | { op: 'swap' }
  | { op: 'trees'; set: string; roots: TreeRoot[]; careful: boolean }
  | { op: 'hidden'; layers: string[]; files: { layer: number; path: string }[] }
  | { op: 'shipped'; layers: string[]; paths: string[] }
  | { op: 'overlay'; dirs: string[]; upper: string | null; dataRoot: string }

/** An occurrence in a tree, a memory mount or a process. */
export interface WireHit {
  secret: number
  form: Form
  part: ItemPart
  offset: number | null
  /** Key of the root, index of the mount, or pid. */
  key: number
  /** Path below the root, `/` first; bytes that are no UTF-8 show as `\xNN`. For processes: the comm. */
  path: string
  where?: 'cmdline' | 'environ' | 'fd'
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
  uid: number
  gid: number
}

export interface WireMount {
  /** null: there is no such path in the container. */
  resolved: string | null
  /** Magic number of statfs. */
  magic: number
  mode: number
  uid: number
  gid: number
}

export type Answer = { id: number; hit: WireHit } | { id: number; done: unknown } | { id: number; error: string }

/** Hits kept a request; the rest is counted. */
export const MOST_HITS = 10_000
/** Shortfalls told a request; the rest is counted. */
export const MOST_SHORTFALLS = 20
