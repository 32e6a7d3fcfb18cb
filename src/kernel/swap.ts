/** Judges what the kernel says about swap. */

/** Whether any swap is on: /proc/swaps has a heading and then a line for each area (proc_swaps(5)). */
export function hasSwap(swaps: string): boolean {
  return swaps.split('\n').some((line, index) => index > 0 && line.trim() !== '')
}

/** A limit file of one directory of the hierarchy, innermost first. null: not there. */
export interface SwapLimits {
  /** Version 2: memory.swap.max. */
  swapMax: string | null
  /** Version 1: memory.limit_in_bytes and memory.memsw.limit_in_bytes, the sum of memory and swap. */
  limit: string | null
  memsw: string | null
  /** Version 1: memory.swappiness; 0 keeps a group from swapping (kernel, admin-guide/cgroup-v1/memory.rst). */
  swappiness: string | null
}

/**
 * Whether a cgroup may swap: no level forbids it. null when no level has a limit file at all, as on a kernel that does
 * not account swap.
 */
export function maySwap(levels: readonly SwapLimits[]): { may: boolean | null; detail: string } {
  for (const level of levels) {
    if (level.swapMax === '0') return { may: false, detail: 'memory.swap.max is 0' }
    if (level.memsw !== null && level.limit !== null && BigInt(level.memsw) <= BigInt(level.limit))
      return { may: false, detail: 'memory.memsw.limit_in_bytes equals memory.limit_in_bytes' }
  }
  if (levels[0]?.swappiness === '0') return { may: false, detail: 'memory.swappiness is 0' }
  const [own] = levels
  if (own?.swapMax != null) return { may: true, detail: `memory.swap.max is ${own.swapMax}` }
  if (own?.memsw != null) return { may: true, detail: `memory.memsw.limit_in_bytes is ${own.memsw}` }
  if (own?.swappiness != null)
    return { may: true, detail: `memory.swappiness is ${own.swappiness}, and no limit on swap` }
  return { may: null, detail: 'the kernel shows no swap limit of the container' }
}
