/** Pure: medians, ratios and how they are written. */

/** The middle of a list; of an even number of values the mean of the two in the middle. NaN for none. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return NaN
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** How far the values of a list are apart, as a share of their median: (highest - lowest) / median. */
export function spread(values) {
  return values.length === 0 ? NaN : (Math.max(...values) - Math.min(...values)) / median(values)
}

/** `2.41 s`, `0.135 s`; `–` for what was not measured. */
export function seconds(ms) {
  if (!Number.isFinite(ms)) return '–'
  return ms < 1000 ? `${(ms / 1000).toFixed(3)} s` : `${(ms / 1000).toFixed(2)} s`
}

/** `3.21 GB`, `132 MB`. */
export function bytes(count) {
  if (!Number.isFinite(count)) return '–'
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} GB` : `${(count / 1e6).toFixed(0)} MB`
}

/** `150,213`. */
export function integer(count) {
  return Math.round(count).toLocaleString('en-US')
}

/** `0.43 ×`; `–` for what was not measured. */
export function times(ratio) {
  if (!Number.isFinite(ratio)) return '–'
  return `${ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)} ×`
}

/** A Markdown table; the first column left, the others right. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n')
}
