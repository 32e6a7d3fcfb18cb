/** Types of bench/memory.mjs, for its tests. */
export interface Peak {
  ours: number
  oursRss: number
  parts: Record<string, number>
  docker: number
  samples: number
}
export function parseRollup(text: string): { pss: number; rss: number } | null
export function watchMemory(root: number): { stop: () => Peak }
