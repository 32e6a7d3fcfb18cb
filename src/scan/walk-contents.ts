/** Contents of the files of a walk: small ones at once, large ones in pieces, archives unpacked. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import type { Matcher } from './matcher.js'
import { DEFAULT_LIMITS, unpackFile, type ArchiveKind } from './unpack.js'
import { FileSearch, openLooked, type Opened, type Rest } from './walk-file.js'
import { crosses } from './walk-mounts.js'
import { errorCode, openRootNameOnly } from './walk-open.js'
import type { Turns } from './walk-turns.js'
import { join, type Frame, type Range, type WalkOptions, type WalkRoot, type WalkSink } from './walk-types.js'

export class Contents {
  readonly #matcher: Matcher
  readonly #sink: WalkSink
  readonly #turns: Turns
  readonly #files: FileSearch

  constructor(matcher: Matcher, sink: WalkSink, around: { turns: Turns; dataRanges: WalkOptions['dataRanges'] }) {
    this.#matcher = matcher
    this.#sink = sink
    this.#turns = around.turns
    this.#files = new FileSearch(matcher, around.dataRanges)
  }

  /** Searches one file of an open directory; what is left of it when that takes longer. Closes what it is done with. */
  search(frame: Frame, name: string): Rest | null {
    try {
      const opened = this.#files.open(`${frame.base}/${name}`, frame.root.careful)
      if (opened !== null) return this.#opened(frame, name, opened)
      this.#sink.count(1, 0)
      return null
    } catch (error) {
      this.#sink.shortfall(frame.root.key, join(frame.path, name), `could not be read (${errorCode(error)})`)
      return null
    }
  }

  /** Searches a root that is a file. Rejects when it cannot be opened. */
  async single(root: WalkRoot): Promise<void> {
    const opened = openLooked(openRootNameOnly(root.path))
    if (opened === null) throw Object.assign(new Error('special'), { code: 'is no regular file any more' })
    const frame = { root, path: '', fd: -1, base: '', device: opened.stats.dev, waiting: [] }
    const rest = this.#opened(frame, '', opened)
    if (rest !== null) await this.finish(frame, '', rest)
  }

  #opened(frame: Frame, name: string, opened: Opened): Rest | null {
    const { key } = frame.root
    const { fd, stats } = opened
    if (stats !== null) {
      const path = join(frame.path, name)
      if (stats.dev !== frame.device && !crosses(frame.root, { fd, path }, this.#sink)) {
        closeSync(fd)
        return null
      }
      this.#sink.file?.(key, path, stats)
    }
    const result = this.#files.search(opened)
    this.#sink.count(1, result.bytes)
    for (const match of result.matches) this.#sink.hit(key, { ...match, path: join(frame.path, name), part: 'content' })
    return result.rest
  }

  /** Does what was left of a file, and closes it. */
  async finish(frame: Frame, name: string, rest: Rest): Promise<void> {
    const path = join(frame.path, name)
    try {
      await this.#pieces(frame, path, rest)
      if (rest.archive !== null) await this.#unpack(frame.root.key, path, { ...rest, archive: rest.archive })
    } catch (error) {
      this.#sink.shortfall(frame.root.key, path, `could not be read (${errorCode(error)})`)
    } finally {
      closeSync(rest.fd)
    }
  }

  /** Pieces that another thread gave away. */
  async ranges(frame: Frame, name: string, ranges: Range[]): Promise<void> {
    const opened = this.#files.open(`${frame.base}/${name}`, frame.root.careful)
    if (opened === null) return
    const { fd, stats } = opened
    await this.finish(frame, name, { fd, stats: stats ?? fstatSync(fd), ranges, archive: null })
  }

  async #pieces(frame: Frame, path: string, { fd, ranges }: Rest): Promise<void> {
    for (let range = ranges.pop(); range !== undefined && !this.#turns.stopped; range = ranges.pop()) {
      if (this.#turns.wanted > 0 && ranges.length > 0 && frame.fd >= 0)
        this.#turns.give({ root: frame.root, path, ranges: this.#turns.takeShare(ranges) })
      const { bytes, matches } = this.#files.piece(fd, range)
      this.#sink.count(0, bytes)
      for (const match of matches) this.#sink.hit(frame.root.key, { ...match, path, part: 'content' })
      await this.#turns.pause()
    }
  }

  async #unpack(key: number, path: string, { fd, stats, archive }: Rest & { archive: ArchiveKind }): Promise<void> {
    const read = (buffer: Uint8Array, offset: number, length: number, position: number): number =>
      readSync(fd, buffer, offset, length, position)
    const context = {
      matcher: this.#matcher,
      limits: DEFAULT_LIMITS,
      // Paths are bytes here, one character each, until they are told.
      nameOf: (name: Uint8Array) => Buffer.from(name).toString('latin1'),
      sink: {
        hit: (hit: Parameters<WalkSink['hit']>[1]) => {
          this.#sink.hit(key, hit)
        },
        shortfall: (each: { path: string; reason: string }) => {
          this.#sink.shortfall(key, each.path, each.reason)
        },
        counted: (items: number, bytes: number) => {
          this.#sink.count(items, bytes)
        }
      }
    }
    await unpackFile(archive, path, { size: stats.size, read }, context)
  }
}
