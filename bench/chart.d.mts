/** Types of bench/chart.mjs, for its tests. */
import type { Results } from './report.mjs'

export function chart(results: Results): string
