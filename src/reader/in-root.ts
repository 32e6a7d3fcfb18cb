/** Paths of a container, resolved in its own root: an absolute symlink of the image must never lead into the host. */
import { lstatSync, readlinkSync, type Stats } from 'node:fs'

/** As the kernel allows in one path (path_resolution(7)). */
const MOST_LINKS = 40

export interface Resolved {
  /** Absolute in the container, without symlinks, `.` and `..`. */
  path: string
  exists: boolean
}

/**
 * Resolves every component under `root` (`/proc/<pid>/root`). What does not exist resolves as it is written. Throws on a
 * loop of links and on what may not be looked at.
 */
export function resolveInRoot(root: string, path: string): Resolved {
  const todo = path.split('/').filter((part) => part !== '' && part !== '.')
  const done: string[] = []
  let links = 0
  let exists = true
  while (todo.length > 0) {
    const part = todo.shift() ?? ''
    if (part === '..') {
      done.pop()
      continue
    }
    if (part === '' || part === '.') continue
    const info: Stats | undefined = exists
      ? lstatSync([root, ...done, part].join('/'), { throwIfNoEntry: false })
      : undefined
    if (info?.isSymbolicLink() === true) {
      links += 1
      if (links > MOST_LINKS) throw new Error('too many symbolic links')
      const target = readlinkSync([root, ...done, part].join('/'))
      if (target.startsWith('/')) done.length = 0
      todo.unshift(...target.split('/'))
      continue
    }
    exists &&= info !== undefined
    done.push(part)
  }
  return { path: `/${done.join('/')}`, exists }
}
