import {
  linkSync,
  mkdirSync,
  openSync,
  closeSync,
  ftruncateSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { directory, make, makeFifo, makeWhiteout, needle, SECRET, walk, type Tree } from './walk-support.js'

const MIB = 1024 * 1024

describe('Walker', () => {
  it('searches contents, names and link targets, and counts every entry', async () => {
    const path = make(directory(), {
      a: { plain: 'nothing here', 'has-it': `x${SECRET}y` },
      [`dir-${SECRET}`]: { inner: 'clean' },
      link: { link: `/nowhere/${SECRET}` },
      empty: ''
    })
    const seen = await walk(path)
    expect(seen.hits).toEqual(['content a/has-it', 'link-target link', `name dir-${SECRET}`])
    expect(seen.items).toBe(7)
    expect(seen.bytes).toBe(12 + SECRET.length + 2 + 5)
    expect(seen.shortfalls).toEqual([])
    expect(seen.full.find((hit) => hit.part === 'content')?.offset).toBe(1)
  })

  it('follows no link, neither of a file nor of a directory', async () => {
    const outside = make(directory(), { secret: SECRET, below: { secret: SECRET } })
    const path = make(directory(), { file: { link: join(outside, 'secret') }, dir: { link: join(outside, 'below') } })
    for (const careful of [true, false]) expect((await walk(path, { careful })).hits).toEqual([])
  })

  it('does not wait for a pipe, and opens no device', async () => {
    const path = make(directory(), { file: SECRET })
    makeFifo(join(path, 'fifo'))
    makeWhiteout(join(path, 'whiteout'))
    for (const careful of [true, false]) {
      const seen = await walk(path, { careful })
      expect(seen).toMatchObject({ items: 3, hits: ['content file'], shortfalls: [] })
    }
  })

  it('finds names that are no UTF-8, and in directories of such names', async () => {
    const path = directory()
    const raw = Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff, 0xfe])])
    mkdirSync(raw)
    writeFileSync(Buffer.concat([raw, Buffer.from(`/\xe9-${SECRET}`, 'latin1')]), SECRET)
    const seen = await walk(path)
    expect(seen.hits).toEqual([`content \xff\xfe/\xe9-${SECRET}`, `name \xff\xfe/\xe9-${SECRET}`])
    expect(seen.shortfalls).toEqual([])
  })

  it('finds a secret with a slash in it over a directory and a name', async () => {
    const path = make(directory(), { 'a-first': { half: { 'second-b': 'x' } }, 'second-b': 'x' })
    expect((await walk(path, { needles: [needle('first/half/second')] })).hits).toEqual(['name a-first/half/second-b'])
  })

  it('does not take neighbours in a listing for one name', async () => {
    const bytes = Buffer.from('aaaa\0bbbb\0')
    const path = make(directory(), { aaaa: 'x', bbbb: 'x', cccc: 'x' })
    expect((await walk(path, { needles: [{ secret: 0, form: 'utf-16le', bytes }] })).hits).toEqual([])
  })

  it('finds what crosses the buffer, and at the very end of a file', async () => {
    const size = 256 * 1024
    const before = Buffer.alloc(size - 5, 'x')
    const path = make(directory(), {
      crossing: Buffer.concat([before, Buffer.from(SECRET), Buffer.alloc(10)]),
      'at-the-end': Buffer.concat([Buffer.alloc(3 * size), Buffer.from(SECRET)])
    })
    const seen = await walk(path)
    expect(seen.hits).toEqual(['content at-the-end', 'content crossing'])
    expect(seen.full.map((hit) => hit.offset).sort((a, b) => a - b)).toEqual([size - 5, 3 * size])
  })

  it('reads a file with several names once, and tells its finds under each', async () => {
    const path = make(directory(), { one: Buffer.concat([Buffer.alloc(MIB), Buffer.from(SECRET)]) })
    linkSync(join(path, 'one'), join(path, 'two'))
    const seen = await walk(path)
    expect(seen.hits).toEqual(['content one', 'content two'])
    expect(seen.bytes).toBe(MIB + SECRET.length)
  })

  it('looks inside archives', async () => {
    const path = make(directory(), { 'a.gz': gzipSync(`${SECRET}\n`), 'clean.gz': gzipSync('x') })
    expect((await walk(path)).hits).toEqual(['content a.gz!'])
  })

  it('walks directories whose path is longer than a path can be', async () => {
    const path = directory()
    let at = `/proc/self/fd/${openSync(path, 'r')}`
    const fds: number[] = []
    for (let level = 0; level < 60; level++) {
      mkdirSync(`${at}/${'x'.repeat(200)}`)
      fds.push(openSync(`${at}/${'x'.repeat(200)}`, 'r'))
      at = `/proc/self/fd/${fds.at(-1) ?? -1}`
    }
    writeFileSync(`${at}/deep`, SECRET)
    symlinkSync(SECRET, `${at}/link`)
    for (const fd of fds) closeSync(fd)
    const seen = await walk(path)
    expect(seen.hits.map((hit) => hit.replace(/x+\//g, ''))).toEqual(['content deep', 'link-target link'])
    expect(seen.shortfalls).toEqual([])
  })

  it('walks a directory with more names than are listed at once', async () => {
    const path = directory()
    for (let index = 0; index < 20_000; index++) writeFileSync(join(path, `a-rather-long-name-of-a-file-${index}`), '')
    writeFileSync(join(path, 'last'), SECRET)
    expect(statSync(path).size).toBeGreaterThan(512 * 1024)
    expect(await walk(path)).toMatchObject({ items: 20_001, hits: ['content last'] })
  })

  it('says what it could not open, and goes on', async () => {
    const path = make(directory(), { a: SECRET, gone: 'x' })
    const seen = await walk(path, { stopped: () => false })
    expect(seen.shortfalls).toEqual([])
    expect((await walk(join(path, 'nothing'))).shortfalls).toEqual([': could not be opened (ENOENT)'])
    expect((await walk(join(path, 'a'))).shortfalls).toEqual([': could not be opened (ENOTDIR)'])
  })

  it.each([[true], [false]])('tells a file that is gone by the time it is opened (careful: %s)', async (careful) => {
    const path = make(directory(), { a: SECRET, b: SECRET })
    const remove = (): number => {
      rmSync(join(path, 'a'), { force: true })
      return 0
    }
    expect(await walk(path, { careful, wanted: remove })).toMatchObject({
      hits: ['content b'],
      shortfalls: ['a: could not be read (ENOENT)']
    })
  })

  it('stops when told', async () => {
    const path = make(directory(), Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, SECRET])))
    let left = 10
    const seen = await walk(path, { stopped: () => left-- <= 0 })
    expect(seen.hits.length).toBeLessThan(50)
  })

  it('searches a root that is a file', async () => {
    const path = make(directory(), { file: SECRET })
    const seen = await walk(join(path, 'file'), { single: true, careful: true })
    expect(seen).toMatchObject({ hits: ['content '], items: 1, files: [''] })
  })

  it('tells of each file where it is asked to be careful', async () => {
    const path = make(directory(), { a: { b: 'x' }, c: 'y' })
    expect((await walk(path, { careful: true })).files.sort()).toEqual(['a/b', 'c'])
  })
})

