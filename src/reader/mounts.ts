/** What the kernel says lies at the declared tmpfs paths. */
import { closeSync, fstatSync, statfsSync, type Stats } from 'node:fs'
import type { EffectiveMount, ForeignMount } from '../evidence.js'
import { fstypeOf, isMemory } from '../kernel/fstype.js'
import { foreignMounts, mountOf, parseMountinfo, sizeLimit, type MountLine } from '../kernel/mountinfo.js'
import { idInside } from '../kernel/process.js'
import { errorCode, openRoot, pathAt, toLatin1 } from '../scan/walk-open.js'
import type { Held } from './container.js'
import { lookInRoot } from './in-root.js'
import type { WireMount } from './protocol.js'
import { readText, shown } from './text.js'

const NOTHING: WireMount = {
  resolved: null,
  reason: null,
  magic: 0,
  mode: 0,
  uid: 0,
  gid: 0,
  effective: null,
  foreign: []
}

/** Each path resolved in root, with what is open there. */
export function lookAtMounts(held: Held, root: number, paths: readonly string[]): WireMount[] {
  const tables = held.mountinfos().map(({ pid, text }) => ({ pid, lines: parseMountinfo(text) }))
  return paths.map((path) => {
    try {
      return lookInRoot(root, toLatin1(path), (place) => seen(held, place, tables)) ?? NOTHING
    } catch (error) {
      // What cannot be resolved is no mount that anybody could rely on: the reason goes with it.
      return { ...NOTHING, reason: errorCode(error) }
    }
  })
}

interface Table {
  pid: number
  lines: MountLine[]
}

function seen(held: Held, place: { path: string; fd: number }, tables: readonly Table[]): WireMount {
  const [own, ...others] = tables
  const lines = own?.lines ?? []
  const stats = fstatSync(place.fd)
  const { type, bsize, blocks } = statfsSync(pathAt(place.fd, null))
  const line = lineOf(place.fd, lines) ?? mountOf(lines, place.path)
  const fstype = fstypeOf(type) ?? line?.fstype ?? `0x${type.toString(16)}`
  const uid = idInside(held.uidMap(), stats.uid)
  const gid = idInside(held.gidMap(), stats.gid)
  const mode = stats.mode & 0o7777
  const effective: EffectiveMount = {
    view: 'host',
    resolvedPath: shown(place.path),
    fstype,
    size: line !== null && isMemory(fstype) && sizeLimit(line) !== null ? blocks * bsize : null,
    mode: mode.toString(8).padStart(4, '0'),
    uid,
    gid,
    flags: line === null ? [] : flagsOf(line)
  }
  const foreign = [
    ...foreignMounts(lines, place.path),
    ...others.flatMap((other) => differing(other, { path: place.path, stats }))
  ].map((each) => ({ ...each, path: shown(each.path), what: shown(each.what) }))
  return { resolved: shown(place.path), reason: null, magic: type, mode, uid, gid, effective, foreign }
}

/** The line of the very mount that a descriptor is on: the kernel tells its number (proc_pid_fdinfo(5)). */
function lineOf(fd: number, lines: readonly MountLine[]): MountLine | null {
  const id = /^mnt_id:\s*(\d+)$/m.exec(readText(`/proc/self/fdinfo/${fd}`) ?? '')?.[1]
  return lines.find((line) => line.id === Number(id)) ?? null
}

/** Flags of the mount; read-only also when the file system is (field 6 says it for a mount alone). */
function flagsOf(line: MountLine): string[] {
  return line.superOptions.includes('ro') ? line.flags.map((flag) => (flag === 'rw' ? 'ro' : flag)) : line.flags
}

/** What a process in a mount namespace of its own finds at the path, if that is another file system and no memory. */
function differing(other: Table, at: { path: string; stats: Stats }): ForeignMount[] {
  const line = mountOf(other.lines, at.path)
  const device = deviceIn(other.pid, at.path)
  if (line === null || device === at.stats.dev || isMemory(line.fstype)) return []
  const what = `${line.fstype} in the mount namespace of process ${other.pid}`
  return [{ path: line.mountPoint, relation: 'at', fstype: line.fstype, what }]
}

function deviceIn(pid: number, path: string): number | null {
  try {
    const root = openRoot(`/proc/${pid}/root`)
    try {
      return lookInRoot(root, path, ({ fd }) => fstatSync(fd).dev)
    } finally {
      closeSync(root)
    }
  } catch {
    // It ended, or the path is not to be resolved there: the caller then goes by its mounts alone.
    return null
  }
}
