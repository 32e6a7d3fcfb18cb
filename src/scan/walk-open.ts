/**
 * Opens by descriptor. Node has no openat(2), but `/proc/self/fd/N/name` is the same (proc_pid_fd(5)): nobody can swap a
 * directory on the way for a symlink, and no path grows too long.
 *
 * Names and paths here are latin1: each character stands for one byte, so that names that are no UTF-8 survive.
 */
import { closeSync, constants, openSync } from 'node:fs'

/** open(2): a descriptor that only names the file. The same number on every architecture that Node runs on. */
const O_PATH = 0o10000000

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
const FILE = constants.O_RDONLY | constants.O_NONBLOCK

/** Opening does not change the time of last access; may be refused to who is not the owner. */
let noatime: number = constants.O_NOATIME

const NOT_ASCII = /[\x80-\xff]/

/** A latin1 path as Node takes it: as text it would become UTF-8. */
export function raw(path: string): string | Buffer {
  return NOT_ASCII.test(path) ? Buffer.from(path, 'latin1') : path
}

/** UTF-8 text as a latin1 path, byte for byte. */
export function toLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The path of an entry of an open directory; without a name, of what is open itself. */
export function pathAt(fd: number, name: string | null): string {
  return name === null ? `/proc/self/fd/${fd}` : `/proc/self/fd/${fd}/${name}`
}

/** PATH_MAX (linux/limits.h), less the longest name. */
const LONGEST_BASE = 4096 - 256 - 2

/**
 * By which path the entries of an open directory are opened. Where nobody can change the tree meanwhile the whole path is
 * as safe as the descriptor and takes a quarter less time; where it would be too long, or somebody can, the descriptor.
 */
export function frameBase(fd: number, of: { root: string; path: string; careful: boolean }): string {
  const whole = of.path === '' ? of.root : `${of.root}/${of.path}`
  return of.careful || whole.length > LONGEST_BASE ? pathAt(fd, null) : whole
}

/** Opens a directory for listing; a symlink or anything else is an error. */
export function openDirectory(path: string): number {
  return openSync(raw(path), DIRECTORY)
}

/** Opens a directory at the end of a path whose symlinks are followed. Only for roots, which are trusted. */
export function openRoot(path: string): number {
  return openSync(raw(path), constants.O_RDONLY | constants.O_DIRECTORY)
}

/** Opens for reading what was listed as a regular file; never follows a link, never waits for the other end of a pipe. */
export function openFile(path: string): number {
  return openQuietly(path, FILE | constants.O_NOFOLLOW)
}

/** Opens for reading what a descriptor of {@link openNameOnly} names: the link in /proc leads to that very file. */
export function openNamed(fd: number): number {
  return openQuietly(pathAt(fd, null), FILE)
}

function openQuietly(path: string, flags: number): number {
  try {
    return openSync(raw(path), flags | noatime)
  } catch (error) {
    if (noatime === 0 || errorCode(error) !== 'EPERM') throw error
    noatime = 0
    return openSync(raw(path), flags)
  }
}

/** A descriptor that names whatever is there, also a symlink, without opening it: a device or pipe notices nothing. */
export function openNameOnly(path: string): number {
  return openSync(raw(path), O_PATH | constants.O_NOFOLLOW)
}

/** The same at the end of a path whose symlinks are followed. Only for roots, which are trusted. */
export function openRootNameOnly(path: string): number {
  return openSync(raw(path), O_PATH)
}

/** Opens the directory at `path` below an open one, component by component, following no link. Closes nothing of others. */
export function openBelow(root: number, path: string): number {
  let fd = openDirectory(pathAt(root, '.'))
  for (const name of path.split('/')) {
    if (name === '') continue
    try {
      const next = openDirectory(pathAt(fd, name))
      closeSync(fd)
      fd = next
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }
  return fd
}

/** A short reason for an error of a file system call: its code, never its message, which holds the path. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : 'unknown error'
}
