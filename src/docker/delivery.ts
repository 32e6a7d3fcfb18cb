/** Secrets as files in memory on the runner, to be bound into the container or offered to the build. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const PREFIX = 'tmpfs-check-'
/** statfs magic of tmpfs (linux/magic.h). */
const TMPFS_MAGIC = 0x01021994

/** Whether this machine has a host tmpfs to put secrets on; everything else would be disk. */
export function hasHostMemory(): boolean {
  return existsSync(MEMORY) && statfsSync(MEMORY).type === TMPFS_MAGIC
}

/** The run's own directory in memory, mode 0700. */
export function memoryDirectory(runId: string): string {
  return join(MEMORY, `${PREFIX}${runId}`)
}

/**
 * Writes one secret file in memory and returns its path. `owner` is the numeric user of the container where it is known
 * and we are root: the file is then readable by its owner alone; else it is world-readable, inside a directory that only
 * this user can enter.
 */
export function writeInMemory(runId: string, file: { name: string; bytes: Buffer; owner: number | null }): string {
  const directory = memoryDirectory(runId)
  mkdirSync(directory, { mode: 0o700, recursive: true })
  const path = join(directory, file.name)
  writeFileSync(path, file.bytes, { mode: 0o400, flag: 'wx' })
  if (file.owner !== null && process.getuid?.() === 0) chownSync(path, file.owner, file.owner)
  else chmodSync(path, 0o444)
  return path
}

/** Removes the run's directory in memory; nothing happens when there is none. */
export function removeFromMemory(runId: string): void {
  rmSync(memoryDirectory(runId), { recursive: true, force: true })
}

/** Removes directories in memory of runs that ended without cleaning up more than `olderThanMs` ago. */
export function sweepMemory(olderThanMs: number): void {
  if (!existsSync(MEMORY)) return
  for (const name of readdirSync(MEMORY)) {
    if (!/^tmpfs-check-[0-9a-f-]{36}$/.test(name)) continue
    const path = join(MEMORY, name)
    const info = statSync(path, { throwIfNoEntry: false })
    if (info?.isDirectory() !== true || info.uid !== process.getuid?.()) continue
    if (Date.now() - info.mtimeMs > olderThanMs) rmSync(path, { recursive: true, force: true })
  }
}
