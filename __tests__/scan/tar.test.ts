import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  linkSync,
  writeFileSync,
  writeSync,
  closeSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TarParser, type TarEnd, type TarRole } from '../../src/scan/tar.js'
import { textOf } from '../../src/scan/unpack-scope.js'
import { chunked, directory, END, file, header, long, pax, padded, tar } from './tar-support.js'

interface Entry {
  name: string
  type: string
  size: number
  link: string
  content: string
}

interface Parsed {
  entries: Entry[]
  end: TarEnd
  /** Roles of the bytes, run by run. */
  roles: string
}

/** Parses, and checks that every byte was told once, in order. */
function parse(chunks: readonly Buffer[]): Parsed {
  const entries: Entry[] = []
  const runs: [TarRole, number][] = []
  const told: Buffer[] = []
  const parser = new TarParser({
    bytes(role, chunk, from, to) {
      told.push(Buffer.from(chunk.subarray(from, to)))
      const last = runs.at(-1)
      if (last?.[0] === role) last[1] += to - from
      else runs.push([role, to - from])
      const entry = entries.at(-1)
      if (role === 'content' && entry !== undefined) entry.content += chunk.toString('latin1', from, to)
    },
    extension: () => undefined,
    entry({ name, linkname, type, size }) {
      entries.push({
        name: textOf(name),
        type: String.fromCharCode(type),
        size,
        link: textOf(linkname),
        content: ''
      })
    },
    entryEnd: () => undefined
  })
  for (const chunk of chunks) parser.write(chunk)
  const end = parser.end()
  expect(Buffer.concat(told).equals(Buffer.concat(chunks))).toBe(true)
  return { entries, end, roles: runs.map(([role, length]) => `${role} ${length}`).join(', ') }
}

const names = ({ entries }: Parsed): string[] => entries.map(({ name }) => name)
const COMPLETE = { state: 'complete', reason: null }
const because = (reason: string): TarEnd => ({ state: /empty|cut short/.test(reason) ? 'cut' : 'malformed', reason })

/** Sum of the bytes of that header as signed ones, the checksum's as blanks. */
const signed = header({ name: Buffer.from('\xff\xfe', 'latin1'), checksum: 0 })
  .fill(' ', 148, 156)
  .reduce((sum, byte) => sum + ((byte << 24) >> 24), 0)

describe('an archive in order', () => {
  it('tells entries, and the role of every byte', () => {
    const parsed = parse([tar(file('a', 'hello'), directory('d/'), pax({ path: 'long' }), file('b'))])
    expect(parsed.end).toEqual(COMPLETE)
    expect(parsed.entries).toEqual([
      { name: 'a', type: '0', size: 5, link: '', content: 'hello' },
      { name: 'd/', type: '5', size: 0, link: '', content: '' },
      { name: 'long', type: '0', size: 0, link: '', content: '' }
    ])
    expect(parsed.roles).toBe('header 512, content 5, padding 507, header 1024, extension 13, padding 499, header 1536')
  })

  it('takes zeros behind its end', () => {
    expect(parse([tar(file('a')), Buffer.alloc(9000)]).end).toEqual(COMPLETE)
    expect(parse([END]).end).toEqual(COMPLETE)
  })

  it.each<[string, Buffer, Partial<Entry>]>([
    ['a prefix', file('name', '', { prefix: 'some/folder' }), { name: 'some/folder/name' }],
    [
      'a full prefix and name',
      file('n'.repeat(100), '', { prefix: 'p'.repeat(155) }),
      { name: `${'p'.repeat(155)}/${'n'.repeat(100)}` }
    ],
    [
      'star’s shorter prefix',
      file('n', '', { prefix: 'p'.repeat(131), raw: [[508, 'tar\0']] }),
      { name: `${'p'.repeat(131)}/n` }
    ],
    [
      'GNU times where the prefix would be',
      file('n', '', { magic: 'ustar  \0', prefix: '14000000000' }),
      { name: 'n' }
    ],
    [
      'a prefix beside GNU’s magic, by old Go',
      file('n', '', { magic: 'ustar  \0', prefix: 'old/go' }),
      { name: 'old/go/n' }
    ],
    ['the oldest format', file('n', 'x', { magic: '', type: '\0' }), { name: 'n', type: '\0', size: 1 }],
    ['a directory of the oldest format', file('n/', '', { magic: '', type: '\0', size: 700 }), { type: '5', size: 0 }],
    ['a long name', Buffer.concat([long('l'.repeat(3000)), file('short')]), { name: 'l'.repeat(3000) }],
    [
      'a long link',
      Buffer.concat([long('l'.repeat(300), 'K'), file('n', '', { type: '2', linkname: 'l' })]),
      { link: 'l'.repeat(300) }
    ],
    [
      'both',
      Buffer.concat([long('l'.repeat(300), 'K'), long('name'), file('n', '', { type: '1' })]),
      { name: 'name', link: 'l'.repeat(300) }
    ],
    [
      'PAX path and linkpath',
      Buffer.concat([pax({ path: 'p\nq', linkpath: 'to' }), file('n', '', { type: '2' })]),
      { name: 'p\nq', link: 'to' }
    ],
    [
      'the last PAX record of a key',
      Buffer.concat([
        pax([
          ['path', 'one'],
          ['path', 'two']
        ]),
        file('n')
      ]),
      { name: 'two' }
    ],
    ['an empty PAX record', Buffer.concat([pax({ path: '' }), file('n')]), { name: 'n' }],
    ['PAX size', Buffer.concat([pax({ size: '3' }), header({ size: 0 }), padded('abc')]), { size: 3, content: 'abc' }],
    [
      'a size in base 256',
      Buffer.concat([header({ size: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]) }), padded('abc')]),
      { size: 3, content: 'abc' }
    ],
    ['a size with blanks', Buffer.concat([header({ size: Buffer.from('         3 \0') }), padded('abc')]), { size: 3 }],
    [
      'a checksum of signed bytes',
      file(Buffer.from('\xff\xfe', 'latin1'), '', { checksum: signed }),
      { name: '\\xff\\xfe' }
    ],
    ['a link with a size, which stores nothing', file('l', '', { type: '2', size: 900 }), { size: 0 }],
    ['a name that is no UTF-8', file(Buffer.from('a\xffb', 'latin1')), { name: 'a\\xffb' }],
    ['a name in UTF-8', file('naïve'), { name: 'naïve' }],
    ['an unknown type, which has content', file('v', 'abc', { type: 'V' }), { type: 'V', content: 'abc' }],
    [
      'global records, which change nothing',
      Buffer.concat([pax({ comment: 'c', path: 'p' }, 'g'), file('n')]),
      { name: 'n' }
    ]
  ])('reads %s', (_title, bytes, expected) => {
    const parsed = parse([tar(bytes, file('after'))])
    expect(parsed.end).toEqual(COMPLETE)
    expect(parsed.entries[0]).toMatchObject(expected)
    expect(names(parsed).at(-1)).toBe('after')
  })
})

