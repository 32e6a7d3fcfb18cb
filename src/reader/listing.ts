/** Lists and reads what lies under the declared tmpfs paths, for the wait and for discovery. Cheap: asked ten times a second. */
import { closeSync, fstatSync, lstatSync, readSync, statfsSync, type Stats } from 'node:fs'
import { fstypeOf, isMemory } from '../kernel/fstype.js'
import { entriesOf } from '../scan/walk-entries.js'
import {
  errorCode,
  openBelow,
  openDirectory,
  openNamed,
  openNameOnly,
  pathAt,
  raw,
  toLatin1
} from '../scan/walk-open.js'
import { lookInRoot } from './in-root.js'
import type { ContentsAnswer, ListingAnswer } from './protocol.js'
import { shown } from './text.js'

const MOST_ENTRIES = 10_000
const MOST_DEPTH = 64
/** For discovery: of one file, and of all. */
const FILE_BYTES = 1024 * 1024
const ALL_BYTES = 8 * 1024 * 1024

type Visit = (entry: { path: string; fd: number; name: string; stats: Stats }) => void

/**
 * Remembers the last listing, so that a change can be told by a number: no hash of foreign names leaves the process.
 */
export class Listings {
  #last = ''
  #generation = 0

  /** Entries under the paths, as the user knows them: under the declared path, not under where a link leads. */
  look(root: number, paths: readonly string[]): ListingAnswer {
    const marks: string[] = []
    const found: string[] = []
    const complete = visitAll(root, paths, ({ path, stats }) => {
      found.push(shown(path))
      marks.push(`${path}\0${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`)
    })
    const now = marks.join('\0')
    if (now !== this.#last) this.#generation += 1
    this.#last = now
    return { signature: String(this.#generation), paths: found, complete }
  }
}

/** Contents of the regular files under the paths but for those to skip; what is left out is named. */
export function contents(root: number, paths: readonly string[], skip: readonly string[]): ContentsAnswer {
  const skipped = new Set(skip.map(toLatin1))
  const files: ContentsAnswer['files'] = []
  const left: ContentsAnswer['leftOut'] = []
  let room = ALL_BYTES
  const complete = visitAll(root, paths, ({ path, fd, name, stats }) => {
    if (!stats.isFile() || skipped.has(path)) return
    const most = Math.min(room, FILE_BYTES)
    try {
      const bytes = stats.size > most ? null : readAll(pathAt(fd, name), most)
      if (bytes === null) left.push({ path: shown(path), reason: `is larger than the ${most} bytes left for it` })
      else {
        room -= bytes.length
        files.push({ path: shown(path), bytes: bytes.toString('base64') })
      }
    } catch (error) {
      left.push({ path: shown(path), reason: `could not be read (${errorCode(error)})` })
    }
  })
  if (!complete) left.push({ path: '/', reason: 'not all entries could be listed' })
  return { files, left: left.length, leftOut: left }
}

/** Visits all below the paths, but for other mounts that are no memory. False when something could not be listed. */
function visitAll(root: number, paths: readonly string[], visit: Visit): boolean {
  const visitor = new Visitor(visit)
  for (const path of paths) {
    const declared = toLatin1(path)
    lookInRoot(root, declared, ({ fd }) => {
      if (fstatSync(fd).isDirectory()) visitor.begin(fd, declared)
    })
  }
  return visitor.complete
}

class Visitor {
  complete = true
  #room = MOST_ENTRIES
  readonly #visit: Visit

  constructor(visit: Visit) {
    this.#visit = visit
  }

  begin(named: number, path: string): void {
    const fd = openBelow(named, '')
    try {
      this.#below(fd, path, 0)
    } finally {
      closeSync(fd)
    }
  }

  #below(fd: number, path: string, depth: number): void {
    for (const entries of entriesOf(fd)) {
      for (const { name } of entries) {
        this.#room -= 1
        if (this.#room < 0) {
          this.complete = false
          return
        }
        const stats = lstatSync(raw(pathAt(fd, name)), { throwIfNoEntry: false })
        if (stats === undefined) continue
        this.#visit({ path: `${path}/${name}`, fd, name, stats })
        if (stats.isDirectory()) this.#enter(fd, { name, path: `${path}/${name}` }, depth)
      }
    }
  }

  #enter(parent: number, at: { name: string; path: string }, depth: number): void {
    let fd: number | null = null
    try {
      fd = openDirectory(pathAt(parent, at.name))
      if (depth >= MOST_DEPTH) this.complete = false
      else if (isInMemory(fd)) this.#below(fd, at.path, depth + 1)
    } catch (error) {
      // ENOENT: it was there a moment ago; the next look tells how it ended.
      if (errorCode(error) !== 'ENOENT') this.complete = false
    } finally {
      if (fd !== null) closeSync(fd)
    }
  }
}

function isInMemory(fd: number): boolean {
  return isMemory(fstypeOf(statfsSync(pathAt(fd, null)).type) ?? '')
}

/** The bytes of a regular file; null when there are more than `most`. */
function readAll(path: string, most: number): Buffer | null {
  const name = openNameOnly(path)
  try {
    if (!fstatSync(name).isFile()) throw Object.assign(new Error('changed'), { code: 'is no regular file any more' })
    const fd = openNamed(name)
    try {
      const buffer = Buffer.alloc(most + 1)
      let length = 0
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        read = readSync(fd, buffer, length, buffer.length - length, null)
      return length > most ? null : buffer.subarray(0, length)
    } finally {
      closeSync(fd)
    }
  } finally {
    closeSync(name)
  }
}