describe('large files', () => {
  /** 130 MiB of a hole, with the secret where the pieces of 64 MiB meet. */
  function sparse(): { path: string; offset: number } {
    const path = directory()
    const fd = openSync(join(path, 'sparse'), 'w')
    const offset = 64 * MIB - 7
    ftruncateSync(fd, 130 * MIB)
    writeSync(fd, SECRET, offset)
    closeSync(fd)
    return { path, offset }
  }

  it('are searched in pieces that overlap', async () => {
    const { path, offset } = sparse()
    const seen = await walk(path)
    expect(new Set(seen.full.map((hit) => hit.offset))).toEqual(new Set([offset]))
    expect(seen.bytes).toBe(130 * MIB)
  })

  it('are shared in pieces', async () => {
    const { path, offset } = sparse()
    const seen = await walk(path, { wanted: () => 1 })
    expect(new Set(seen.full.map((hit) => hit.offset))).toEqual(new Set([offset]))
    expect(seen.bytes).toBe(130 * MIB)
  })

  it('are read where there is data, with what lies around it', async () => {
    const { path, offset } = sparse()
    const from = offset + 3
    const seen = await walk(path, { dataRanges: () => [{ from, to: from + 4096 }] })
    expect(new Set(seen.full.map((hit) => hit.offset))).toEqual(new Set([offset]))
    expect(seen.bytes).toBe(4096)
  })

  it('are not read where there is nothing but a hole', async () => {
    const { path } = sparse()
    expect(await walk(path, { dataRanges: () => [] })).toMatchObject({ items: 1, bytes: 0, hits: [] })
  })
})

describe('work that is given away', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', SECRET)
  const tree = fc.letrec<{ tree: Tree; entry: Tree[string] }>((tie) => ({
    tree: fc.dictionary(name, tie('entry'), { maxKeys: 4 }),
    entry: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('clean', SECRET, '') },
      { weight: 2, arbitrary: tie('tree') }
    )
  })).tree

  it('is found whoever does it', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), async (shape, wanted) => {
        const path = make(directory(), shape)
        const whole = await walk(path)
        let asked = 0
        const shared = await walk(path, { wanted: () => wanted[asked++ % wanted.length] ?? 0 })
        expect({ ...shared, full: [] }).toEqual({ ...whole, full: [] })
        expect(whole.items).toBe(readdirSync(path, { recursive: true }).length)
      }),
      { numRuns: 60 }
    )
  })
})
