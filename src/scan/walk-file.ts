/** Reads and searches the contents of single files with one reused buffer. */
import { closeSync, fstatSync, readSync, type Stats } from 'node:fs'
import { ItemSearch } from './item-search.js'
import type { Matcher } from './matcher.js'
import type { Match } from './types.js'
import { archiveKind, type ArchiveKind } from './unpack.js'
import { openFile, openNamed, openNameOnly } from './walk-open.js'
import type { Range, WalkOptions } from './walk-types.js'

/** Fits the processor's cache: larger ones are slower. */
const BUFFER_BYTES = 256 * 1024
/** A smaller file with several names is read once a name: asking for its number would cost more. */
const LINKED_BYTES = 64 * 1024
const MOST_LINKED = 100_000
/** Larger files are searched in pieces, which several threads can share. */
const PIECE_BYTES = 64 * 1024 * 1024

/** What a file leaves to be done by who can wait or share. The descriptor is open. */
export interface Rest {
  fd: number
  stats: Stats
  /** Pieces to search; empty: it was searched to its end. */
  ranges: Range[]
  archive: ArchiveKind | null
}

export interface FileResult {
  bytes: number
  matches: readonly Match[]
  stats: Stats | null
  rest: Rest | null
}

/** A file open for reading; `stats` null: not asked for. */
export interface Opened {
  fd: number
  stats: Stats | null
}

/**
 * Opens what a descriptor names if it is a regular file, and closes the descriptor. null: a device, pipe or socket, which
 * holds nothing: where a container has a user namespace, runc binds the host's devices over empty files (rootfs_linux.go).
 */
export function openLooked(name: number): (Opened & { stats: Stats }) | null {
  try {
    const stats = fstatSync(name)
    if (stats.isCharacterDevice() || stats.isBlockDevice() || stats.isFIFO() || stats.isSocket()) return null
    if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'is no regular file any more' })
    return { fd: openNamed(name), stats }
  } finally {
    closeSync(name)
  }
}

const NOTHING: readonly Match[] = Object.freeze([])

export class FileSearch {
  readonly #search: ItemSearch
  readonly #overlap: number
  readonly #dataRanges: WalkOptions['dataRanges']
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  /** Matches of files with several names, by device and inode number. */
  readonly #linked = new Map<string, readonly Match[]>()

  constructor(matcher: Matcher, dataRanges: WalkOptions['dataRanges']) {
    this.#search = new ItemSearch(matcher)
    this.#overlap = Math.max(0, matcher.longest - 1)
    this.#dataRanges = dataRanges
  }

  /** Opens a regular file by a path of walk-open.ts. `careful`: looks at it first, see above. Throws what the calls throw. */
  open(path: string, careful: boolean): Opened | null {
    return careful ? openLooked(openNameOnly(path)) : { fd: openFile(path), stats: null }
  }

  /** Searches an open file and closes it, unless something is left to do. */
  search({ fd, stats }: Opened): FileResult {
    let rest: Rest | null = null
    try {
      const result = this.#searchOpen(fd, stats)
      rest = result.rest
      return result
    } finally {
      if (rest === null) closeSync(fd)
    }
  }

  #searchOpen(fd: number, known: Stats | null): FileResult {
    const buffer = this.#buffer
    const length = this.#fill(fd)
    if (length === 0) return { bytes: 0, matches: NOTHING, stats: known, rest: null }
    const stats = length >= LINKED_BYTES ? (known ?? fstatSync(fd)) : known
    const link = stats !== null && stats.nlink > 1 && length >= LINKED_BYTES ? `${stats.dev}:${stats.ino}` : null
    const before = link === null ? undefined : this.#linked.get(link)
    if (before !== undefined) return { bytes: 0, matches: before, stats, rest: null }
    const archive = archiveKind(buffer, length)
    const ranges = stats === null || length < buffer.length ? [] : this.#pieces(fd, stats)
    const whole = ranges.length === 0
    const bytes = whole ? this.#toEnd(fd, length) : 0
    const matches = whole ? this.#search.end() : NOTHING
    if (link !== null && this.#linked.size < MOST_LINKED) this.#linked.set(link, matches)
    const done = whole && archive === null
    return { bytes, matches, stats, rest: done ? null : { fd, stats: stats ?? fstatSync(fd), ranges, archive } }
  }

  /** Searches from the first block, which is in the buffer, to the end; returns the bytes read. */
  #toEnd(fd: number, first: number): number {
    this.#search.begin()
    let bytes = 0
    for (let length = first; length > 0; length = length < this.#buffer.length ? 0 : this.#fill(fd)) {
      this.#search.push(this.#buffer, 0, length)
      bytes += length
    }
    return bytes
  }

  /** Pieces of a large file; none when it is to be read on in one go. */
  #pieces(fd: number, stats: Stats): Range[] {
    if (stats.size <= PIECE_BYTES) return []
    const sparse = stats.blocks * 512 < stats.size / 2
    const whole = [{ from: 0, to: stats.size }]
    const ranges = (sparse ? this.#dataRanges?.(fd, stats.size) : null) ?? whole
    const pieces: Range[] = []
    for (const range of ranges)
      for (let from = range.from; from < range.to; from += PIECE_BYTES)
        pieces.push({ from, to: Math.min(range.to, from + PIECE_BYTES) })
    // A file of nothing but a hole is searched to its end by not reading it.
    return pieces.length === 0 ? [{ from: 0, to: 0 }] : pieces
  }

  /** Searches one piece and as far around it as a needle can reach; offsets are those of the file. */
  piece(fd: number, range: Range): { bytes: number; matches: readonly Match[] } {
    const from = Math.max(0, range.from - this.#overlap)
    const to = range.to + this.#overlap
    let at = from
    this.#search.begin()
    while (at < to) {
      const length = readSync(fd, this.#buffer, 0, Math.min(this.#buffer.length, to - at), at)
      if (length === 0) break
      this.#search.push(this.#buffer, 0, length)
      at += length
    }
    const matches = this.#search.end().map((match) => ({ ...match, offset: match.offset + from }))
    return { bytes: Math.max(0, Math.min(at, range.to) - range.from), matches }
  }

  /** Reads until the buffer is full or the file ends; returns the bytes read. */
  #fill(fd: number): number {
    const buffer = this.#buffer
    let length = 0
    while (length < buffer.length) {
      const read = readSync(fd, buffer, length, buffer.length - length, null)
      if (read === 0) break
      length += read
    }
    return length
  }
}
