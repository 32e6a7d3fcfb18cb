import { randomBytes } from 'node:crypto'
import { deflateRawSync, gzipSync } from 'node:zlib'
import * as zlib from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { archiveKind, newScope, searchInside, unpackFile, type UnpackLimits } from '../../src/scan/unpack.js'
import { Frames } from '../../src/scan/unpack-frames.js'
import { ZSTD_CODEC } from '../../src/scan/unpack-zstd.js'
import { accessTo } from '../../src/scan/unpack-zip.js'
import { chunked, END, file, header, listen, pax, tar, type Seen } from './tar-support.js'
import { skippable, stream, unpackEachWay, zip, zstdFrame } from './unpack-support.js'

const S = 'a-secret-value'
const MIB = 1024 * 1024
const BROKEN = 'is cut short or broken: searched as far as it could be unpacked'
const BEHIND = 'has something behind its end that cannot be unpacked'
/** What hides nothing from a search and is not small once compressed. */
const noise = (length: number): Buffer =>
  Buffer.from(
    randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length)
  )

/** What is told, the same each way. */
async function told(bytes: Buffer, limits: Partial<UnpackLimits> = {}, secrets = [S]): Promise<Seen> {
  const [first, ...rest] = await unpackEachWay(bytes, secrets, limits)
  // Where a limit stops it, how much came out depends on the chunks.
  for (const other of rest) expect({ ...other, bytes: 0 }).toEqual({ ...first, bytes: 0 })
  return first ?? { hits: ['no archive'], shortfalls: [], items: 0, bytes: 0 }
}

/** zstd needs Node.js 22.15: where it is missing, that is told. */
const hasZstd = 'zstdCompressSync' in zlib
const zstdTold = (hits: string[], shortfalls: string[] = []): Partial<Seen> =>
  hasZstd ? { hits, shortfalls } : { hits: [], shortfalls: ['/a is zstd, which this version of Node.js cannot unpack'] }

describe('archiveKind', () => {
  it.each<[string, Buffer, string | null]>([
    ['gzip', gzipSync('x'), 'gzip'],
    ['zstd', zstdFrame('x'), 'zstd'],
    ['a skippable zstd frame', skippable('x'), 'zstd'],
    ['zip', zip([{ name: 'a', content: 'b' }]), 'zip'],
    ['an empty zip', zip([]), 'zip'],
    ['a Python application', Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), zip([])]), null],
    [
      'a Python application with content',
      Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), zip([{ name: 'a', content: 'b' }])]),
      'zip'
    ],
    ['tar', tar(file('a')), 'tar'],
    ['GNU tar', tar(file('a', '', { magic: 'ustar  \0' })), 'tar'],
    ['a tar whose first name looks like gzip', tar(file(Buffer.from([0x1f, 0x8b, 8, 0]))), 'tar'],
    ['the beginning of a tar that is too short to tell', tar(file('a')).subarray(0, 511), null],
    ['a tar with a wrong checksum', tar(header({ checksum: 1 })), null],
    ['text', Buffer.from('PKG'), null],
    ['a script', Buffer.from('#!/bin/sh\nPK'), null],
    ['nothing', Buffer.alloc(0), null]
  ])('%s', (_title, bytes, kind) => {
    expect(archiveKind(bytes, bytes.length)).toBe(kind)
  })

  it('looks at no more than it was given', () => {
    const stale = Buffer.concat([gzipSync('x').subarray(0, 3), tar(file('a'))])
    expect(archiveKind(stale, 3)).toBeNull()
    expect(archiveKind(tar(file('a')), 300)).toBeNull()
    const script = Buffer.concat([Buffer.from('#!/bin/sh\n'), zip([{ name: 'a', content: 'b' }])])
    expect(archiveKind(script, 12)).toBeNull()
  })
})

