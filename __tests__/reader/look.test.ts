/** What the reader sees of a container, with this very process as the container: its root is the machine's own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
  mkdtempSync
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseMountinfo, type MountLine } from '../../src/kernel/mountinfo.js'
import type { Held } from '../../src/reader/container.js'
import { contents, Listings } from '../../src/reader/listing.js'
import { scanMemory } from '../../src/reader/memory.js'
import { lookAtMounts } from '../../src/reader/mounts.js'
import { scanProcesses } from '../../src/reader/processes.js'
import type { WireHit } from '../../src/reader/protocol.js'
import { Matcher } from '../../src/scan/matcher.js'
import { directory, make, makeFifo, needle, SECRET } from '../scan/walk-support.js'

const table = (): string => readFileSync('/proc/self/mountinfo', 'latin1')
const identity = [{ inside: 0, outside: 0, count: 4294967295 }]
const held = (mounts: MountLine[] = parseMountinfo(table())): Held => ({
  pid: process.pid,
  pids: () => [process.pid],
  mounts: () => mounts,
  mountinfos: () => [{ pid: process.pid, text: table() }],
  uidMap: () => identity,
  gidMap: () => identity
})

let root: number
let memory: string
beforeAll(() => {
  root = openSync('/', 'r')
  memory = mkdtempSync('/dev/shm/tmpfs-check-test-')
})
afterAll(() => {
  closeSync(root)
  rmSync(memory, { recursive: true, force: true })
})

/** A fresh folder in memory. */
function folder(name: string): string {
  const path = join(memory, name)
  mkdirSync(path)
  return path
}

describe('lookAtMounts', () => {
  it('tells by statfs and stat what lies at a path', () => {
    const [shm, nothing, looping] = lookAtMounts(held(), root, ['/dev/shm', '/nothing/here', '/proc/self/root/dev/shm'])
    const { bsize, blocks } = statfsSync('/dev/shm')
    expect(shm?.effective).toMatchObject({
      view: 'host',
      fstype: 'tmpfs',
      resolvedPath: '/dev/shm',
      mode: '1777',
      uid: 0
    })
    expect([bsize * blocks, null]).toContain(shm?.effective?.size)
    expect(shm?.effective?.flags).toContain('rw')
    expect(nothing).toMatchObject({ resolved: null, reason: null, effective: null })
    expect(looping).toMatchObject({ resolved: null, reason: 'goes through a link of /proc', effective: null })
  })

  it('follows links of the container only below its root', () => {
    const path = make(directory(), { link: { link: '/dev/shm' } })
    const [seen] = lookAtMounts(held(), root, [join(path, 'link')])
    expect(seen?.effective).toMatchObject({ resolvedPath: '/dev/shm', fstype: 'tmpfs' })
    const inner = openSync(path, 'r')
    const [below] = lookAtMounts(held(), inner, ['/link'])
    closeSync(inner)
    expect(below).toMatchObject({ resolved: null, reason: null })
  })
})

describe('Listings', () => {
  it('names entries as the user knows them, and changes with what is there', () => {
    const path = folder('listing')
    const declared = make(directory(), { to: { link: path } })
    const listings = new Listings()
    const look = (): ReturnType<Listings['look']> => listings.look(root, [join(declared, 'to')])
    const first = look()
    writeFileSync(join(path, 'a'), 'x')
    mkdirSync(join(path, 'sub'))
    writeFileSync(join(path, 'sub', 'b'), 'x')
    const second = look()
    const third = look()
    writeFileSync(join(path, 'a'), 'xy')
    const fourth = look()
    expect(second.paths.sort()).toEqual(['a', 'sub', 'sub/b'].map((name) => join(declared, 'to', name)))
    expect(second.complete).toBe(true)
    expect(second.signature).not.toBe(first.signature)
    expect(third.signature).toBe(second.signature)
    expect(fourth.signature).not.toBe(third.signature)
  })
})

describe('contents', () => {
  it('reads regular files within bounds, and says what is left out', () => {
    const path = folder('contents')
    writeFileSync(join(path, 'small'), SECRET)
    writeFileSync(join(path, 'skip'), 'x')
    writeFileSync(join(path, 'large'), Buffer.alloc(1024 * 1024 + 1))
    symlinkSync('/etc/hostname', join(path, 'link'))
    makeFifo(join(path, 'fifo'))
    const answer = contents(root, [path], [join(path, 'skip')])
    expect(answer.files).toEqual([{ path: join(path, 'small'), bytes: Buffer.from(SECRET).toString('base64') }])
    expect(answer.left).toBe(1)
    expect(answer.leftOut[0]?.path).toBe(join(path, 'large'))
  })
})

