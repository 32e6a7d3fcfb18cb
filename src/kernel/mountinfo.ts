/** Parses /proc/<pid>/mountinfo. */

/** One line of mountinfo, in the order of proc_pid_mountinfo(5). Paths are latin1: each character is one byte. */
export interface MountLine {
  id: number
  parent: number
  /** `major:minor` of the mounted file system. */
  device: string
  /** What of the file system is mounted: `/`, or a path in it for a bind. */
  root: string
  /** Where it is mounted, as seen from the process's root. */
  point: string
  /** Per-mount flags: rw, nosuid, nodev, noexec, relatime. */
  flags: string[]
  fstype: string
  source: string
  /** Options of the file system: size, mode, lowerdir. Escapes are left as they are: see {@link unescapeOctal}. */
  superOptions: string[]
}

/**
 * The text with `\040`-like escapes resolved: the kernel writes blanks, backslashes and separators so
 * (seq_escape in fs/proc_namespace.c and fs/seq_file.c).
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
  const [id, parent, device, root, point, flags] = fields
  const [fstype, source, superOptions] = fields.slice(separator + 1)
  if (separator === -1 || flags === undefined || fstype === undefined || source === undefined)
    throw new SyntaxError('a line of mountinfo has too few fields')
  return {
    id: Number(id),
    parent: Number(parent),
    device: device ?? '',
    root: unescapeOctal(root ?? ''),
    point: unescapeOctal(point ?? ''),
    flags: flags.split(','),
    fstype: unescapeOctal(fstype),
    source: unescapeOctal(source),
    superOptions: (superOptions ?? '').split(',')
  }
}

/** The value of `name=` among the file system's options, escapes resolved; null when it is not there. */
export function superOption(line: MountLine, name: string): string | null {
  const found = line.superOptions.find((option) => option.startsWith(`${name}=`))
  return found === undefined ? null : unescapeOctal(found.slice(name.length + 1))
}

/** The mount on top at exactly this path; null when there is none. */
export function mountAt(lines: readonly MountLine[], path: string): MountLine | null {
  return lines.findLast((line) => line.point === path) ?? null
}

/** Whether `path` is `folder` or lies below it. Both absolute, without a trailing slash but for `/`. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`)
}
