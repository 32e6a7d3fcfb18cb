/** Types of bench/layers.mjs, for its tests. */
import type { Readable } from 'node:stream'

export interface Listed {
  path: string
  size: number
  file: boolean
}
export interface Chosen extends Listed {
  copy: number
}
export function choose(
  list: readonly Listed[],
  least: { files: number; bytes: number }
): { chosen: Chosen[]; filler: number }
export function cut(chosen: readonly Chosen[], layers: number): Chosen[][]
export function randomFiles(folder: string, count: number, size: number): Readable
export function emptyFiles(count: number): Readable
