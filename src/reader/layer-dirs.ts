/** Questions about overlay layer directories: where they are, what hides a file, what they ship at a path. */
import { existsSync, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Opaque } from './xattrs.js'

const MOST_SHIPPED = 10_000
const MOST_EXAMPLES = 10
/** A relative lower directory may be relative to a parent of the upper one, at most this far up. */
const PARENTS = 4

/**
 * Absolute paths of lower directories as mountinfo wrote them. With many layers the classic store mounts with names
 * relative to its own directory (`l/ABC…`, moby daemon/graphdriver/overlay2), containerd with names relative to
 * `snapshots` (`12/fs`, containerd mount/mount_linux.go, compactLowerdirOption); both lie above the upper directory.
 * null: one of them was not found.
 */
export function absoluteLayers(dirs: readonly string[], upper: string | null, dataRoot: string): string[] | null {
  const bases = [join(dataRoot, 'overlay2')]
  for (
    let parent = upper === null ? '/' : dirname(upper), up = 0;
    parent !== '/' && up < PARENTS;
    parent = dirname(parent), up += 1
  ) {
    bases.push(parent)
  }
  const found = dirs.map((dir) => {
    if (isAbsolute(dir)) return existsSync(dir) ? realpathSync(dir) : null
    const base = bases.find((each) => existsSync(join(each, dir)))
    return base === undefined ? null : realpathSync(join(base, dir))
  })
  return found.every((dir) => dir !== null) ? found : null
}

function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    // ENOENT, or ENOTDIR where an ancestor is a file in this layer: there is no such entry here.
    return null
  }
}

/** An overlay whiteout is a character device 0:0 (Documentation/filesystems/overlayfs.rst). */
function isWhiteout(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0
}

/**
 * Whether a layer above hides a path: it has the path itself, a whiteout or a file for it or one of its parents, or an
 * opaque parent. `layers` bottom first; opaque entries are `LAYER PATH`.
 */
export function isHidden(layers: readonly string[], file: { layer: number; path: string }, opaque: Opaque): boolean {
  const parts = file.path.split('/').filter((part) => part !== '')
  for (let layer = file.layer + 1; layer < layers.length; layer += 1) {
    const base = layers[layer] ?? ''
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const path = parts.slice(0, depth).join('/')
      const stats = lookAt(join(base, path))
      if (stats === null) break
      if (isWhiteout(stats) || !stats.isDirectory()) return true
      if (depth < parts.length && opaque.has(`${layer} /${path}`)) return true
    }
  }
  return false
}

/** Entries other than directories that the layers ship below a path (absolute in the image). */
export function shipped(layers: readonly string[], path: string): { items: number; examples: string[] } {
  const found = new Set<string>()
  for (const layer of layers) visit(join(layer, path), path, found)
  return { items: found.size, examples: [...found].slice(0, MOST_EXAMPLES) }
}

function visit(directory: string, path: string, found: Set<string>): void {
  const stats = lookAt(directory)
  if (stats === null || found.size >= MOST_SHIPPED) return
  if (!stats.isDirectory()) {
    if (!isWhiteout(stats)) found.add(path)
    return
  }
  for (const name of readdirSync(directory)) visit(join(directory, name), `${path}/${name}`, found)
}
