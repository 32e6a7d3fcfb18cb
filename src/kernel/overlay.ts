/** Reads the directories of an overlay file system out of its mount options. */
import { superOption, unescapeOctal, type MountLine } from './mountinfo.js'

/** As the kernel shows them: absolute, or relative to a directory that is not told. */
export interface OverlayDirs {
  /** Top first. */
  lower: string[]
  /** null: a read-only overlay. */
  upper: string | null
}

/**
 * The directories that an overlay mount is made of. Two ways to write the lower ones (overlayfs, show_options in
 * fs/overlayfs/params.c): `lowerdir=A:B`, where colons and backslashes of a name have a backslash before them, and, from
 * Linux 6.8 on, one `lowerdir+=A` each, where nothing is escaped but for the file's own octal escapes. Data-only layers
 * (after `::`, or `datadir+=`) count too: their bytes are on disk. Throws SyntaxError when there is no lower directory.
 */
export function overlayDirs(line: MountLine): OverlayDirs {
  const list = superOption(line, 'lowerdir')
  const added = line.superOptions
    .filter((option) => option.startsWith('lowerdir+=') || option.startsWith('datadir+='))
    .map((option) => unescapeOctal(option.slice(option.indexOf('=') + 1)))
  const lower = [...(list === null ? [] : splitList(list)), ...added]
  if (lower.length === 0) throw new SyntaxError('the overlay names no lower directory')
  const upper = superOption(line, 'upperdir')
  return { lower, upper: upper === null ? null : unescapeBackslashes(upper) }
}

/** Splits at the colons without a backslash before them. */
function splitList(list: string): string[] {
  return (list.match(/(?:[^:\\]|\\[^])+/g) ?? []).map(unescapeBackslashes)
}

function unescapeBackslashes(path: string): string {
  return path.replace(/\\([^])/g, '$1')
}

/**
 * The directory that relative names are relative to. Engines change to it before they mount, to keep the options short:
 * the classic store to `<data root>/overlay2` (moby, daemon/graphdriver/overlay2/mount.go), where the merged directory
 * `<id>/merged` is; containerd to the directory of all snapshots, above `<n>/fs` (containerd, core/mount/mount_linux.go),
 * where only lower names are shortened. `merged`: where the host has the same file system mounted; null: not known.
 */
export function overlayBases(dirs: OverlayDirs, merged: string | null): string[] {
  const bases: string[] = []
  if (merged !== null) bases.push(above(above(merged)))
  if (dirs.upper?.startsWith('/') === true) bases.push(above(above(dirs.upper)))
  return bases.filter((base, index) => base !== '' && bases.indexOf(base) === index)
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
