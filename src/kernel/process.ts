/** Pure: what /proc says about one process. */

export interface ProcessStatus {
  uid: number
  gid: number
  groups: number[]
  /** Effective capabilities, bit mask. */
  capEff: bigint
  /** Signals with a handler, bit mask: bit N-1 is signal N. */
  sigCgt: bigint
}

/** Reads /proc/<pid>/status (proc_pid_status(5)); null when a field is missing. Effective ids, as the host counts. */
export function parseStatus(text: string): ProcessStatus | null {
  const field = (name: string): string | null => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? null
  const [uids, gids, groups, capEff, sigCgt] = ['Uid', 'Gid', 'Groups', 'CapEff', 'SigCgt'].map(field)
  if (uids == null || gids == null || groups == null || capEff == null || sigCgt == null) return null
  const ids = (words: string): number[] =>
    words
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(Number)
  return {
    uid: ids(uids)[1] ?? -1,
    gid: ids(gids)[1] ?? -1,
    groups: ids(groups),
    capEff: BigInt(`0x${capEff}`),
    sigCgt: BigInt(`0x${sigCgt}`)
  }
}

/** Whether a handler is set for the signal number. */
export function handles(status: ProcessStatus, signal: number): boolean {
  return ((status.sigCgt >> BigInt(signal - 1)) & 1n) === 1n
}

/** Field 22 of /proc/<pid>/stat: start time in ticks after boot; null for text of another shape. */
export function startTime(stat: string): string | null {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** One line of /proc/<pid>/uid_map: ids `inside…inside+count` are `outside…` on the host. */
export interface IdMap {
  inside: number
  outside: number
  count: number
}

/** Reads uid_map or gid_map (user_namespaces(7)). */
export function parseIdMap(text: string): IdMap[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((each) => each.length === 3)
    .map(([inside = 0, outside = 0, count = 0]) => ({ inside, outside, count }))
}

/** The id as the container counts, of one as the host counts; the same where no map has it. */
export function idInside(map: readonly IdMap[], outside: number): number {
  const range = map.find((each) => outside >= each.outside && outside < each.outside + each.count)
  return range === undefined ? outside : range.inside + outside - range.outside
}

/** The id as the host counts, of one as the container counts. */
export function idOutside(map: readonly IdMap[], inside: number): number {
  const range = map.find((each) => inside >= each.inside && inside < each.inside + each.count)
  return range === undefined ? inside : range.outside + inside - range.inside
}
