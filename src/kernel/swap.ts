/** Judges what the kernel says about swap. Pure. */

/** Whether any swap is on: /proc/swaps has a heading and then a line for each area (proc_swaps(5)). */
export function hasSwap(swaps: string): boolean {
  return swaps.split('\n').some((line, index) => index > 0 && line.trim() !== '')
}

/** The limit files of one cgroup; null: not there. */
export interface CgroupLimits {
  /** Version 2: memory.swap.max. */
  swapMax: string | null
  /** Version 1: memory.limit_in_bytes, and memory.memsw.limit_in_bytes, the sum of memory and swap. */
  limit: string | null
  memsw: string | null
  /** Version 1: memory.swappiness; 0 keeps a group from swapping (kernel, admin-guide/cgroup-v1/memory.rst). */
  swappiness: string | null
}

/**
 * Whether a container may swap: no level, from its own cgroup up, forbids it. null when no level has a limit file, as on
 * a kernel that does not account swap.
 */
export function maySwap(levels: readonly CgroupLimits[]): { may: boolean | null; detail: string } {
  for (const level of levels) {
    if (level.swapMax === '0') return { may: false, detail: 'memory.swap.max is 0' }
    if (
      level.memsw !== null &&
      level.limit !== null &&
      isLimit(level.limit) &&
      BigInt(level.memsw) <= BigInt(level.limit)
    )
      return { may: false, detail: 'memory.memsw.limit_in_bytes equals memory.limit_in_bytes' }
  }
  const [own] = levels
  if (own?.swappiness === '0') return { may: false, detail: 'memory.swappiness is 0' }
  for (const [name, value] of [
    ['memory.swap.max', own?.swapMax],
    ['memory.memsw.limit_in_bytes', own?.memsw],
    ['memory.swappiness', own?.swappiness]
  ] as const)
    if (typeof value === 'string') return { may: true, detail: `${name} is ${value}` }
  return { may: null, detail: 'the kernel shows no swap limit of the container' }
}

/** Version 1 writes "no limit" as the largest number of whole pages. */
function isLimit(bytes: string): boolean {
  return BigInt(bytes) < 2n ** 62n
}