describe('gzip', () => {
  const one = gzipSync(`12${S}`)
  const withName = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 3, 0]),
    Buffer.from('xxxname\0comment\0hh'),
    one.subarray(10)
  ])
  const large = gzipSync(Buffer.concat([noise(3 * MIB), Buffer.from(S)]), { level: 1 })

  it.each<[string, Buffer, Partial<Seen>]>([
    ['one member', one, { hits: ['/a! content 2'], shortfalls: [], items: 1, bytes: 16 }],
    ['no content', gzipSync(''), { hits: [], shortfalls: [], items: 0 }],
    ['every field of the header', withName, { hits: ['/a! content 2'], shortfalls: [] }],
    [
      'several members',
      Buffer.concat([gzipSync(S.slice(0, 7)), gzipSync(S.slice(7))]),
      { hits: ['/a! content 0'], shortfalls: [] }
    ],
    ['zeros behind', Buffer.concat([one, Buffer.alloc(600)]), { hits: ['/a! content 2'], shortfalls: [] }],
    [
      'something behind',
      Buffer.concat([one, Buffer.from('junk')]),
      { hits: ['/a! content 2'], shortfalls: [`/a ${BEHIND}`] }
    ],
    [
      'a broken second member',
      Buffer.concat([one, one.subarray(0, 15)]),
      { hits: ['/a! content 2'], shortfalls: [`/a ${BROKEN}`] }
    ],
    [
      'a wrong checksum',
      Buffer.concat([one.subarray(0, -8), Buffer.alloc(8)]),
      { hits: ['/a! content 2'], shortfalls: [`/a ${BROKEN}`] }
    ],
    ['no checksum', one.subarray(0, -8), { hits: ['/a! content 2'], shortfalls: [`/a ${BROKEN}`] }],
    ['half a checksum', one.subarray(0, -4), { hits: ['/a! content 2'], shortfalls: [`/a ${BROKEN}`] }],
    ['nothing but the magic', Buffer.from([0x1f, 0x8b, 8, 0]), { hits: [], shortfalls: [], items: 0 }],
    [
      'the magic before text',
      Buffer.from(`\x1f\x8b\x08\0\0\0\0\0\0\x03${'\xff'.repeat(300)}`, 'latin1'),
      { hits: [], shortfalls: [] }
    ],
    ['a large file', large, { hits: [`/a! content ${3 * MIB}`], shortfalls: [], items: 1, bytes: 3 * MIB + S.length }],
    ['a large file, and another', Buffer.concat([large, one]), { hits: [`/a! content ${3 * MIB}`], shortfalls: [] }],
    [
      'a large file, and something behind',
      Buffer.concat([large, Buffer.from('junk')]),
      { hits: [`/a! content ${3 * MIB}`], shortfalls: [`/a ${BEHIND}`] }
    ],
    ['a large file cut short', large.subarray(0, -20), { shortfalls: [`/a ${BROKEN}`] }],
    [
      'a large file with a wrong checksum',
      Buffer.concat([large.subarray(0, -8), Buffer.alloc(8)]),
      { hits: [`/a! content ${3 * MIB}`], shortfalls: [`/a ${BROKEN}`] }
    ]
  ])('%s', async (_title, bytes, expected) => {
    expect(await told(bytes)).toMatchObject(expected)
  })

  it('cut short anywhere: what comes out is searched, and never silently', async () => {
    const bytes = gzipSync(`${S}${noise(200).toString()}`)
    for (let length = 4; length < bytes.length; length++) {
      const { hits, shortfalls } = await told(bytes.subarray(0, length))
      if (hits.length > 0) expect(shortfalls).toEqual([`/a ${BROKEN}`])
      // All of the secret has certainly come out by then.
      if (length > 120) expect(hits).toEqual(['/a! content 0'])
    }
  })

  it('broken anywhere: neither throws nor hangs, and what differs is told', async () => {
    const bytes = gzipSync(`${noise(300).toString()}${S}`)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const broken = Buffer.from(bytes)
          broken[at] = (broken[at] ?? 0) ^ flip
          const { hits, shortfalls, items } = await told(broken)
          if (items > 0) expect(shortfalls).toHaveLength(1)
          else expect(hits).toEqual([])
        }
      )
    )
  })

  it('large ones broken at their beginning: what came out before is searched', async () => {
    const bytes = gzipSync(Buffer.concat([Buffer.from(S), noise(3 * MIB)]), { level: 1 })
    bytes.fill(0xff, 4000, 6000)
    const { hits, shortfalls } = await told(bytes)
    expect(hits).toEqual(['/a! content 0'])
    expect(shortfalls).toEqual([`/a ${BROKEN}`])
  })

  it('takes a member that ends just where a chunk does', async () => {
    const bytes = Buffer.concat([gzipSync(noise(2 * MIB), { level: 1 }), gzipSync(S)])
    for (const end of [gzipSync(S).length, gzipSync(S).length + 8]) {
      const listener = listen([S])
      const writer = newScope(listener.context).open('gzip', { path: '/a', depth: 1, size: null })
      await writer.write(bytes.subarray(0, bytes.length - end))
      await writer.write(bytes.subarray(bytes.length - end))
      await writer.end()
      expect(listener).toMatchObject({ hits: [`/a! content ${2 * MIB}`], shortfalls: [] })
    }
  })
})

