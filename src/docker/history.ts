/** Pure: which history entries made a layer. */
import type { HistoryEntry } from './parse.js'

/** Instructions that never make a layer (Dockerfile reference; legacy builder and BuildKit alike). */
const NO_LAYER =
  /^(?:\/bin\/sh -c )?(?:#\(nop\)\s+)?(ENV|LABEL|CMD|ENTRYPOINT|EXPOSE|USER|VOLUME|ARG|MAINTAINER|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)\b/

/**
 * Sets `empty_layer` on entries of `docker history`, which tells sizes only: a `0B` entry is either no layer or a layer
 * without bytes (`RUN true`). Returns null when the entries cannot be made to agree with the number of layers, so that
 * nobody points at a wrong line.
 */
export function withEmptyLayers(history: readonly HistoryEntry[], layers: number): HistoryEntry[] | null {
  const certain = history.filter((each) => each.empty_layer !== true).length
  let missing = layers - certain
  const unsure = history.filter((each) => each.empty_layer === true && !NO_LAYER.test(each.created_by ?? ''))
  const workdirs = unsure.filter((each) => /\bWORKDIR\b/.test(each.created_by ?? ''))
  const others = unsure.filter((each) => !workdirs.includes(each))
  const filled = new Set<HistoryEntry>()
  for (const group of [others, workdirs]) {
    if (missing === 0) break
    if (group.length > missing) return null
    group.forEach((each) => filled.add(each))
    missing -= group.length
  }
  if (missing !== 0) return null
  return history.map((each) => ({ ...each, empty_layer: each.empty_layer === true && !filled.has(each) }))
}