describe('an archive that is not in order', () => {
  const oneHeader = header({ name: 'a', size: 600 })
  const badSum = Buffer.from(file('b'))
  badSum[0] = 0x63
  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'it is empty'],
    ['text', Buffer.from('<html>'.repeat(200)), 'a header with a wrong checksum'],
    ['a wrong checksum', tar(file('a'), badSum), 'a header with a wrong checksum'],
    ['no checksum', tar(file('a', '', { raw: [] }), header({}).fill('x', 148, 156)), 'a header with a wrong checksum'],
    ['no end', file('a', 'x'), 'it was cut short'],
    ['half an end', Buffer.concat([file('a', 'x'), Buffer.alloc(512)]), 'it was cut short'],
    ['content cut short', Buffer.concat([oneHeader, Buffer.alloc(400)]), 'it was cut short'],
    ['content that runs into nothing', tar(oneHeader).subarray(0, 1024), 'it was cut short'],
    [
      'one block of zeros in its middle',
      Buffer.concat([file('a'), Buffer.alloc(512), tar(file('b'))]),
      'a block of zeros is in its middle'
    ],
    [
      'something behind its end',
      Buffer.concat([tar(file('a')), Buffer.alloc(512), Buffer.from('x')]),
      'there is something behind its end'
    ],
    [
      'another archive behind its end',
      Buffer.concat([tar(file('a')), tar(file('b'))]),
      'there is something behind its end'
    ],
    ['a negative size', tar(header({ size: Buffer.alloc(12, 0xff) })), 'a size that is no number'],
    ['a size with letters', tar(header({ size: Buffer.from('0000000000x\0') })), 'a size that is no number'],
    [
      'a size above all bounds',
      tar(header({ size: Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0xff)]) })),
      'a size that is no number'
    ],
    ['a negative PAX size', tar(pax({ size: '-1' }), file('a')), 'a size that is no number'],
    ['a long name that is too long', tar(header({ type: 'L', size: 2 ** 21 })), 'a name or record that is too long'],
    ['a name without an entry', tar(long('name')), 'a name without its entry'],
    [
      'PAX records without a length',
      tar(file('x', 'path=a\n', { type: 'x' }), file('a')),
      'PAX records that cannot be read'
    ],
    [
      'PAX records that are too short',
      tar(file('x', '99 path=a\n', { type: 'x' }), file('a')),
      'PAX records that cannot be read'
    ],
    ['a PAX path with a NUL', tar(pax({ path: 'a\0b' }), file('a')), 'PAX records that cannot be read'],
    [
      'a size for all entries',
      tar(pax({ size: '0' }, 'g'), file('a')),
      'a size for all entries, which readers take differently'
    ],
    [
      'a sparse map of letters',
      tar(pax({ 'GNU.sparse.map': 'a,b', 'GNU.sparse.size': '9' }), file('a')),
      'a map of a sparse file that cannot be read'
    ],
    [
      'an old sparse map of letters',
      tar(file('a', '', { type: 'S', magic: 'ustar  \0', raw: [[386, 'xx']] })),
      'a map of a sparse file that cannot be read'
    ]
  ])('says so: %s', (_title, bytes, reason) => {
    expect(parse([bytes]).end).toEqual(because(reason))
    expect(parse(chunked(bytes, [1])).end).toEqual(because(reason))
  })
})

