import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { naive, needle } from './support.js'
import {
  chunked,
  directory,
  END,
  file,
  header,
  listen,
  long,
  padded,
  pax,
  scanTar,
  tar,
  type Listener
} from './tar-support.js'

const S = 'a-secret-value'
const SIZES = [1, 13, 512, 700, 1e6]

/** What is told of an archive, which has to be the same whatever the chunks. */
async function hitsOf(archive: Buffer, secrets: readonly (string | Buffer)[] = [S]): Promise<string[]> {
  const all: string[][] = []
  for (const size of SIZES) {
    const listener = listen(secrets)
    await scanTar(listener, chunked(archive, [size]))
    all.push(listener.hits)
  }
  for (const hits of all) expect(hits).toEqual(all[0])
  return all[0] ?? []
}

describe('where a hit lies', () => {
  it.each<[string, Buffer, string[]]>([
    ['content', tar(file('a', `12${S}`), file('b')), ['/a content 2']],
    ['content of several blocks', tar(file('x'), file('a', 'x'.repeat(600) + S)), ['/a content 600']],
    ['only the first of a kind', tar(file('a', S + S), file('b', S)), ['/a content 0', '/b content 0']],
    ['a name', tar(file(`d/${S}`, 'x')), [`/d/${S} name 2`]],
    ['the part of a name that is in the prefix', tar(file('n', 'x', { prefix: S })), [`/${S}/n name 345`]],
    [
      'a long name',
      tar(Buffer.concat([long(`${'l'.repeat(200)}${S}`), file('n')])),
      [`/${'l'.repeat(200)}${S} name 712`]
    ],
    ['a PAX name', tar(Buffer.concat([pax({ path: S }), file('n')])), [`/${S} name 520`]],
    ['a link target', tar(file('l', '', { type: '2', linkname: S })), ['/l link-target 157']],
    ['a long link target', tar(Buffer.concat([long(S, 'K'), file('l', '', { type: '2' })])), ['/l link-target 512']],
    [
      'a PAX link target',
      tar(Buffer.concat([pax({ linkpath: S }), file('l', '', { type: '2' })])),
      ['/l link-target 524']
    ],
    ['an xattr', tar(Buffer.concat([pax({ 'SCHILY.xattr.user.k': `\0${S}` }), file('a')])), ['/a xattr 536']],
    [
      'the name of an xattr',
      tar(Buffer.concat([pax({ [`SCHILY.xattr.user.${S}`]: 'v' }), file('a')])),
      ['/a xattr 533']
    ],
    ['another PAX record', tar(Buffer.concat([pax({ comment: S }), file('a')])), ['/a header 523']],
    ['PAX records for all', tar(Buffer.concat([pax({ comment: S }, 'g'), file('a')])), ['/a header 0']],
    ['a user name', tar(file('a', 'x', { uname: S })), ['/a header 265']],
    ['padding', tar(file('b'), Buffer.concat([header({ name: 'a', size: 3 }), padded('abc', S)])), ['/a header 515']],
    [
      'both content and padding',
      tar(Buffer.concat([header({ size: 9 }), padded('a-secret-value'.slice(0, 9), S.slice(9))])),
      ['/file header 512']
    ],
    [
      'from header into content',
      tar(Buffer.concat([header({ raw: [[505, S.slice(0, 7)]], size: 7 }), padded(S.slice(7))])),
      ['/file header 505']
    ],
    ['behind the end', Buffer.concat([tar(file('a')), Buffer.from(S)]), ['/ header 1536']],
    ['across the end', Buffer.concat([tar(file('a')).subarray(0, 1530), Buffer.from(S)]), ['/ header 1530']],
    [
      'where nothing can be told apart any more',
      Buffer.concat([file('a'), Buffer.alloc(512, 'x'), Buffer.from(S)]),
      ['/ header 1024']
    ],
    ['an extension without its entry', Buffer.concat([pax({ path: S }), END]), ['/ header 520']]
  ])('%s', async (_title, archive, expected) => {
    expect(await hitsOf(archive)).toEqual(expected)
  })

  it('is in a name that stands in two fields', async () => {
    expect(await hitsOf(tar(file('value', '', { prefix: 'dir/secret' })), ['secret/value'])).toEqual([
      '/dir/secret/value name 0'
    ])
  })

  it('is told once an entry, part, secret and form', async () => {
    const entry = file(S, `${S}${S}`, { uname: S, prefix: S })
    expect(await hitsOf(tar(entry, entry), [S, 'another-secret'])).toEqual([
      `/${S}/${S} name 0`,
      `/${S}/${S} header 265`,
      `/${S}/${S} content 0`,
      `/${S}/${S} name 0`,
      `/${S}/${S} header 265`,
      `/${S}/${S} content 0`
    ])
  })
})

