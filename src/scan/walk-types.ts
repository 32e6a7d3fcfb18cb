/** The shapes of a walk. Paths are latin1: see walk-open.ts. */
import type { Stats } from 'node:fs'
import type { ItemHit } from './types.js'

/**
 * Which other file systems mounted below a root are walked too. `disk`: all but memory and the kernel's own, for volumes.
 * `memory`: only memory. `none`: none, each is told as a shortfall. `own`: none, silently, for each is a root of its own.
 */
export type Crossing = 'none' | 'own' | 'memory' | 'disk'

/** A tree: its key is told with every hit. */
export interface WalkRoot {
  key: number
  /** Absolute path of a directory or single file, or `/proc/self/fd/N` of an open one. Symlinks on the way to it are followed. */
  path: string
  crossing: Crossing
  /** The files may change meanwhile: each is looked at before it is opened. */
  careful: boolean
}

/** Part of a walk; plain, so that it can be given to another thread. `path` is below the root, without a leading slash. */
export interface WalkTask {
  root: WalkRoot
  path: string
  /** Only these entries of the directory, which was listed already. */
  listed?: { directories: string[]; files: string[] }
  /** Only these ranges of the file at `path`. */
  ranges?: Range[]
  /** The root itself is a file, and the task. */
  single?: true
}

/** Bytes `[from, to)`. */
export interface Range {
  from: number
  to: number
}

/** What a walk tells. */
export interface WalkSink {
  hit: (key: number, hit: ItemHit) => void
  shortfall: (key: number, path: string, reason: string) => void
  count: (items: number, bytes: number) => void
  /** A regular file that was opened or would be; only where `stats` is set. */
  file?: (key: number, path: string, stats: Stats) => void
}

/** What surrounds a walk. */
export interface WalkOptions {
  /** How many others have nothing to do. */
  wanted?: () => number
  /** Takes tasks off this walk's hands. */
  give?: (tasks: WalkTask[]) => void
  /** Whether to stop: what is left is not walked, and it is up to who stops it to say so. */
  stopped?: () => boolean
  /** Wait for other events this often, in milliseconds; without it a walk holds its thread. */
  breatheMs?: number
  /** Where a sparse file, open as `fd`, holds data; without it every byte is read, holes too. */
  dataRanges?: (fd: number, size: number) => Range[]
}

/** A directory being walked. */
export interface Frame {
  root: WalkRoot
  path: string
  fd: number
  /** The path by which entries are opened: see frameBase in walk-open.ts. */
  base: string
  device: number
  /** Directories in it that are still to be walked. */
  waiting: string[]
}

/** The path of an entry, below the root. */
export function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}
