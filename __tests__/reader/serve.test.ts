import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { HelloAnswer, WireProgress } from '../../src/reader/protocol.js'
import { directory, make, makeFifo, makeWhiteout, SECRET } from '../scan/walk-support.js'
import { file, tar } from '../scan/tar-support.js'
import { compileReader, start, trees, type Compiled } from './support.js'

let compiled: Compiled
let reader: ReturnType<typeof start>

beforeAll(() => {
  compiled = compileReader()
})
afterAll(() => {
  compiled.remove()
})
beforeEach(() => {
  reader = start(compiled.program)
})
afterEach(async () => {
  reader.host.close()
  await reader.ended
})

const PYTHON_XATTR = 'import os,sys\nos.setxattr(sys.argv[1],"user.test",sys.argv[2].encode())'

describe('the reader', () => {
  it('says who it is', async () => {
    const answer = await reader.host.ask<HelloAnswer>({ op: 'hello' }, { timeoutMs: 10_000 })
    expect(answer.uid).toBe(process.getuid?.())
  })

  it('searches trees in threads: contents, names, link targets and extended attributes', async () => {
    const first = make(directory(), { a: { file: SECRET }, [`n-${SECRET}`]: 'x', link: { link: SECRET } })
    const second = make(directory(), { plain: 'clean', marked: 'clean' })
    execFileSync('python3', ['-c', PYTHON_XATTR, join(second, 'marked'), SECRET])
    const roots = [first, second].map((path, key) => ({ key, path }))
    const answer = await trees(reader.host, { roots, careful: false })
    expect(answer.hits).toEqual(['0 content /a/file', '0 link-target /link', '0 name /n-[secret]', '1 xattr /marked'])
    expect(answer).toMatchObject({ items: 6, dropped: 0, shortfalls: [], moreShortfalls: 0 })
  })

  it('shows no secret in a path, in whatever encoding the name is', async () => {
    const path = directory()
    const odd = Buffer.concat([Buffer.from(`${path}/${SECRET}-`), Buffer.from([0xff])])
    mkdirSync(odd)
    writeFileSync(Buffer.concat([odd, Buffer.from('/file')]), SECRET)
    const answer = await trees(reader.host, { roots: [{ key: 0, path }], careful: false })
    expect(answer.hits).toEqual(['0 content /[secret]-\\xff/file', '0 name /[secret]-\\xff'])
  })

  it('tells names in archives as it tells others', async () => {
    const inner = tar(file('é-ш', SECRET), file(`é-${SECRET}`))
    const path = make(directory(), { 'ü.tar': inner })
    const answer = await trees(reader.host, { roots: [{ key: 0, path }], careful: false })
    expect(answer.hits).toEqual(expect.arrayContaining(['0 content /ü.tar!é-ш', '0 name /ü.tar!é-[secret]']))
  })

  it('says which layers hide a hit, below archives and in directories of their own', async () => {
    const [bottom, top] = [directory(), directory()]
    make(bottom, { deleted: SECRET, over: SECRET, stays: SECRET, dir: { inner: SECRET }, [`merged-${SECRET}`]: {} })
    make(top, { over: 'new', dir: 'a file now', [`merged-${SECRET}`]: {} })
    makeWhiteout(join(top, 'deleted'))
    const roots = [bottom, top].map((path, key) => ({ key, path }))
    const answer = await trees(reader.host, { roots, careful: false, kind: 'layers' })
    const hidden = answer.wire.map((hit) => `${hit.key}${hit.path} ${String(hit.deleted)}`).sort()
    expect(hidden).toEqual([
      '0/deleted true',
      '0/dir/inner true',
      '0/merged-[secret] false',
      '0/over true',
      '0/stays false',
      '1/merged-[secret] false'
    ])
  })

  it('tells what it could not look at, and still the rest', async () => {
    const path = make(directory(), { file: SECRET })
    const roots = [
      { key: 0, path: join(path, 'nothing') },
      { key: 1, path }
    ]
    const answer = await trees(reader.host, { roots, careful: true })
    expect(answer.hits).toEqual(['1 content /file'])
    expect(answer.shortfalls).toEqual([{ key: 0, path: '', reason: 'could not be opened (ENOENT)' }])
  })

  it('takes a root that is a file', async () => {
    const path = make(directory(), { file: SECRET })
    const answer = await trees(reader.host, { roots: [{ key: 3, path: join(path, 'file') }], careful: true })
    expect(answer).toMatchObject({ hits: ['3 content /'], items: 1, shortfalls: [] })
  })

  it('answers other requests while it walks, tells how far it is, and ends at the deadline', async () => {
    const progress: WireProgress[] = []
    const walk = reader.host.ask<{ shortfalls: { reason: string }[] }>(
      { op: 'trees', set: 'test', roots: [{ key: 0, path: slowTree() }], careful: true, deadlineMs: 2500 },
      { timeoutMs: 20_000, onProgress: (each) => progress.push(each) }
    )
    await reader.host.ask({ op: 'hello' }, { timeoutMs: 10_000 })
    const { shortfalls } = await walk
    expect(shortfalls.map((each) => each.reason)).toContain('the time for it was over')
    expect(progress.length).toBeGreaterThan(0)
  })

  it('stops a walk that nobody waits for any more, and goes on with the next', async () => {
    const roots = [{ key: 0, path: slowTree() }]
    const asked = reader.host.ask({ op: 'trees', set: 'test', roots, careful: true }, { timeoutMs: 500 })
    await expect(asked).rejects.toThrow('host view: no answer in 1 s')
    const path = make(directory(), { file: SECRET })
    expect((await trees(reader.host, { roots: [{ key: 0, path }], careful: false })).hits).toEqual(['0 content /file'])
  })

  it('ends when its stdin closes, in the middle of a walk', async () => {
    const roots = [{ key: 0, path: slowTree() }]
    const asked = reader.host.ask({ op: 'trees', set: 'test', roots, careful: true }, { timeoutMs: 20_000 })
    const failed = expect(asked).rejects.toThrow('the reader ended')
    await new Promise((resolve) => setTimeout(resolve, 500))
    const closed = performance.now()
    reader.host.close()
    await reader.ended
    expect(performance.now() - closed).toBeLessThan(1500)
    expect(existsSync(`/proc/${reader.pid}/root`)).toBe(false)
    await failed
  })

  it('takes hold of no process that is not of the container', async () => {
    for (const pid of [0, -1, 1, process.pid, 99_999_999]) {
      const asked = reader.host.ask({ op: 'container', pid, containerId: 'ab'.repeat(32) }, { timeoutMs: 10_000 })
      expect(await asked).toBeNull()
    }
    const asked = reader.host.ask({ op: 'mounts', paths: ['/'] }, { timeoutMs: 10_000 })
    await expect(asked).rejects.toThrow('the container has ended')
  })

  it('lists what layers ship at a path, without what later ones delete', async () => {
    const [bottom, top] = [directory(), directory()]
    make(bottom, { app: { tmp: { gone: 'x', kept: 'x', sub: { deep: 'x' } } } })
    make(top, { app: { tmp: {} } })
    makeWhiteout(join(top, 'app', 'tmp', 'gone'))
    makeFifo(join(top, 'app', 'tmp', 'pipe'))
    const outside = make(directory(), { tmp: { host: 'x' } })
    const linking = make(directory(), { app: { link: outside } })
    const ask = (layers: string[]): Promise<unknown> =>
      reader.host.ask({ op: 'shipped', layers, paths: ['/app/tmp', '/none'] }, { timeoutMs: 10_000 })
    expect(await ask([bottom, top])).toEqual([
      { items: 3, examples: ['/app/tmp/kept', '/app/tmp/sub/deep', '/app/tmp/pipe'] },
      { items: 0, examples: [] }
    ])
    expect(await ask([linking])).toEqual([
      { items: 0, examples: [] },
      { items: 0, examples: [] }
    ])
  })
})

/** Takes longer to walk than any test waits: 120 GB of holes, in files that are too small to be asked for their data. */
function slowTree(): string {
  const path = directory()
  for (let index = 0; index < 2000; index++) {
    execTruncate(join(path, `sparse-${index}`))
  }
  return path
}

function execTruncate(path: string): void {
  writeFileSync(path, '')
  truncateSync(path, 60 * 1024 * 1024)
}
