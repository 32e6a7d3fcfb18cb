/** Types of bench/stats.mjs, for its tests. */
export function median(values: readonly number[]): number
export function spread(values: readonly number[]): number
export function seconds(ms: number): string
export function bytes(count: number): string
export function integer(count: number): string
export function times(ratio: number): string
export function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string
