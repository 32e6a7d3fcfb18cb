/** Questions about overlay layer directories: where they are, what hides a file, what they ship at a path. Paths latin1. */
import { closeSync, existsSync, lstatSync, realpathSync, type Stats } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { overlayBases } from '../kernel/overlay.js'
import { entriesOf } from '../scan/walk-entries.js'
import { errorCode, openBelow, openDirectory, openRoot, pathAt, raw } from '../scan/walk-open.js'
import { shown } from './text.js'
import type { Opaque } from './xattrs.js'

const MOST_SHIPPED = 100_000
const MOST_EXAMPLES = 10

/** Absolute path of each directory, symlinks resolved; null: one of them was not found. `bases`: see overlayBases. */
export function absoluteDirs(dirs: readonly string[], bases: readonly string[]): string[] | null {
  const found = dirs.map((dir) => {
    if (isAbsolute(dir)) return real(dir)
    return bases.map((base) => real(join(base, dir))).find((path) => path !== null) ?? null
  })
  return found.every((dir) => dir !== null) ? found : null
}

/** All bases that are worth a try: what the host's own mount says, then the engine's data root. */
export function basesOf(
  dirs: { lower: string[]; upper: string | null },
  of: { merged: string | null; dataRoot: string }
): string[] {
  return [...overlayBases(dirs, of.merged), join(of.dataRoot, 'overlay2')]
}

function real(path: string): string | null {
  const bytes = raw(path)
  return existsSync(bytes) ? realpathSync(bytes, { encoding: 'latin1' }) : null
}

/** null: there is no such entry in this layer, as far as a path can tell. Throws what is neither that nor an answer. */
export function lookAt(path: string): Stats | null {
  try {
    return lstatSync(raw(path))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error))) return null
    throw error
  }
}

/** An overlay whiteout is a character device 0:0 (kernel, filesystems/overlayfs.rst). */
function isWhiteout(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0
}

/**
 * Whether a layer above hides a path: it has the path itself (but for a directory over a directory, which are merged), a
 * whiteout or a file for one of its parents, or an opaque parent. `layers` bottom first.
 */
export function isHidden(layers: readonly string[], file: { layer: number; path: string }, opaque: Opaque): boolean {
  const parts = file.path.split('/').filter((part) => part !== '')
  const own = lookAt(join(layers[file.layer] ?? '', ...parts))
  return layers.slice(file.layer + 1).some((base) => hides(base, parts, { own, opaque: opaque.get(base) }))
}

function hides(
  base: string,
  parts: readonly string[],
  of: { own: Stats | null; opaque: Set<string> | undefined }
): boolean {
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const path = parts.slice(0, depth).join('/')
    const stats = lookAt(`${base}/${path}`)
    if (stats === null) return false
    if (isWhiteout(stats) || !stats.isDirectory()) return true
    if (depth === parts.length) return of.own?.isDirectory() !== true
    if (of.opaque?.has(path) === true) return true
  }
  return false
}

/** Entries other than directories that the final image shows at or below a path (absolute in the image, resolved). */
export function shipped(
  layers: readonly string[],
  path: string,
  opaque: Opaque
): { items: number; examples: string[] } {
  const found = new Set<string>()
  layers.forEach((base, layer) => {
    visitBelow(base, path, (at) => {
      if (found.size < MOST_SHIPPED && !isHidden(layers, { layer, path: at }, opaque)) found.add(at)
    })
  })
  return { items: found.size, examples: [...found].slice(0, MOST_EXAMPLES).map(shown) }
}

/** Visits all files below a directory of a layer, which is nothing where a parent of it is a link in this layer. */
function visitBelow(base: string, path: string, onFile: (path: string) => void): void {
  const root = openRoot(base)
  try {
    const fd = openBelow(root, path)
    try {
      visit(fd, path, onFile)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error))) throw error
  } finally {
    closeSync(root)
  }
}

function visit(fd: number, path: string, onFile: (path: string) => void): void {
  for (const entries of entriesOf(fd)) {
    for (const entry of entries) {
      const at = `${path}/${entry.name}`
      if (entry.isDirectory()) {
        const below = openDirectory(pathAt(fd, entry.name))
        try {
          visit(below, at, onFile)
        } finally {
          closeSync(below)
        }
      } else if (!entry.isCharacterDevice() || !isWhiteout(lstatSync(raw(pathAt(fd, entry.name))))) onFile(at)
    }
  }
}
