import { closeSync, fstatSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Collector } from '../../src/reader/collector.js'
import { absoluteDirs, basesOf } from '../../src/reader/layer-dirs.js'
import { MOST_HITS, MOST_SHORTFALLS } from '../../src/reader/protocol.js'
import { fromWire, toWire } from '../../src/reader/needles.js'
import { dataRanges } from '../../src/reader/sparse.js'
import { shown, shownClean } from '../../src/reader/text.js'
import { XattrFields, type Attribute } from '../../src/reader/xattr-fields.js'
import { Matcher } from '../../src/scan/matcher.js'
import { directory, make, needle, SECRET } from '../scan/walk-support.js'

const hit = { secret: 0, form: 'raw', part: 'content', offset: 5, path: 'a' } as const

describe('Collector', () => {
  it('keeps one of each, with the lowest offset', () => {
    const collector = new Collector()
    collector.hit(1, { ...hit })
    collector.hit(1, { ...hit, offset: 3 })
    collector.hit(1, { ...hit, offset: 9 })
    collector.hit(2, { ...hit })
    collector.hit(1, { ...hit, part: 'name' })
    expect(collector.hits.map((each) => [each.key, each.part, each.offset])).toEqual([
      [1, 'content', 3],
      [2, 'content', 5],
      [1, 'name', 5]
    ])
  })

  it('counts what it has no room for, also from other threads', () => {
    const [collector, other] = [new Collector(), new Collector()]
    for (let index = 0; index < MOST_HITS + 3; index++) collector.hit(0, { ...hit, path: String(index) })
    for (let index = 0; index < MOST_SHORTFALLS + 2; index++) other.shortfall(0, 'x', 'r')
    other.hit(1, { ...hit })
    other.count(2, 30)
    collector.add(other.gathered())
    const totals = collector.totals((path) => path)
    expect(totals).toMatchObject({ items: 2, bytes: 30, dropped: 4, moreShortfalls: 2 })
    expect(totals.shortfalls.length).toBe(MOST_SHORTFALLS)
    expect(collector.hits.length).toBe(MOST_HITS)
  })
})

describe('text', () => {
  it('shows UTF-8 as it is, and other bytes by their numbers', () => {
    expect(shown(Buffer.from('é–x').toString('latin1'))).toBe('é–x')
    expect(shown('a\xff\xe9b')).toBe('a\\xff\\xe9b')
  })

  it('takes the secret out before bytes are rewritten', () => {
    const odd = Buffer.from([0x73, 0xff, 0x65, 0x63, 0x72, 0x65, 0x74, 0xfe, 0x21])
    const matcher = new Matcher([needle(), { secret: 1, form: 'raw', bytes: odd }, needle('gehëimnis', 2)])
    expect(shownClean(`a/${odd.toString('latin1')}/b`, matcher)).toBe('a/[secret]/b')
    expect(shownClean(Buffer.from('é/gehëimnis').toString('latin1'), matcher)).toBe('é/[secret]')
    expect(shownClean('plain', matcher)).toBe('plain')
  })
})

describe('needles', () => {
  it('survive the wire byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8 }), (bytes) => {
        expect(fromWire(toWire([{ secret: 3, form: 'hex', bytes }]))).toEqual([
          { secret: 3, form: 'hex', bytes: Buffer.from(bytes) }
        ])
      })
    )
  })
})

describe('dataRanges', () => {
  it('finds the data between holes', () => {
    const fd = openSync(join(directory(), 'sparse'), 'w+')
    const size = 1024 ** 3
    ftruncateSync(fd, size)
    writeSync(fd, SECRET, 512 * 1024 * 1024)
    const ranges = dataRanges(fd, size)
    const before = fstatSync(fd).size
    closeSync(fd)
    expect(before).toBe(size)
    expect(ranges.length).toBe(1)
    expect(ranges[0]?.from).toBeLessThanOrEqual(512 * 1024 * 1024)
    expect(ranges[0]?.to).toBeGreaterThanOrEqual(512 * 1024 * 1024 + SECRET.length)
    expect((ranges[0]?.to ?? 0) - (ranges[0]?.from ?? 0)).toBeLessThan(1024 * 1024)
  })

  it('finds none in a hole, and all of a full file', () => {
    const path = directory()
    const hole = openSync(join(path, 'hole'), 'w+')
    ftruncateSync(hole, 1024 ** 3)
    expect(dataRanges(hole, 1024 ** 3)).toEqual([])
    closeSync(hole)
    writeFileSync(join(path, 'full'), Buffer.alloc(10_000, 1))
    const full = openSync(join(path, 'full'), 'r')
    expect(dataRanges(full, 10_000)).toEqual([{ from: 0, to: 10_000 }])
    closeSync(full)
  })
})

describe('XattrFields', () => {
  const output = Buffer.concat([
    Buffer.from('3\0a/\xff\0user.x\0', 'latin1'),
    Buffer.from(Buffer.from(SECRET).toString('hex')),
    Buffer.from('\x004\0b\0!\x0013\0end\0')
  ])

  it('reads the same however the output is cut', () => {
    for (let at = 0; at <= output.length; at++) {
      const seen: Attribute[] = []
      const fields = new XattrFields((attribute) => seen.push(attribute))
      fields.push(output.subarray(0, at))
      fields.push(output.subarray(at))
      expect(fields.ended).toBe(true)
      expect(seen).toEqual([
        { key: 3, path: 'a/\xff', name: Buffer.from('user.x'), value: Buffer.from(SECRET) },
        { key: 4, path: 'b', name: Buffer.from('13'), value: null }
      ])
    }
  })

  it('does not take an output without its end for a whole one', () => {
    for (let at = 0; at < output.length; at++) {
      const fields = new XattrFields(() => undefined)
      fields.push(output.subarray(0, at))
      expect(fields.ended).toBe(false)
    }
  })
})

describe('layer directories', () => {
  it('are found by the bases, symlinks resolved, or not at all', () => {
    const path = make(directory(), { l: { A: { link: '../id/diff' } }, id: { diff: {}, merged: {} } })
    const dirs = { lower: ['l/A'], upper: 'id/diff' }
    const bases = basesOf(dirs, { merged: join(path, 'id/merged'), dataRoot: '/nothing' })
    expect(absoluteDirs(['l/A', join(path, 'id/diff')], bases)).toEqual([join(path, 'id/diff'), join(path, 'id/diff')])
    expect(absoluteDirs(['l/A', 'l/B'], bases)).toBeNull()
    expect(absoluteDirs(['l/A'], basesOf(dirs, { merged: null, dataRoot: '/nothing' }))).toBeNull()
  })
})
