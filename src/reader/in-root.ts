/** Paths of a container, resolved in its own root: an absolute symlink of the image must never lead into the host. */
import { closeSync, fstatSync, readlinkSync, statfsSync } from 'node:fs'
import { fstypeOf } from '../kernel/fstype.js'
import { errorCode, openNameOnly, pathAt, raw } from '../scan/walk-open.js'

/** As the kernel allows in one path (path_resolution(7)). */
const MOST_LINKS = 40

export interface Place {
  /** Absolute in the container, latin1, without symlinks, `.` and `..`. What does not exist stands as it was written. */
  path: string
  /** A descriptor that names what is there, to be closed by the caller; null: nothing is. */
  fd: number | null
}

/** Directories from the root down to where the resolution stands, each open. */
class Branch {
  readonly #fds: number[]
  readonly #names: string[] = []

  constructor(root: number) {
    this.#fds = [root]
  }

  get top(): number {
    return this.#fds.at(-1) ?? -1
  }

  get names(): readonly string[] {
    return this.#names
  }

  down(name: string, fd: number): void {
    this.#names.push(name)
    this.#fds.push(fd)
  }

  /** The root is its own parent. */
  up(): void {
    if (this.#names.pop() === undefined) return
    const fd = this.#fds.pop()
    if (fd !== undefined) closeSync(fd)
  }

  toRoot(): void {
    while (this.#names.length > 0) this.up()
  }

  /** Takes the last descriptor out, the caller's from now on, and closes the others but for the root's. */
  take(): number | null {
    const fd = this.#names.length === 0 ? openNameOnly(pathAt(this.top, '.')) : (this.#fds.pop() ?? null)
    for (const each of this.#fds.splice(1)) closeSync(each)
    return fd
  }

  close(): void {
    for (const each of this.#fds.splice(1)) closeSync(each)
  }
}

/**
 * Resolves every component below an open root directory. Throws where a loop of links, a link in /proc (which stands for
 * something of the process that looks) or a missing right keeps it from being known.
 */
export function resolveInRoot(root: number, path: string): Place {
  const todo = path.split('/')
  const branch = new Branch(root)
  let links = 0
  try {
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      if (name === '') continue
      if (!fstatSync(branch.top).isDirectory()) return { path: normal([...branch.names, name, ...todo]), fd: null }
      if (name === '.') continue
      if (name === '..') {
        branch.up()
        continue
      }
      const fd = openEntry(branch.top, name)
      if (fd === null) return { path: normal([...branch.names, name, ...todo]), fd: null }
      if (!fstatSync(fd).isSymbolicLink()) {
        branch.down(name, fd)
        continue
      }
      closeSync(fd)
      links += 1
      if (links > MOST_LINKS) throw failure('goes through too many symbolic links')
      const target = linkTarget(branch.top, name)
      if (target.startsWith('/')) branch.toRoot()
      todo.unshift(...target.split('/'))
    }
    const resolved = normal(branch.names)
    return { path: resolved, fd: branch.take() }
  } finally {
    branch.close()
  }
}

/** Resolves, lets `use` look at what is there, and closes it. null: nothing is there. */
export function lookInRoot<T>(root: number, path: string, use: (place: { path: string; fd: number }) => T): T | null {
  const { path: resolved, fd } = resolveInRoot(root, path)
  if (fd === null) return null
  try {
    return use({ path: resolved, fd })
  } finally {
    closeSync(fd)
  }
}

function openEntry(directory: number, name: string): number | null {
  try {
    return openNameOnly(pathAt(directory, name))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null
    throw error
  }
}

function linkTarget(directory: number, name: string): string {
  if (fstypeOf(statfsSync(pathAt(directory, null)).type) === 'proc') throw failure('goes through a link of /proc')
  return readlinkSync(raw(pathAt(directory, name)), { encoding: 'latin1' })
}

function normal(names: readonly string[]): string {
  const done: string[] = []
  for (const name of names) {
    if (name === '..') done.pop()
    else if (name !== '' && name !== '.') done.push(name)
  }
  return `/${done.join('/')}`
}

function failure(reason: string): Error {
  return Object.assign(new Error(reason), { code: reason })
}
