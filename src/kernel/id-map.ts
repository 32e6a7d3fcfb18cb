/** Parses /proc/<pid>/uid_map and gid_map: which numbers of a user namespace stand for which of its parent. */

interface Range {
  inside: number
  outside: number
  count: number
}

export type IdMap = readonly Range[]

/** What the kernel shows for a number without a counterpart (/proc/sys/kernel/overflowuid). */
const OVERFLOW_ID = 65534

/** Parses a map of user_namespaces(7). */
export function parseIdMap(text: string): IdMap {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([inside, outside, count]) =>
      inside === undefined || outside === undefined || count === undefined ? [] : [{ inside, outside, count }]
    )
}

/** The number that the container sees for a number of the host; {@link OVERFLOW_ID} when it has none. */
export function toInside(map: IdMap, outside: number): number {
  const range = map.find((each) => outside >= each.outside && outside < each.outside + each.count)
  return range === undefined ? OVERFLOW_ID : range.inside + (outside - range.outside)
}

/** The number on the host for a number of the container; null when it has none. */
export function toOutside(map: IdMap, inside: number): number | null {
  const range = map.find((each) => inside >= each.inside && inside < each.inside + each.count)
  return range === undefined ? null : range.outside + (inside - range.inside)
}
