/** What lies in memory: the declared tmpfs paths and every other tmpfs of the container. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, statfsSync } from 'node:fs'
import { isMemory, mountOf, otherMemory, parseMountinfo, type MountLine } from '../kernel/mountinfo.js'
import type { Matcher } from '../scan/matcher.js'
import { Walker } from '../scan/walk.js'
import { Collector, errorCode } from './collector.js'
import type { HeldContainer } from './container.js'
import { resolveInRoot } from './in-root.js'
import type { WireFile, WireHit, WireMount, WireTotals } from './protocol.js'

const MOST_FILES = 10_000
/** For discovery. */
const MOST_FILE_BYTES = 1024 * 1024
const MOST_BYTES = 8 * 1024 * 1024

/** mountinfo of the main process. */
export function mountsOf(held: HeldContainer): MountLine[] {
  return parseMountinfo(held.mountinfos()[0]?.text ?? '')
}

/** Each path resolved in root, with statfs and stat of what is opened there. */
export function lookAtMounts(held: HeldContainer, paths: readonly string[]): WireMount[] {
  return paths.map((path) => {
    const { path: resolved, exists } = resolveInRoot(held.root, path)
    if (!exists) return { resolved: null, magic: 0, mode: 0, uid: 0, gid: 0 }
    const stat = lstatSync(held.root + resolved)
    return {
      resolved,
      magic: statfsSync(held.root + resolved).type,
      mode: stat.mode & 0o7777,
      uid: stat.uid,
      gid: stat.gid
    }
  })
}

/** Entries under the paths, with what changes when they change. Other mounts below that are no memory are left out. */
export function listing(held: HeldContainer, paths: readonly string[]): { signature: string; paths: string[] } {
  const marks: string[] = []
  const found: string[] = []
  const visit = (directory: string): void => {
    for (const entry of readdirSync(held.root + directory, { withFileTypes: true })) {
      const path = `${directory === '/' ? '' : directory}/${entry.name}`
      const stat = lstatSync(held.root + path, { throwIfNoEntry: false })
      if (stat === undefined || found.length >= MOST_FILES) continue
      found.push(path)
      marks.push(`${path} ${stat.size} ${stat.mtimeMs} ${stat.ino}`)
      if (entry.isDirectory()) visit(path)
    }
  }
  for (const path of paths) {
    const { path: resolved, exists } = resolveInRoot(held.root, path)
    if (exists && lstatSync(held.root + resolved).isDirectory()) visit(resolved)
  }
  return { signature: marks.join('\n'), paths: found }
}

/** Contents of regular files under the paths, within bounds; `left` names what was left out or cut. */
export function contents(
  held: HeldContainer,
  paths: readonly string[],
  skip: ReadonlySet<string>
): { files: { path: string; bytes: string }[]; left: number } {
  const files: { path: string; bytes: string }[] = []
  let total = 0
  let left = 0
  for (const path of listing(held, paths).paths) {
    if (skip.has(path)) continue
    const bytes = readRegular(held.root + path)
    if (bytes === null) continue
    if (bytes.length > MOST_FILE_BYTES || total + bytes.length > MOST_BYTES) {
      left += 1
      continue
    }
    total += bytes.length
    files.push({ path, bytes: bytes.toString('base64') })
  }
  return { files, left }
}

function readRegular(path: string): Buffer | null {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    // A link, or gone between the listing and now: nothing to learn from.
    return null
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return null
    const buffer = Buffer.alloc(Math.min(stat.size, MOST_FILE_BYTES + 1))
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0))
  } finally {
    closeSync(fd)
  }
}

export interface MemoryAnswer {
  /** Mount points looked at, declared ones first; hits' keys are indices into it. */
  mounts: { path: string; declared: boolean }[]
  declared: WireTotals
  others: WireTotals
  files: (WireFile & { mount: string })[]
}

/** Searches the declared paths and every other memory mount. */
export async function scanMemory(
  held: HeldContainer,
  request: { paths: string[]; matcher: Matcher },
  emit: (hit: WireHit) => void
): Promise<MemoryAnswer> {
  const lines = mountsOf(held)
  const resolved = request.paths.map((path) => resolveInRoot(held.root, path).path)
  const others = otherMemory(lines, resolved)
  const mounts = [
    ...resolved.map((path) => ({ path, declared: true })),
    ...others.map((path) => ({ path, declared: false }))
  ]
  const files: MemoryAnswer['files'] = []
  const scan = async (declared: boolean): Promise<WireTotals> => {
    const collector = new Collector(emit)
    for (const [key, mount] of mounts.entries()) {
      if (mount.declared === declared) await scanMount({ held, lines, key, mount, ...request }, collector, files)
    }
    return collector.totals()
  }
  return { mounts, declared: await scan(true), others: await scan(false), files }
}

interface MountScan {
  held: HeldContainer
  lines: MountLine[]
  key: number
  mount: { path: string; declared: boolean }
  matcher: Matcher
}

async function scanMount(scan: MountScan, collector: Collector, files: MemoryAnswer['files']): Promise<void> {
  const { held, lines, key, mount, matcher } = scan
  const base = mount.path === '/' ? held.root : held.root + mount.path
  const full = (directory: string, name: string): string => {
    const below = directory === '' ? name : `${directory}/${name}`
    return mount.path === '/' ? `/${below}` : `${mount.path}/${below}`
  }
  const sink = {
    get items(): number {
      return collector.items
    },
    set items(count: number) {
      collector.items = count
    },
    get bytes(): number {
      return collector.bytes
    },
    set bytes(count: number) {
      collector.bytes = count
    },
    hit: (_: number, hit: Omit<WireHit, 'key'>): void => {
      collector.hit({ ...hit, key, path: hit.path })
    },
    shortfall: (_: number, path: string, reason: string): void => {
      collector.shortfall(key, path, reason)
    }
  }
  const walker = new Walker(matcher, sink, {
    // A volume below the tmpfs is disk and looked at as such; below an undeclared mount each other mount has its turn.
    accept: (item, name) => {
      const line = mountOf(lines, full(item.path, name))
      return line?.mountPoint === mount.path || (mount.declared && line !== null && isMemory(line.fstype))
    },
    onEntry: (item, name, entry) => {
      if (!mount.declared || !entry.isFile() || files.length >= MOST_FILES) return
      const path = full(item.path, name)
      const stat = lstatSync(held.root + path, { throwIfNoEntry: false })
      if (stat === undefined) return
      files.push({
        mount: mount.path,
        path,
        bytes: stat.size,
        mode: (stat.mode & 0o7777).toString(8).padStart(4, '0'),
        uid: stat.uid,
        gid: stat.gid
      })
    }
  })
  try {
    if (!lstatSync(base).isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' })
    await walker.walk({ key, base, path: '', latin1: false, piece: null })
  } catch (error) {
    collector.shortfall(key, '/', `could not be looked at (${errorCode(error)})`)
  }
}