describe('archives in entries', () => {
  it.each([
    ['in one chunk', 'x', 1e6],
    ['over several', 'x', 100],
    ['behind other entries', 'x'.repeat(1000), 700]
  ])('are unpacked: %s', async (_title, before, size) => {
    const listener = listen([S])
    const archive = tar(file('b', before), file('a.gz', gzipSync(`12${S}`)), directory('d'), file('c', S))
    expect((await scanTar(listener, chunked(archive, [size]))).state).toBe('complete')
    expect(listener.hits.sort()).toEqual(['/a.gz! content 2', '/c content 0'])
    expect(listener.shortfalls).toEqual([])
  })

  it('are unpacked as far as they go when the archive is cut short', async () => {
    const listener = listen([S])
    const gz = gzipSync(`${S}${'xyz'.repeat(20)}`, { level: 0 })
    const archive = Buffer.concat([header({ name: 'a.gz', size: gz.length }), gz.subarray(0, 40)])
    expect((await scanTar(listener, [archive])).state).toBe('cut')
    expect(listener.hits).toContain('/a.gz! content 0')
    expect(listener.shortfalls).toHaveLength(1)
  })
})

describe('sparse files', () => {
  const sparse = (map: string, size: number, stored: Buffer | string): Buffer =>
    Buffer.concat([pax({ 'GNU.sparse.size': String(size), 'GNU.sparse.map': map }), file('s', stored)])

  it.each<[string, Buffer, (string | Buffer)[], string[]]>([
    ['stored in one piece', sparse('1000,14', 2000, S), [S], ['/s content 0']],
    [
      'with a hole in the secret',
      sparse('0,6,8,6', 14, 'abcdefghijkl'),
      [Buffer.from('abcdef\0\0ghijkl')],
      ['/s content 0']
    ],
    ['ending in a hole', sparse('9000,8', 10_000, 'secret-8'), [Buffer.from('secret-8\0\0')], ['/s content 9000']],
    ['starting in a hole', sparse('5000,8', 5008, 'secret-8'), [Buffer.from('\0\0secret-8')], ['/s content 4998']],
    [
      'version 1.0',
      Buffer.concat([
        pax({
          'GNU.sparse.major': '1',
          'GNU.sparse.minor': '0',
          'GNU.sparse.name': 'real',
          'GNU.sparse.realsize': '22'
        }),
        file('GNUSparseFile.0/s', Buffer.concat([padded('2\n0\n6\n16\n6\n'), Buffer.from('abcdefghijkl')]))
      ]),
      [Buffer.from('abcdef\0\0\0\0\0\0\0\0\0\0ghijkl')],
      ['/real content 0']
    ],
    [
      'version 0.0',
      Buffer.concat([
        pax([
          ['GNU.sparse.size', '14'],
          ['GNU.sparse.numblocks', '2'],
          ['GNU.sparse.offset', '0'],
          ['GNU.sparse.numbytes', '6'],
          ['GNU.sparse.offset', '8'],
          ['GNU.sparse.numbytes', '6']
        ]),
        file('s', 'abcdefghijkl')
      ]),
      [Buffer.from('abcdef\0\0ghijkl')],
      ['/s content 0']
    ]
  ])('are searched as they read: %s', async (_title, entry, secrets, expected) => {
    const listener = listen(secrets)
    for (const size of SIZES) {
      listener.hits.length = 0
      expect((await scanTar(listener, chunked(tar(entry, file('after')), [size]))).state).toBe('complete')
      expect(listener.hits).toEqual(expect.arrayContaining(expected))
    }
  })

  it('are unpacked', async () => {
    const gz = gzipSync(S, { level: 0 })
    const stored = Buffer.concat([gz.subarray(0, 20), gz.subarray(20)])
    for (const size of SIZES) {
      const listener = listen([S])
      const entry = sparse(`0,20,20,${gz.length - 20}`, gz.length + 5000, stored)
      await scanTar(listener, chunked(tar(entry), [size]))
      expect(listener.hits).toContain('/s! content 0')
      expect(listener.shortfalls).toEqual([])
    }
  })

  it('are a shortfall when they cannot be unpacked', async () => {
    const listener = listen([S], { zipBytes: 1000 })
    await scanTar(listener, [tar(sparse('0,20', 5000, gzipSync(S).subarray(0, 20)))])
    expect(listener.shortfalls).toEqual(['/s is a sparse archive of more than 0 MiB, or nested too deep'])
  })

  it.each([
    ['more than is stored', '0,20', 'abc'],
    ['less than is stored', '0,2', 'abc'],
    ['beyond the size', '99,3', 'abc'],
    ['out of order', '5,2,0,1', 'abc']
  ])('make the archive incomplete when the map says %s', async (_title, map, stored) => {
    const end = await scanTar(listen([S]), [tar(sparse(map, 50, stored))])
    expect(end).toEqual({ state: 'malformed', reason: 'a sparse file does not fit its map' })
  })
})