describe('zstd', () => {
  const large = zstdFrame(Buffer.concat([noise(3 * MIB), Buffer.from(S)]))
  it.each<[string, Buffer, Partial<Seen>]>([
    ['one frame', zstdFrame(`12${S}`), zstdTold(['/a! content 2'])],
    [
      'several frames',
      Buffer.concat([zstdFrame('a-secret'), skippable('x'), zstdFrame('-value')]),
      zstdTold(['/a! content 0'])
    ],
    ['a skippable frame first', Buffer.concat([skippable('x'), zstdFrame(S)]), zstdTold(['/a! content 0'])],
    [
      'something behind',
      Buffer.concat([zstdFrame(S), Buffer.from('junk')]),
      zstdTold(['/a! content 0'], [`/a ${BEHIND}`])
    ],
    [
      'cut short',
      zstdFrame(`${S}${'x'.repeat(200_000)}`).subarray(0, 150_000),
      zstdTold(['/a! content 0'], [`/a ${BROKEN}`])
    ],
    ['nothing but the magic', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff, 0xff]), zstdTold([])],
    ['a large file', large, zstdTold([`/a! content ${3 * MIB}`])],
    [
      'a large file of many frames',
      Buffer.concat([large, zstdFrame('x'), zstdFrame('y')]),
      zstdTold([`/a! content ${3 * MIB}`])
    ],
    ['a large file cut short', large.subarray(0, -20), zstdTold([], [`/a ${BROKEN}`])],
    [
      'a frame that wants too much memory',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0]),
      zstdTold([], ['/a needs more than 128 MiB of memory to be unpacked'])
    ]
  ])('%s', async (_title, bytes, expected) => {
    expect(await told(bytes)).toMatchObject(expected)
  })

  it('is a shortfall where Node.js cannot do it', async () => {
    const listener = listen([S])
    const scope = newScope(listener.context)
    const frames = new Frames({ ...ZSTD_CODEC, available: false }, { path: '/a', depth: 1, size: null }, scope)
    await frames.write(zstdFrame(S))
    await frames.end()
    expect(listener.shortfalls).toEqual(['/a is zstd, which this version of Node.js cannot unpack'])
  })
})

