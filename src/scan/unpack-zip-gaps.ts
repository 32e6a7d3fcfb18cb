/** Looks for entries of a zip file that its directory does not list: readers that go from front to end see them. */
import type { RandomAccess } from './unpack-zip.js'

/** Bytes `[from, to)` of the file, from an entry's local header to the end of its data. */
export interface Covered {
  from: number
  to: number
}

/** Signature of a local header (PKWARE APPNOTE, 4.3.7). */
const LOCAL_HEADER = Buffer.from([0x50, 0x4b, 3, 4])
const WINDOW = 64 * 1024

/** Whether a local header starts in what lies between, before or behind the entries. */
export function hasHiddenEntry(file: RandomAccess, covered: Covered[]): boolean {
  covered.sort((a, b) => a.from - b.from)
  let at = 0
  for (const { from, to } of covered) {
    if (hasLocalHeader(file, at, from)) return true
    at = Math.max(at, to)
  }
  return hasLocalHeader(file, at, file.size)
}

function hasLocalHeader(file: RandomAccess, from: number, to: number): boolean {
  const overlap = LOCAL_HEADER.length - 1
  if (to - from <= overlap) return false
  const window = Buffer.allocUnsafe(Math.min(WINDOW, to - from))
  for (let at = from; at + overlap < to; at += window.length - overlap) {
    const length = file.read(window, 0, Math.min(window.length, to - at), at)
    if (window.subarray(0, length).includes(LOCAL_HEADER)) return true
    if (length < Math.min(window.length, to - at)) return false
  }
  return false
}
