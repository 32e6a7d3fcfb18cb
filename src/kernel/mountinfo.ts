/** Parses /proc/<pid>/mountinfo, and answers what lies where. Pure. */
import type { ForeignMount } from '../evidence.js'
import { isKernel, isMemory } from './fstype.js'

export { isMemory } from './fstype.js'

/** One line of mountinfo, in the order of proc_pid_mountinfo(5), escapes resolved. */
export interface MountLine {
  id: number
  parent: number
  /** `major:minor` of the mounted file system. */
  device: string
  /** What of the file system is mounted: `/`, or a path in it for a bind. */
  root: string
  /** Where it is mounted, as seen from the process's root. */
  mountPoint: string
  /** Per-mount flags: rw, nosuid, nodev, noexec, relatime. */
  flags: string[]
  fstype: string
  source: string
  /** Options of the file system: size, mode, lowerdir. Escapes are left as they are: see {@link unescapeOctal}. */
  superOptions: string[]
}

/**
 * The text with `\040`-like escapes resolved: the kernel writes blanks, backslashes and separators so (seq_path and
 * seq_show_option in fs/seq_file.c).
 */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}

/** All mounts, in the order of the file: of several at one path, the last is the one on top. Throws on a bad line. */
export function parseMountinfo(text: string): MountLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine)
}

function parseLine(line: string): MountLine {
  const fields = line.split(' ')
  const separator = fields.indexOf('-', 6)
  const [id, parent, device, root, mountPoint, flags] = fields
  const [fstype, source, superOptions] = fields.slice(separator + 1)
  if (separator === -1 || flags === undefined || fstype === undefined || source === undefined)
    throw new SyntaxError('a line of mountinfo has too few fields')
  return {
    id: Number(id),
    parent: Number(parent),
    device: device ?? '',
    root: unescapeOctal(root ?? ''),
    mountPoint: unescapeOctal(mountPoint ?? ''),
    flags: flags.split(','),
    fstype: unescapeOctal(fstype),
    source: unescapeOctal(source),
    superOptions: (superOptions ?? '').split(',')
  }
}

/** The value of `name=` among the file system's options, escapes resolved; null when it is not there. */
export function superOption(superOptions: readonly string[], name: string): string | null {
  const found = superOptions.find((option) => option.startsWith(`${name}=`))
  return found === undefined ? null : unescapeOctal(found.slice(name.length + 1))
}

/** Whether `path` is `parent` or lies under it; both absolute and normalised. */
export function isWithin(path: string, parent: string): boolean {
  return parent === '/' || path === parent || path.startsWith(`${parent}/`)
}

/**
 * The mount that `path` lies on: the last one of the longest mount point, unless a mount over one of its parents hides
 * it.
 */
export function mountOf(mounts: readonly MountLine[], path: string): MountLine | null {
  let best: MountLine | null = null
  for (const mount of mounts) {
    if (!isWithin(path, mount.mountPoint)) continue
    if (best === null || mount.mountPoint.length >= best.mountPoint.length || hides(mounts, mount, best)) best = mount
  }
  return best
}

/** Whether a mount, later than `below` and over a parent of it, hides it: it was not mounted on top of this one. */
function hides(mounts: readonly MountLine[], mount: MountLine, below: MountLine): boolean {
  if (mount.mountPoint === '/') return false
  for (let line: MountLine | undefined = below; line !== undefined; line = parentOf(mounts, line))
    if (line.id === mount.id) return false
  return true
}

function parentOf(mounts: readonly MountLine[], line: MountLine): MountLine | undefined {
  return line.parent === line.id ? undefined : mounts.find((each) => each.id === line.parent)
}

/** Bytes of `size=` as the kernel shows it; null: not shown, or 0, so no limit but that of the memory (tmpfs(5)). */
export function sizeLimit(mount: MountLine): number | null {
  const match = /^(\d+)k$/.exec(superOption(mount.superOptions, 'size') ?? '')
  const bytes = match === null ? 0 : Number(match[1]) * 1024
  return bytes === 0 ? null : bytes
}

/**
 * Mounts that are not memory at a path, over it (at a parent directory: whatever the program writes beside the tmpfs, or at
 * the path once the tmpfs is gone, is on that disk) and below it. Interfaces of the kernel hold no data. `path`: resolved.
 */
export function foreignMounts(mounts: readonly MountLine[], path: string): ForeignMount[] {
  return mounts.flatMap((mount) => {
    if (mount.mountPoint === '/' || isMemory(mount.fstype) || isKernel(mount.fstype)) return []
    const relation = relationOf(mount.mountPoint, path)
    return relation === null ? [] : [{ path: mount.mountPoint, relation, fstype: mount.fstype, what: kindOf(mount) }]
  })
}

function relationOf(mountPoint: string, path: string): ForeignMount['relation'] | null {
  if (mountPoint === path) return 'at'
  if (isWithin(path, mountPoint)) return 'over'
  return isWithin(mountPoint, path) ? 'below' : null
}

/** A volume of the engine is a bind of `…/volumes/NAME/_data` (moby, volume/local). */
export function kindOf(mount: MountLine): string {
  const volume = /\/volumes\/([^/]+)\/_data$/.exec(mount.root)
  if (volume?.[1] !== undefined) return `volume ${volume[1]}`
  return mount.root === '/' ? mount.fstype : 'bind'
}

/**
 * Mount points in memory outside the declared paths. The kernel's own (`/proc/acpi` and `/sys/firmware` are covered by
 * empty ones, read-only) are left out; `/dev` is not: a program may write there as well.
 */
export function otherMemory(mounts: readonly MountLine[], declared: readonly string[]): string[] {
  const paths = mounts
    .map((mount) => mount.mountPoint)
    .filter((path) => isMemory(mountOf(mounts, path)?.fstype ?? ''))
    .filter((path) => !['/proc', '/sys'].some((kernel) => isWithin(path, kernel)))
    .filter((path) => !declared.some((each) => isWithin(path, each)))
  return [...new Set(paths)]
}
