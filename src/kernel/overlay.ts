/** Reads the directories of an overlay file system out of its mount options. Pure. */
import { superOption, unescapeOctal } from './mountinfo.js'

/** As the kernel shows them: absolute, or relative to a directory that is not told. */
export interface OverlayDirs {
  /** Top first. */
  lower: string[]
  /** null: a read-only overlay. */
  upper: string | null
}

/**
 * The directories that an overlay mount is made of. Two ways to write the lower ones (ovl_show_options in
 * fs/overlayfs/params.c): `lowerdir=A:B`, where colons and backslashes of a name have a backslash before them, and, from
 * Linux 6.8 on, one `lowerdir+=A` each, where nothing is escaped but for the file's own octal escapes. Data-only layers
 * (after `::`, or `datadir+=`) count too: their bytes are on disk. Throws SyntaxError when there is no lower directory.
 */
export function overlayDirs(superOptions: readonly string[]): OverlayDirs {
  const list = superOption(superOptions, 'lowerdir')
  const added = superOptions
    .filter((option) => option.startsWith('lowerdir+=') || option.startsWith('datadir+='))
    .map((option) => unescapeOctal(option.slice(option.indexOf('=') + 1)))
  const lower = [...(list === null ? [] : splitList(list)), ...added]
  if (lower.length === 0) throw new SyntaxError('the overlay names no lower directory')
  return { lower, upper: superOption(superOptions, 'upperdir') }
}

/** Splits at the colons without a backslash before them. */
function splitList(list: string): string[] {
  return (list.match(/(?:[^:\\]|\\[^])+/g) ?? []).map((path) => path.replace(/\\([^])/g, '$1'))
}

/**
 * The directories that relative names may be relative to, best first. Engines change to one before they mount, to keep
 * the options short: the classic store to `<data root>/overlay2` (moby, daemon/graphdriver/overlay2), whose mount on the
 * host is at `<id>/merged`; containerd to the directory of all snapshots, above `<n>/fs` (containerd,
 * core/mount/mount_linux.go), where only lower names are shortened. `merged`: where the host has the same file system
 * mounted, null when that is not known.
 */
export function overlayBases(dirs: OverlayDirs, merged: string | null): string[] {
  const bases = [merged, dirs.upper?.startsWith('/') === true ? dirs.upper : null].flatMap((path) =>
    path === null ? [] : [above(above(path))]
  )
  return [...new Set(bases)].filter((base) => base !== '')
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
