/** Tells which paths of the image's layers a higher layer deletes or overwrites. */
import { absolutePath, EFFECT, hashPath, type LayerPaths } from './save-paths.js'

/** A path in a layer, in latin1: a character a byte. A member of an archive goes by its archive. */
export interface LayerPath {
  /** Index in the image. */
  layer: number
  path: string
}

/** What a layer has to say of a path: layer and effect of each entry that names it. */
type Entries = Map<number, { layer: number; effect: number }[]>

/** For each path, whether it is not to be seen in the final image. `layers` bottom first. */
export function hidden(layers: readonly (LayerPaths | null)[], paths: readonly LayerPath[]): boolean[] {
  if (paths.length === 0) return []
  const entries: Entries = new Map()
  const candidates = paths.map(({ path }) => candidatesOf(path))
  for (const prefixes of candidates.flat()) for (const hash of prefixes) entries.set(hash, [])
  layers.forEach((log, layer) => {
    log?.each((hash, effect) => {
      const known = entries.get(hash)
      if (known !== undefined && !known.some((one) => one.layer === layer && one.effect === effect)) {
        known.push({ layer, effect })
      }
    })
  })
  return paths.map(({ layer }, index) => {
    const all = candidates[index] ?? []
    const own = all.find((prefixes) => has(entries, prefixes.at(-1), layer)) ?? all.at(-1) ?? []
    return isHidden(entries, own, layer)
  })
}

/**
 * Hashes of the root, of each parent and of the path itself, for each path it may be: an exclamation mark may part an
 * archive from its member, or be part of a name. The longest first.
 */
function candidatesOf(path: string): number[][] {
  const ends = [path.length, ...[...path.matchAll(/!/g)].map(({ index }) => index).reverse()].slice(0, 8)
  const first = path.indexOf('!')
  if (first !== -1 && !ends.includes(first)) ends.push(first)
  return ends.map((end) => prefixesOf(absolutePath(path.slice(0, end))))
}

function prefixesOf(path: string): number[] {
  const parts = path.split('/').filter((part) => part !== '')
  return ['', ...parts].map((_part, depth) => hashPath(Buffer.from(parts.slice(0, depth).join('/'), 'latin1')))
}

function has(entries: Entries, hash: number | undefined, layer: number): boolean {
  return hash !== undefined && (entries.get(hash) ?? []).some((one) => one.layer === layer)
}

function isHidden(entries: Entries, prefixes: readonly number[], layer: number): boolean {
  const self = prefixes.length - 1
  const isDirectory = (entries.get(prefixes[self] ?? 0) ?? []).some(
    (one) => one.layer === layer && one.effect === EFFECT.directory
  )
  return prefixes.some((hash, depth) =>
    (entries.get(hash) ?? []).some((one) => {
      if (one.layer <= layer) return false
      if (one.effect === EFFECT.opaque) return depth < self
      if (one.effect === EFFECT.directory) return depth === self && !isDirectory
      return true
    })
  )
}