describe('zip', () => {
  const deep = { name: 'd/e.txt', content: `12${S}` }
  const large = { name: 'large', content: Buffer.concat([noise(2 * MIB), Buffer.from(S)]) }
  it.each<[string, Buffer, Partial<Seen>]>([
    ['deflated', zip([deep]), { hits: ['/a!d/e.txt content 2'], shortfalls: [], items: 1, bytes: 16 }],
    ['stored', zip([{ ...deep, method: 0 }]), { hits: ['/a!d/e.txt content 2'], shortfalls: [] }],
    ['nothing', zip([]), { hits: [], shortfalls: [] }],
    [
      'folders and odd names',
      zip([
        { name: 'd/', content: '' },
        { name: '/../x', content: S }
      ]),
      { hits: ['/a!../x content 0'], shortfalls: [] }
    ],
    [
      'bytes between',
      zip([deep, deep], 'between'),
      { hits: ['/a!d/e.txt content 2', '/a!d/e.txt content 2'], shortfalls: [] }
    ],
    [
      'large entries',
      zip([large, { ...large, method: 0 }]),
      { hits: [`/a!large content ${2 * MIB}`, `/a!large content ${2 * MIB}`], shortfalls: [] }
    ],
    [
      'zstd',
      zip([{ name: 'z', content: S, method: 93, data: zstdFrame(S) }]),
      hasZstd ? { hits: ['/a!z content 0'], shortfalls: [] } : { hits: [] }
    ],
    [
      'an encrypted entry',
      zip([{ ...deep, flags: 1 }, deep]),
      { hits: ['/a!d/e.txt content 2'], shortfalls: ['/a!d/e.txt is encrypted'] }
    ],
    [
      'another method',
      zip([{ ...deep, method: 12 }]),
      { hits: [], shortfalls: ['/a!d/e.txt is compressed by method 12, which cannot be unpacked'] }
    ],
    [
      'a wrong checksum',
      zip([{ ...deep, crc: 1 }]),
      { hits: ['/a!d/e.txt content 2'], shortfalls: [`/a!d/e.txt ${BROKEN}`] }
    ],
    [
      'a wrong size',
      zip([{ ...deep, size: 3 }]),
      { hits: ['/a!d/e.txt content 2'], shortfalls: [`/a!d/e.txt ${BROKEN}`] }
    ],
    [
      'an entry cut short',
      zip([{ ...deep, data: deflateRawSync(deep.content).subarray(0, -2) }]),
      { shortfalls: [`/a!d/e.txt ${BROKEN}`] }
    ],
    [
      'a large entry cut short',
      zip([{ ...large, data: deflateRawSync(large.content).subarray(0, -2) }]),
      { shortfalls: [`/a!large ${BROKEN}`] }
    ],
    [
      'a large entry with something behind',
      zip([{ ...large, data: Buffer.concat([deflateRawSync(large.content), Buffer.from('x')]) }]),
      { hits: [`/a!large content ${2 * MIB}`], shortfalls: [`/a!large ${BROKEN}`] }
    ],
    [
      'an entry that is not listed',
      zip([deep, { name: 'h', content: 'x', hidden: true }]),
      { hits: ['/a!d/e.txt content 2'], shortfalls: ['/a has entries that its directory does not list'] }
    ],
    [
      'no directory',
      zip([deep]).subarray(0, -22),
      { hits: [], shortfalls: ['/a begins like a zip file and has no directory that can be read'] }
    ]
  ])('%s', async (_title, bytes, expected) => {
    expect(await told(bytes)).toMatchObject(expected)
  })

  it('tells a directory that is broken in its middle', async () => {
    const bytes = zip([deep, { name: 'second', content: S }])
    bytes.write('XX', bytes.lastIndexOf('PK\x01\x02'))
    const { hits, shortfalls } = await told(bytes)
    expect(hits).toEqual(['/a!d/e.txt content 2'])
    expect(shortfalls).toEqual([`/a ${BROKEN}`, '/a has entries that its directory does not list'])
  })

  it('never throws nor hangs when bytes are changed', async () => {
    const bytes = zip([deep, { name: 'b', content: noise(300), method: 0 }, { name: 'c', content: zip([deep]) }])
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const broken = Buffer.from(bytes)
        for (const [at, value] of changes) broken[at] = value
        await unpackFile('zip', '/a', accessTo(broken), listen([S]).context)
      }),
      { numRuns: 500 }
    )
  })

  it('rejects when the file cannot be read', async () => {
    const failing = {
      size: 100,
      read: () => {
        throw new Error('EIO')
      }
    }
    const listener = listen([S])
    await unpackFile('zip', '/a', failing, listener.context)
    expect(listener.shortfalls).toHaveLength(1)
    await expect(unpackFile('gzip', '/a', failing, listener.context)).rejects.toThrow('EIO')
  })

  it('is kept whole only up to a limit where it comes as a stream', async () => {
    const listener = listen([S], { zipBytes: MIB })
    const inner = zip([{ ...large, method: 0 }])
    await searchInside({ path: '/a', depth: 0, context: listener.context }, stream(chunked(inner, [1 << 16])), '/a')
    expect(listener.hits).toEqual([`/a content ${inner.indexOf(S)}`])
    expect(listener.shortfalls).toEqual(['/a is a zip file of more than 1 MiB inside of another file'])
  })
})