describe('against a naive search', () => {
  const secrets = ['abcdefgh', 'bcdefghi', 'zzzzzzzz']
  const needles = secrets.map((secret, index) => needle(index, secret))
  const base = tar(
    file('d/a', 'q'.repeat(700)),
    Buffer.concat([pax({ path: 'p'.repeat(120), 'SCHILY.xattr.user.a': 'v' }), file('p', 'r'.repeat(512))]),
    Buffer.concat([long('l'.repeat(200)), file('l', 'y')]),
    file('e', gzipSync('hello'))
  )

  it('no secret is missed, whatever the bytes and the chunks', async () => {
    const plant = fc.tuple(fc.constantFrom(...secrets), fc.nat(base.length))
    const noise = fc.tuple(
      fc.nat(255).map((byte) => String.fromCharCode(byte)),
      fc.nat(base.length)
    )
    const changes = fc.array(fc.oneof(plant, noise), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(changes, fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1 }), async (all, sizes) => {
        const bytes = Buffer.from(base)
        for (const [text, at] of all) bytes.write(text, at, 'latin1')
        const listener: Listener = listen(secrets)
        const told = new Set<number>()
        listener.context.sink.hit = ({ secret }) => told.add(secret)
        await scanTar(listener, chunked(bytes, sizes))
        const expected = new Set(naive(needles, bytes).map(({ secret }) => secret))
        expect([...told].sort()).toEqual([...expected].sort())
      }),
      { numRuns: 300 }
    )
  })

  it('the hits of an entry are those of its content', async () => {
    const contents = fc.array(fc.array(fc.constantFrom('abcdefgh', 'i', 'zzzz', '-'), { maxLength: 300 }), {
      maxLength: 6
    })
    await fc.assert(
      fc.asyncProperty(contents, fc.integer({ min: 1, max: 4000 }), async (texts, size) => {
        const files = texts.map((pieces) => Buffer.from(pieces.join('')))
        const listener = listen(secrets)
        await scanTar(listener, chunked(tar(...files.map((content, i) => file(`f${i}`, content))), [size]))
        const expected = files.flatMap((content, i) => {
          const first = new Map<number, number>()
          for (const { secret, start } of naive(needles, content)) if (!first.has(secret)) first.set(secret, start)
          return [...first.values()].map((start) => `/f${i} content ${start}`)
        })
        expect(listener.hits.filter((hit) => hit.includes('content')).sort()).toEqual(expected.sort())
      })
    )
  })
})
