/**
 * Walks directory trees and searches all that is in them: names, link targets and contents of regular files. Holds its
 * thread while it works, waits only for archives, and gives work away to whoever has none.
 */
import { closeSync, fstatSync, readlinkSync, type Dirent } from 'node:fs'
import { ItemSearch } from './item-search.js'
import type { Matcher } from './matcher.js'
import { Contents } from './walk-contents.js'
import { entriesOf } from './walk-entries.js'
import { crosses } from './walk-mounts.js'
import { NameBatch } from './walk-names.js'
import { errorCode, frameBase, openBelow, openDirectory, openRoot, raw } from './walk-open.js'
import { Turns } from './walk-turns.js'
import { join, type Frame, type WalkOptions, type WalkRoot, type WalkSink, type WalkTask } from './walk-types.js'

/** Directories open at a time in one branch; what lies deeper becomes a task of its own. */
const MOST_OPEN = 64

export class Walker {
  readonly #matcher: Matcher
  readonly #sink: WalkSink
  readonly #turns: Turns
  readonly #contents: Contents
  readonly #links: ItemSearch
  readonly #names: NameBatch
  /** The branch being walked, root first. */
  readonly #frames: Frame[] = []
  readonly #tasks: WalkTask[] = []

  constructor(matcher: Matcher, sink: WalkSink, options: WalkOptions = {}) {
    this.#matcher = matcher
    this.#sink = sink
    this.#turns = new Turns(options)
    this.#contents = new Contents(matcher, sink, { turns: this.#turns, dataRanges: options.dataRanges })
    this.#links = new ItemSearch(matcher)
    this.#names = new NameBatch(matcher)
  }

  /**
   * Walks a task and everything below it, but for what it gives away. Never rejects for what the tree is like: what could
   * not be read is a shortfall.
   */
  async walk(task: WalkTask): Promise<void> {
    this.#tasks.push(task)
    for (let next = this.#tasks.pop(); next !== undefined && !this.#turns.stopped; next = this.#tasks.pop()) {
      try {
        if (next.single === true) await this.#contents.single(next.root)
        else await this.#begin(next)
      } catch (error) {
        this.#sink.shortfall(next.root.key, next.path, `could not be opened (${errorCode(error)})`)
      }
    }
    this.#tasks.length = 0
  }

  async #begin(task: WalkTask): Promise<void> {
    const { listed, ranges } = task
    const slash = ranges === undefined ? task.path.length : Math.max(0, task.path.lastIndexOf('/'))
    const frame = openFrame(task, task.path.slice(0, slash))
    this.#frames.push(frame)
    try {
      if (ranges !== undefined) await this.#contents.ranges(frame, task.path.slice(slash).replace('/', ''), ranges)
      else if (listed === undefined) await this.#directory(frame)
      else {
        frame.waiting.push(...listed.directories)
        await this.#files(frame, listed.files)
        await this.#waiting(frame)
      }
    } finally {
      this.#frames.pop()
      closeSync(frame.fd)
    }
  }

  /** Walks an open directory and all below it. */
  async #directory(frame: Frame): Promise<void> {
    try {
      for (const entries of entriesOf(frame.fd)) {
        await this.#entries(frame, entries)
        await this.#turns.pause()
        if (this.#turns.stopped) return
      }
    } catch (error) {
      this.#sink.shortfall(frame.root.key, frame.path, `could not be listed (${errorCode(error)})`)
    }
    await this.#waiting(frame)
  }

  async #waiting(frame: Frame): Promise<void> {
    for (let name = frame.waiting.pop(); name !== undefined; name = frame.waiting.pop()) {
      if (this.#turns.stopped) return
      await this.#below(frame, name)
      if (this.#turns.wanted > 0) this.#share(frame, [])
    }
  }

  async #below(parent: Frame, name: string): Promise<void> {
    const { root } = parent
    const path = join(parent.path, name)
    if (this.#frames.length >= MOST_OPEN) {
      this.#tasks.push({ root, path })
      return
    }
    let fd: number | null = null
    try {
      fd = openDirectory(`${parent.base}/${name}`)
      const { dev } = fstatSync(fd)
      if (dev !== parent.device && !crosses(root, { fd, path }, this.#sink)) return
      const frame = { root, path, fd, base: baseOf(root, fd, path), device: dev, waiting: [] }
      this.#frames.push(frame)
      await this.#directory(frame)
      this.#frames.pop()
    } catch (error) {
      this.#sink.shortfall(root.key, path, `could not be opened (${errorCode(error)})`)
    } finally {
      if (fd !== null) closeSync(fd)
    }
  }

  async #entries(frame: Frame, entries: readonly Dirent[]): Promise<void> {
    this.#searchNames(frame, entries)
    const files: string[] = []
    for (const entry of entries) {
      if (entry.isFile()) files.push(entry.name)
      else if (entry.isDirectory()) frame.waiting.push(entry.name)
      else if (entry.isSymbolicLink()) this.#link(frame, entry.name)
    }
    this.#sink.count(entries.length - files.length, 0)
    await this.#files(frame, files)
  }

  #searchNames(frame: Frame, entries: readonly Dirent[]): void {
    if (this.#matcher.longest === 0) return
    const names = entries.map((entry) => entry.name)
    this.#names.search(frame.path, names, (name, secret, form) => {
      this.#sink.hit(frame.root.key, { secret, form, offset: 0, path: join(frame.path, name), part: 'name' })
    })
  }

  #link(frame: Frame, name: string): void {
    const path = join(frame.path, name)
    try {
      const target = readlinkSync(raw(`${frame.base}/${name}`), { encoding: 'buffer' })
      this.#links.begin()
      this.#links.push(target)
      for (const match of this.#links.end()) this.#sink.hit(frame.root.key, { ...match, path, part: 'link-target' })
    } catch (error) {
      this.#sink.shortfall(frame.root.key, path, `link could not be read (${errorCode(error)})`)
    }
  }

  async #files(frame: Frame, files: string[]): Promise<void> {
    for (let name = files.pop(); name !== undefined && !this.#turns.stopped; name = files.pop()) {
      if (this.#turns.wanted > 0) this.#share(frame, files)
      const rest = this.#contents.search(frame, name)
      if (rest !== null) await this.#contents.finish(frame, name, rest)
    }
  }

  /** Gives away a share of what is nearest to the root, where most is likely to be left; else of the files at hand. */
  #share(frame: Frame, files: string[]): void {
    const task = this.#tasks.shift()
    const rich = this.#frames.find((each) => each.waiting.length > (each === frame ? 1 : 0))
    if (task !== undefined) this.#turns.give(task)
    else if (rich !== undefined) {
      const listed = { directories: this.#turns.takeShare(rich.waiting), files: [] }
      this.#turns.give({ root: rich.root, path: rich.path, listed })
    } else if (files.length > 1) {
      const listed = { directories: [], files: this.#turns.takeShare(files) }
      this.#turns.give({ root: frame.root, path: frame.path, listed })
    }
  }
}

/** Opens the directory where a task begins. The device is the root's: what is mounted on the way there was let pass. */
function openFrame(task: WalkTask, path: string): Frame {
  const root = openRoot(task.root.path)
  try {
    const fd = openBelow(root, path)
    return { root: task.root, path, fd, base: baseOf(task.root, fd, path), device: fstatSync(fd).dev, waiting: [] }
  } finally {
    closeSync(root)
  }
}

function baseOf({ path: root, careful }: WalkRoot, fd: number, path: string): string {
  return frameBase(fd, { root, path, careful })
}
