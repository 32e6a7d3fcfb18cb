import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Matcher } from '../../src/scan/matcher.js'
import type { Needle } from '../../src/scan/types.js'
import { found, naive, needle } from './support.js'

/** Few letters, so that needles overlap, contain each other and repeat. */
const letters = (min: number, max: number): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.constantFrom(0x61, 0x62), { minLength: min, maxLength: max, size: 'max' })
    .map((bytes) => Buffer.from(bytes))

describe('Matcher', () => {
  it('finds every occurrence of every needle, as a naive search does', () => {
    fc.assert(
      fc.property(fc.array(letters(8, 40), { maxLength: 12 }), letters(0, 300), (values, text) => {
        const needles = values.map((value, secret) => needle(secret, value))
        expect(found(new Matcher(needles), text)).toEqual(naive(needles, text))
      }),
      { numRuns: 1000 }
    )
  })

  it('finds as well when all needles are long, and the stride is wide', () => {
    for (const shortest of [11, 12, 15, 16, 19, 30]) {
      fc.assert(
        fc.property(
          fc.array(letters(shortest, 50), { minLength: 1, maxLength: 5 }),
          letters(0, 200),
          (values, text) => {
            const whole = Buffer.concat([text, ...values, text])
            const needles = values.map((value, secret) => needle(secret, value))
            expect(found(new Matcher(needles), whole)).toEqual(naive(needles, whole))
          }
        ),
        { numRuns: 300 }
      )
    }
  })

  it('finds needles at every offset of every alignment, up to both ends of the memory', () => {
    for (const length of [8, 9, 11, 14, 15, 18, 19, 20, 33]) {
      const value = Buffer.from(Array.from({ length }, (_, i) => 65 + i))
      const matcher = new Matcher([needle(0, value)])
      for (const size of [length, length + 1, length + 2, length + 3, length + 21]) {
        for (let start = 0; start + length <= size; start++) {
          const memory = new Uint8Array(size)
          memory.set(value, start)
          expect(found(matcher, memory)).toEqual([{ secret: 0, start, length }])
        }
      }
    }
  })

  it('finds among thousands of needles', () => {
    const values = Array.from({ length: 5000 }, (_, i) =>
      createHash('sha256')
        .update(String(i))
        .digest('hex')
        .slice(0, 8 + (i % 40))
    )
    const matcher = new Matcher(values.map((value, secret) => needle(secret, value)))
    const text = Buffer.from(values.map((value) => `-${value}`).join(''))
    const all = new Set<number>()
    matcher.search(text, 0, text.length, ({ secret }, start) => {
      expect(text.subarray(start, start + (values[secret] ?? '').length).toString()).toBe(values[secret])
      all.add(secret)
    })
    expect(all.size).toBe(values.length)
  })

  it('sees a memory anew that has grown', () => {
    const memory = new ArrayBuffer(16, { maxByteLength: 64 })
    const matcher = new Matcher([needle(0, 'correct horse')])
    expect(matcher.has(new Uint8Array(memory))).toBe(false)
    memory.resize(40)
    new Uint8Array(memory).set(Buffer.from('correct horse'), 20)
    expect(found(matcher, new Uint8Array(memory))).toEqual([{ secret: 0, start: 20, length: 13 }])
  })

  it.each([
    ['one needle of one byte', [Buffer.alloc(65_536, 'a')]],
    ['its end differs', [Buffer.concat([Buffer.alloc(65_535, 'a'), Buffer.from('b')])]],
    ['its middle differs', [Buffer.concat([Buffer.alloc(32_768, 'a'), Buffer.from('b'), Buffer.alloc(32_767, 'a')])]],
    ['many that begin alike', Array.from({ length: 1000 }, (_, i) => Buffer.from(`${'a'.repeat(100)}${i}`))],
    ['many that end alike', Array.from({ length: 1000 }, (_, i) => Buffer.from(`${i}${'a'.repeat(100)}`))],
    [
      'many alike but for the middle',
      Array.from({ length: 1000 }, (_, i) => Buffer.from(`${'a'.repeat(500)}${i}${'a'.repeat(500)}`))
    ]
  ])('takes no longer for a text that repeats itself: %s', (_, values) => {
    const matcher = new Matcher(values.map((value, secret) => needle(secret, value)))
    const text = Buffer.alloc(2 ** 20, 'a')
    let matches = 0
    const start = performance.now()
    matcher.search(text, 0, text.length, () => matches++)
    expect(performance.now() - start).toBeLessThan(2000)
    expect(matches).toBe(values[0]?.includes('b') === true || values.length > 1 ? 0 : text.length - 65_535)
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
      { numRuns: 1000 }
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
