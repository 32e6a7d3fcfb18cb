/** Types of bench/targets.mjs, report.mjs and chart.mjs share these parts. */
import type { Peak } from './memory.mjs'

export interface Checked {
  layersMs: number
  wallMs: number
  state: string
  reason: string | null
}
export interface ImagePart {
  what: string
  layers: number
  files: number
  bytes: number
  times: { save: number[]; tar?: number[]; cat?: number[]; walk: Checked[]; archive: Checked[] }
  memory: { walk: Peak; archive: Peak }
}
export interface Parts {
  big?: ImagePart
  medium?: ImagePart
  'million-files'?: ImagePart
  needles?: { rows: { secrets: number; needles: number; walk: Checked[]; archive: Checked[] }[] }
  small?: {
    wallMs: number[]
    firstLineMs: number[]
    nodeMs: number[]
    timings: { stage: string; ms: number }[]
    memory: Peak
  }
  peers?: {
    found: { name: string; version: string; what: string; ms: number; code: number; memory: Peak }[]
    missing: string[]
  }
  matcher?: { table: string }
}
export interface Target {
  what: string
  must: string
  is: string
  held: boolean | null
}
export function targets(parts: Parts): Target[]
export function layersMs(runs: readonly Checked[] | undefined): number
export function wallMs(runs: readonly Checked[] | undefined): number