describe('archives in archives', () => {
  const inner = file('deep/e', S)
  const tgz = gzipSync(tar(inner))
  const zipped = zip([{ name: 'b.tgz', content: tgz }])
  const three = gzipSync(tar(file('c.zip', zipped)))
  it.each<[string, Buffer, Partial<Seen>]>([
    ['tar', tar(inner), { hits: ['/a!deep/e content 0'], shortfalls: [], items: 1 }],
    ['tar.gz counts as one', tgz, { hits: ['/a!deep/e content 0'], shortfalls: [] }],
    ['tar.gz in zip', zipped, { hits: ['/a!b.tgz!deep/e content 0'], shortfalls: [] }],
    ['tar.gz in zip in tar.gz', three, { hits: ['/a!c.zip!b.tgz!deep/e content 0'], shortfalls: [] }],
    [
      'one deeper',
      gzipSync(tar(file('d', three))),
      { hits: [], shortfalls: ['/a!d!c.zip!b.tgz is an archive nested deeper than 3'] }
    ],
    ['gz in gz in gz', gzipSync(gzipSync(gzipSync(S))), { hits: ['/a!!! content 0'], shortfalls: [] }],
    [
      'and one deeper',
      gzipSync(gzipSync(gzipSync(gzipSync(S)))),
      { hits: [], shortfalls: ['/a!!! is an archive nested deeper than 3'] }
    ],
    [
      'names in a compressed tar',
      gzipSync(tar(file(`x/${S}`), Buffer.concat([pax({ path: S }), file('n')]))),
      { hits: [`/a!x/${S} name 2`, `/a!${S} name 520`] }
    ],
    [
      'link targets in one',
      gzipSync(tar(file('l', '', { type: '2', linkname: S }))),
      { hits: ['/a!l link-target 157'] }
    ],
    ['names in a compressed zip', gzipSync(zip([{ name: S, content: 'x' }])), { hits: ['/a! content 30'] }],
    [
      'a compressed tar without its end, which hides nothing',
      gzipSync(file('e', S)),
      { hits: ['/a!e content 0'], shortfalls: [] }
    ],
    [
      'a tar that is cut short in an archive',
      file('e.gz', gzipSync('text text text'.repeat(99))).subarray(0, 540),
      { hits: [], shortfalls: [`/a!e.gz ${BROKEN}`] }
    ],
    [
      'a compressed tar with something behind',
      gzipSync(Buffer.concat([tar(inner), Buffer.from(S)])),
      { hits: ['/a!deep/e content 0', '/a! header 2048'], shortfalls: [`/a ${BROKEN}`] }
    ],
    ['nothing but the end of a tar', gzipSync(END), { hits: [], shortfalls: [] }]
  ])('%s', async (_title, bytes, expected) => {
    expect(await told(bytes)).toMatchObject(expected)
  })

  it('are told by names the caller wants', async () => {
    const listener = listen([S])
    const context = { ...listener.context, nameOf: (name: Uint8Array) => Buffer.from(name).toString('latin1') }
    await unpackFile('tar', '/a', accessTo(tar(file('ü', S))), context)
    expect(listener.hits).toEqual(['/a!Ã¼ content 0'])
  })
})

describe('limits', () => {
  /** One way only, and no more secrets than needed: these are large. */
  async function asFile(bytes: Buffer, secrets: string[]): Promise<Seen> {
    const listener = listen(secrets)
    await unpackFile(archiveKind(bytes, bytes.length) ?? 'tar', '/a', accessTo(bytes), listener.context)
    return listener
  }

  it('what is small and gets large is searched to its end', async () => {
    const bytes = gzipSync(Buffer.concat([Buffer.alloc(17 * MIB), Buffer.from(S)]))
    expect(await asFile(bytes, [S])).toMatchObject({ hits: [`/a! content ${17 * MIB}`], shortfalls: [] })
  })

  it('a small file of zeros is no bomb', async () => {
    expect(await asFile(gzipSync(Buffer.alloc(60 * MIB)), [])).toMatchObject({ shortfalls: [], bytes: 60 * MIB })
  })

  const zeros = gzipSync(Buffer.alloc(80 * MIB))
  it.each<[string, Buffer, string]>([
    ['gzip', zeros, '/a'],
    ['gzip in gzip', gzipSync(zeros), '/a!'],
    ['zip', zip([{ name: 'z', content: Buffer.alloc(80 * MIB) }]), '/a!z']
  ])('a large one is: %s', async (_title, bytes, path) => {
    const { shortfalls } = await asFile(bytes, [])
    expect(shortfalls).toEqual([`${path} unpacks to more than 200 times its size`])
  })

  it('all that comes out of one archive counts', async () => {
    const entries = Array.from({ length: 5 }, (_, i) => ({ name: `e${i}`, content: noise(MIB) }))
    const { shortfalls } = await told(zip(entries), { bytes: 3.5 * MIB })
    expect(shortfalls).toEqual(['/a!e3 unpacks to more than 3 MiB'])
  })

  it('what came out before is searched', async () => {
    const bytes = gzipSync(Buffer.concat([Buffer.from(S), noise(5 * MIB)]), { level: 1 })
    expect(await told(bytes, { bytes: 2 * MIB })).toMatchObject({
      hits: ['/a! content 0'],
      shortfalls: ['/a unpacks to more than 2 MiB']
    })
  })
})
