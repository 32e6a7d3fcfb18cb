/** Lists an open directory in batches, so that one with a million entries takes no more memory than a small one. */
import { fstatSync, opendirSync, readdirSync, type Dirent, type Stats } from 'node:fs'
import { pathAt } from './walk-open.js'

/** Above this size of the directory itself it is listed piece by piece, which is slower for small ones. */
const LARGE_BYTES = 512 * 1024
const BATCH = 512

/** Entries of the directory open as `fd`, names in latin1. Throws what listing throws. */
export function* entriesOf(fd: number, stats: Stats = fstatSync(fd)): Generator<Dirent[]> {
  const path = pathAt(fd, null)
  if (stats.size <= LARGE_BYTES) {
    yield readdirSync(path, { withFileTypes: true, encoding: 'latin1' })
    return
  }
  const directory = opendirSync(path, { encoding: 'latin1', bufferSize: BATCH })
  try {
    let batch: Dirent[] = []
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      batch.push(entry)
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    yield batch
  } finally {
    directory.closeSync()
  }
}