describe('whatever the chunks', () => {
  const archive = tar(
    directory('d/'),
    file('d/a', 'x'.repeat(1300)),
    Buffer.concat([long('l'.repeat(600)), file('d/l', 'y')]),
    Buffer.concat([pax({ path: 'p'.repeat(200), 'SCHILY.xattr.user.a': 'v' }), file('p', 'z'.repeat(512))]),
    file('d/s', '', { type: '2', linkname: 'd/a' })
  )
  const whole = parse([archive])

  it('tells the same', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1600 }), { minLength: 1 }), (sizes) => {
        expect(parse(chunked(archive, sizes))).toEqual(whole)
      })
    )
  })

  it('never takes a part for the whole', () => {
    expect(whole.end.state).toBe('complete')
    for (let length = 0; length < archive.length; length += 64) {
      expect(parse([archive.subarray(0, length)]).end.state).not.toBe('complete')
    }
  })

  it('neither throws nor hangs nor loses bytes when bytes are changed', () => {
    const change = fc.tuple(
      fc.nat(archive.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(0, 0x20, 0x30, 0x80, 0xff))
    )
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 3000 }),
        (changes, size) => {
          const bytes = Buffer.from(archive)
          for (const [at, value] of changes) bytes[at] = value
          parse(chunked(bytes, [size]))
        }
      ),
      { numRuns: 500 }
    )
  })

  it('takes bytes that are no archive at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        parse([Buffer.from(bytes)])
      })
    )
  })
})

describe('archives of GNU tar', () => {
  let folder = ''
  const run = (...args: string[]): Buffer =>
    execFileSync('tar', args, { cwd: folder, maxBuffer: 1e9, env: { ...process.env, LC_ALL: 'C.UTF-8' } })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tar-test-'))
    const deep = join('tree', 'd'.repeat(60), 'e'.repeat(60))
    mkdirSync(join(folder, deep), { recursive: true })
    writeFileSync(join(folder, 'tree/empty'), '')
    writeFileSync(join(folder, 'tree/small'), 'small')
    writeFileSync(join(folder, 'tree/block'), 'b'.repeat(1024))
    writeFileSync(join(folder, 'tree', 'f'.repeat(99)), 'f')
    writeFileSync(join(folder, deep, 'x'.repeat(90)), 'deep')
    writeFileSync(join(folder, 'tree/ümläut'), 'u')
    symlinkSync('small', join(folder, 'tree/link'))
    linkSync(join(folder, 'tree/small'), join(folder, 'tree/hard'))
    execFileSync('mkfifo', [join(folder, 'tree/fifo')])
    const sparse = openSync(join(folder, 'tree/sparse'), 'w')
    for (let piece = 0; piece < 12; piece++) writeSync(sparse, `piece ${piece}`, piece * 8192)
    closeSync(sparse)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['v7', ['--format=v7', '--exclude=d*', '--exclude=f*']],
    ['oldgnu', ['--format=oldgnu']],
    ['gnu', ['--format=gnu']],
    ['gnu, sparse', ['--format=gnu', '--sparse']],
    ['ustar', ['--format=ustar']],
    ['pax', ['--format=pax']],
    ['pax, sparse 0.0', ['--format=pax', '--sparse', '--sparse-version=0.0']],
    ['pax, sparse 0.1', ['--format=pax', '--sparse', '--sparse-version=0.1']],
    ['pax, sparse 1.0', ['--format=pax', '--sparse', '--sparse-version=1.0']]
  ])('are read as GNU tar reads them: %s', (_format, options) => {
    const archive = join(folder, 'archive.tar')
    run(...options, '--blocking-factor=1', '-cf', archive, 'tree')
    const bytes = readFileSync(archive)
    const parsed = parse(chunked(bytes, [777]))
    expect(parsed.end).toEqual(COMPLETE)
    const listed = run('--quoting-style=literal', '-tf', archive).toString().trimEnd().split('\n')
    expect(names(parsed)).toEqual(listed)
    for (const { name, type, size, content } of parsed.entries) {
      expect(content.length).toBe(size)
      if (type === '0' && name !== 'tree/sparse') {
        expect(content).toBe(run('-xOf', archive, '--no-wildcards', name).toString('latin1'))
      }
    }
    for (let length = 0; length < bytes.length; length += 512) {
      expect(parse([bytes.subarray(0, length)]).end.state).not.toBe('complete')
    }
  })
})
