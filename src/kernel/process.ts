/** What /proc says about one process. Pure. */

export interface ProcessStatus {
  /** Effective, as the reader's user namespace counts. */
  uid: number
  gid: number
  groups: number[]
  /** Effective capabilities, bit mask. */
  capEff: bigint
  /** Signals with a handler, bit mask: bit N-1 is signal N. */
  sigCgt: bigint
}

/** Reads /proc/<pid>/status (proc_pid_status(5)); null when a field is missing. */
export function parseStatus(text: string): ProcessStatus | null {
  const field = (name: string): string | null => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1] ?? null
  const ids = (name: string): number[] => (field(name) ?? '').split(/\s+/).filter(Boolean).map(Number)
  const [uid, gid] = [ids('Uid')[1], ids('Gid')[1]]
  const [capEff, sigCgt] = [field('CapEff'), field('SigCgt')]
  if (uid === undefined || gid === undefined || capEff === null || sigCgt === null) return null
  return { uid, gid, groups: ids('Groups'), capEff: BigInt(`0x${capEff}`), sigCgt: BigInt(`0x${sigCgt}`) }
}

/** Whether a handler is set for the signal. Without one for SIGTERM a container's first process ignores it (signal(7)). */
export function handles(status: ProcessStatus, signal: number): boolean {
  return ((status.sigCgt >> BigInt(signal - 1)) & 1n) === 1n
}

/** Capabilities of capability.h that pass file permissions. */
export const CAP_DAC_OVERRIDE = 1
export const CAP_DAC_READ_SEARCH = 2

/** Whether a set of capabilities holds one. */
export function hasCapability(set: bigint, capability: number): boolean {
  return ((set >> BigInt(capability)) & 1n) === 1n
}

/**
 * Field 22 of /proc/<pid>/stat (proc_pid_stat(5)): the start time in ticks after boot, which with the pid names one
 * process for good; null for text of another shape. The name in field 2 may hold blanks and brackets.
 */
export function startTime(stat: string): string | null {
  const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return field !== undefined && /^\d+$/.test(field) ? field : null
}

/** One line of /proc/<pid>/uid_map or gid_map: ids `inside…inside+count` are `outside…` for the reader. */
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

/** What the kernel shows for an id without a counterpart (/proc/sys/kernel/overflowuid). */
const OVERFLOW_ID = 65534

/** The id as the container counts, of one as the host counts; {@link OVERFLOW_ID} where it has none. */
export function idInside(map: readonly IdMap[], outside: number): number {
  const range = map.find((each) => outside >= each.outside && outside < each.outside + each.count)
  return range === undefined ? OVERFLOW_ID : range.inside + outside - range.outside
}

/** The id as the host counts, of one as the container counts; the same where it has none: no process can have it. */
export function idOutside(map: readonly IdMap[], inside: number): number {
  const range = map.find((each) => inside >= each.inside && inside < each.inside + each.count)
  return range === undefined ? inside : range.outside + inside - range.inside
}
