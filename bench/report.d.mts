/** Types of bench/report.mjs, for its tests. */
import type { Parts } from './targets.mjs'

export interface Results {
  quick: boolean
  when: string
  machine: {
    cores: number
    cpu: string
    memory: number
    kernel: string
    docker: string
    store: string
    node: string
  }
  parts: Parts
}
export function markdown(results: Results): string
