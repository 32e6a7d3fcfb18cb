import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Matcher } from '../../src/scan/matcher.js'
import type { Needle } from '../../src/scan/types.js'
import { found, naive, needle } from './support.js'

/** Few letters, so that needles overlap, contain each other and repeat. */
const letters = (min: number, max: number): fc.Arbitrary<Buffer> =>
  fc.array(fc.constantFrom(0x61, 0x62), { minLength: min, maxLength: max }).map((bytes) => Buffer.from(bytes))

describe('Matcher', () => {
  it('finds every occurrence of every needle, as a naive search does', () => {
    fc.assert(
      fc.property(fc.array(letters(8, 40), { maxLength: 12 }), letters(0, 300), (values, text) => {
        const needles = values.map((value, secret) => needle(secret, value))
        expect(found(new Matcher(needles), text)).toEqual(naive(needles, text))
      }),
      { numRuns: 2000 }
    )
  })

  it('looks only at the range it was given, wherever that lies in the memory behind it', () => {
    fc.assert(
      fc.property(letters(8, 12), letters(20, 80), fc.nat(20), fc.nat(60), (value, text, from, length) => {
        const needles = [needle(0, value)]
        const to = Math.min(text.length, from + length)
        const inside = naive(needles, text.subarray(from, to)).map(({ start, ...rest }) => ({
          ...rest,
          start: start + from
        }))
        expect(found(new Matcher(needles), text, from, to)).toEqual(inside)
      }),
      { numRuns: 2000 }
    )
  })

  it('reports one byte string for each secret that has it', () => {
    const needles: Needle[] = [needle(3, 'correct horse'), needle(5, 'correct horse')]
    expect(found(new Matcher(needles), Buffer.from('..correct horse..'))).toEqual([
      { secret: 3, start: 2, length: 13 },
      { secret: 5, start: 2, length: 13 }
    ])
  })

  it('finds nothing without needles', () => {
    const matcher = new Matcher([])
    expect(matcher.longest).toBe(0)
    expect(matcher.has(Buffer.from('anything at all'))).toBe(false)
  })

  it('says how long the longest needle is', () => {
    expect(new Matcher([needle(0, '12345678'), needle(0, '123456789')]).longest).toBe(9)
  })

  it('refuses a needle that would be found by chance', () => {
    expect(() => new Matcher([needle(0, '1234567')])).toThrow(RangeError)
  })
})