describe('scanMemory', () => {
  it('searches the declared paths, tells of their files, and searches other memory', async () => {
    const [declared, other] = [folder('declared'), folder('other')]
    writeFileSync(join(declared, 'file'), SECRET, { mode: 0o640 })
    writeFileSync(join(other, 'file'), `-${SECRET}`)
    makeFifo(join(declared, 'fifo'))
    symlinkSync('/etc/shadow', join(declared, 'link'))
    const lines = parseMountinfo(
      `1 0 0:1 / ${declared} rw - tmpfs t rw\n2 0 0:2 / ${other} rw - tmpfs t rw\n3 0 0:3 / /proc/acpi ro - tmpfs t ro`
    )
    const hits: WireHit[] = []
    const emit = (hit: WireHit): void => {
      hits.push(hit)
    }
    const request = { paths: [declared], matcher: new Matcher([needle()]), emit, stopped: () => false }
    const answer = await scanMemory(held(lines), root, request)
    expect(answer.mounts).toEqual([
      { path: declared, declared: true },
      { path: other, declared: false }
    ])
    expect(hits.map((hit) => [hit.key, hit.part, hit.path, hit.offset])).toEqual([
      [0, 'content', '/file', 0],
      [1, 'content', '/file', 1]
    ])
    expect(answer.files).toEqual([
      {
        mount: declared,
        path: join(declared, 'file'),
        bytes: SECRET.length,
        mode: '0640',
        uid: process.getuid?.(),
        gid: process.getgid?.()
      }
    ])
    expect(answer.declared).toMatchObject({ items: 3, shortfalls: [] })
  })

  it('does not pass a declared path that is not there', async () => {
    const request = { paths: ['/nothing/here'], matcher: new Matcher([]), emit: () => undefined, stopped: () => false }
    const answer = await scanMemory(held([]), root, request)
    expect(answer.declared.shortfalls).toEqual([{ key: 0, path: '', reason: 'is not there' }])
  })
})

describe('scanProcesses', () => {
  const scan = async (memoryPaths: string[]): Promise<{ hits: string[]; shortfalls: unknown[] }> => {
    const hits: WireHit[] = []
    const request = {
      matcher: new Matcher([needle()]),
      memoryPaths,
      emit: (hit: WireHit): void => {
        hits.push(hit)
      },
      stopped: () => false
    }
    const totals = await scanProcesses(held(), root, request)
    return { hits: hits.map((hit) => `${hit.where ?? ''} ${hit.path}`), shortfalls: totals.shortfalls }
  }
  const comm = readFileSync('/proc/self/comm', 'utf8').trim()

  it('finds files without a name that are still open, but for those on a declared tmpfs', async () => {
    const [onDisk, inMemory] = [join(directory(), 'file'), join(folder('unlinked'), 'file')]
    const fds = [onDisk, inMemory].map((path) => {
      const fd = openSync(path, 'w+')
      writeSync(fd, SECRET)
      unlinkSync(path)
      return fd
    })
    expect(fstatSync(fds[0] ?? -1).nlink).toBe(0)
    const seen = await scan(['/dev/shm'])
    const everywhere = await scan([])
    for (const fd of fds) closeSync(fd)
    expect(seen).toEqual({ hits: [`fd unlinked file of ${comm}`], shortfalls: [] })
    expect(everywhere.hits).toEqual([`fd unlinked file of ${comm}`])
    expect((await scan([])).hits).toEqual([])
  })

  it('finds what a command line and an environment hold', async () => {
    const child = spawn('sh', ['-c', 'sleep 30; :', SECRET], { env: { X: SECRET, PATH: '/bin' }, stdio: 'ignore' })
    await once(child, 'spawn')
    const pid = child.pid ?? -1
    const hits: WireHit[] = []
    const request = {
      matcher: new Matcher([needle()]),
      memoryPaths: [],
      emit: (hit: WireHit) => hits.push(hit),
      stopped: () => false
    }
    await scanProcesses({ ...held(), pids: () => [pid] }, root, request)
    child.kill()
    expect(hits.map((hit) => [hit.key, hit.where, hit.path])).toEqual([
      [pid, 'cmdline', 'sh'],
      [pid, 'environ', 'sh']
    ])
  })
})
