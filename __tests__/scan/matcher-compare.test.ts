import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LongCompare } from '../../src/scan/matcher-compare.js'

const letters = (min: number, max: number): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.constantFrom(0x61, 0x62), { minLength: min, maxLength: max, size: 'max' })
    .map((bytes) => Buffer.from(bytes))

describe('LongCompare', () => {
  it('answers as a plain comparison does, at any starts in any order', () => {
    const run = fc
      .tuple(letters(1, 6), fc.integer({ min: 1, max: 8 }))
      .map(([unit, times]) => Buffer.concat(Array<Buffer>(times).fill(unit)))
    fc.assert(
      fc.property(run, fc.array(run), fc.array(fc.nat(200)), fc.boolean(), (needle, runs, starts, sorted) => {
        const text = Buffer.concat([...runs, needle, needle.subarray(1)])
        const compare = new LongCompare(needle)
        const inText = starts.map((start) => start % (text.length - needle.length + 1))
        if (sorted) inText.sort((a, b) => a - b)
        inText.forEach((start, i) => {
          const same = text.subarray(start, start + needle.length).equals(needle)
          expect(compare.at(text, start, i < 100 ? 1 : 2)).toBe(same)
        })
      }),
      { numRuns: 5000 }
    )
  })

  it('forgets one text when the next is searched', () => {
    const compare = new LongCompare(Buffer.from('aaaaaaab'))
    expect(compare.at(Buffer.from('aaaaaaaab'), 0, 1)).toBe(false)
    expect(compare.at(Buffer.from('aaaaaaaab'), 1, 1)).toBe(true)
    expect(compare.at(Buffer.from('bbaaaaaaab'), 2, 2)).toBe(true)
  })

  it('reads each byte of repeating text once', () => {
    const length = 65_536
    const middle = Buffer.alloc(length, 'a')
    middle[length / 2] = 0x62
    for (const needle of [Buffer.alloc(length, 'a'), middle]) {
      const text = Buffer.alloc(2 ** 21, 'a')
      const compare = new LongCompare(needle)
      const start = performance.now()
      let found = 0
      for (let at = 0; at + length <= text.length; at++) if (compare.at(text, at, 1)) found++
      expect(found).toBe(needle === middle ? 0 : text.length - length + 1)
      expect(performance.now() - start).toBeLessThan(2000)
    }
  })
})
