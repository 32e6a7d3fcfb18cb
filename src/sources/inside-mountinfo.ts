/** Pure: what the mounts are at, over and below a path, by /proc/self/mountinfo (proc_pid_mountinfo(5)). */
import type { ForeignMount } from '../evidence.js'

export interface MountLine {
  /** Path inside the source file system that is mounted; `/` unless a bind. */
  root: string
  mountPoint: string
  /** Per-mount flags. */
  flags: string[]
  fstype: string
  /** Of the super block: size, mode and so on. */
  superOptions: string[]
}

const MEMORY_TYPES = new Set(['tmpfs', 'ramfs'])

/** Whether a file system keeps its files in memory. */
export function isMemory(fstype: string): boolean {
  return MEMORY_TYPES.has(fstype)
}

/** Parses mountinfo; throws a plain Error on a line of another shape, without the line. */
export function parseMountinfo(text: string): MountLine[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [left, right] = line.split(' - ', 2)
    const [, , , root, mountPoint, flags] = (left ?? '').split(' ')
    const [fstype, , superOptions] = (right ?? '').split(' ')
    if (root === undefined || mountPoint === undefined || flags === undefined || fstype === undefined) {
      throw new Error('a line of mountinfo has another shape')
    }
    return {
      root: unescape(root),
      mountPoint: unescape(mountPoint),
      flags: flags.split(','),
      fstype,
      superOptions: (superOptions ?? '').split(',')
    }
  })
}

/** The kernel writes space, tab, newline and backslash as `\ooo` (seq_path). */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}

/** Whether `path` is `parent` or lies under it; both absolute and normalised. */
export function isWithin(path: string, parent: string): boolean {
  return parent === '/' || path === parent || path.startsWith(`${parent}/`)
}

/** The mount that `path` lies on: the last one of the longest mount point. */
export function mountOf(mounts: readonly MountLine[], path: string): MountLine | null {
  let best: MountLine | null = null
  for (const mount of mounts) {
    if (!isWithin(path, mount.mountPoint)) continue
    if (best === null || mount.mountPoint.length >= best.mountPoint.length) best = mount
  }
  return best
}

/** Bytes of `size=` as the kernel shows it, in KiB; null: no limit. */
export function sizeLimit(mount: MountLine): number | null {
  const option = mount.superOptions.find((each) => each.startsWith('size='))
  const match = /^size=(\d+)k$/.exec(option ?? '')
  return match === null ? null : Number(match[1]) * 1024
}

/** Mounts on disk at, over or below a path. The root of the container is over everything and is not told. */
export function foreignMounts(mounts: readonly MountLine[], path: string): ForeignMount[] {
  return mounts
    .filter((mount) => mount.mountPoint !== '/' && !isMemory(mount.fstype))
    .flatMap((mount) => {
      const relation = relationOf(mount.mountPoint, path)
      return relation === null ? [] : [{ path: mount.mountPoint, relation, fstype: mount.fstype, what: kindOf(mount) }]
    })
}

function relationOf(mountPoint: string, path: string): ForeignMount['relation'] | null {
  if (mountPoint === path) return 'at'
  if (isWithin(path, mountPoint)) return 'over'
  return isWithin(mountPoint, path) ? 'below' : null
}

/** A volume of the engine is a bind of `…/volumes/NAME/_data` (moby volume/local). */
function kindOf(mount: MountLine): string {
  const volume = /\/volumes\/([^/]+)\/_data$/.exec(mount.root)
  if (volume?.[1] !== undefined) return `volume ${volume[1]}`
  return mount.root === '/' ? mount.fstype : 'bind'
}

/** Mounts in memory outside the declared paths, but for the runtime's own: `/dev/shm` is one, other `/dev`, `/proc` and `/sys` not. */
export function otherMemory(mounts: readonly MountLine[], declared: readonly string[]): string[] {
  const isOurs = (path: string): boolean =>
    path === '/dev/shm' || !['/dev', '/proc', '/sys'].some((parent) => isWithin(path, parent))
  const paths = mounts
    .filter((mount) => isMemory(mountOf(mounts, mount.mountPoint)?.fstype ?? ''))
    .map((mount) => mount.mountPoint)
    .filter((path) => isOurs(path) && !declared.some((each) => isWithin(path, each)))
  return [...new Set(paths)]
}
