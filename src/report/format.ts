/** Pure: numbers for people. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units, three digits: `412 MB`, `3.34 GB`, `12 B`. */
export function size(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : threeDigits(value)} ${UNITS[unit] ?? ''}`
}

function threeDigits(value: number): string {
  return value >= 99.5 ? value.toFixed(0) : value >= 9.95 ? value.toFixed(1) : value.toFixed(2)
}

/** As `size=` of a tmpfs is written: `16k`, `64m`, else bytes. */
export function mountSize(bytes: number): string {
  if (bytes > 0 && bytes % (1024 * 1024) === 0) return `${bytes / 1024 / 1024} MiB`
  if (bytes > 0 && bytes % 1024 === 0) return `${bytes / 1024} KiB`
  return `${bytes} B`
}

/** `850 ms`, `3.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `133 MB/s`; null where there is too little to tell (under a megabyte or 20 ms). */
export function rate(bytes: number, ms: number): string | null {
  if (bytes < 1_000_000 || ms < 20) return null
  return `${size(bytes / (ms / 1000))}/s`
}

/** `178,182`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 error`, `2 errors`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of `width` cells at most, for a share from 0 to 1; a share above 0 always shows. */
export function bar(share: number, width = 10): string {
  if (!(share > 0)) return ''
  const eighths = Math.max(1, Math.round(Math.min(1, share) * width * 8))
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}
