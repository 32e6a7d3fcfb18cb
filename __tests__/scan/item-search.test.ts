import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ItemSearch } from '../../src/scan/item-search.js'
import { Matcher } from '../../src/scan/matcher.js'
import type { Match, Needle } from '../../src/scan/types.js'
import { naive, needle } from './support.js'

const letters = (min: number, max: number): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.constantFrom(0x61, 0x62), { minLength: min, maxLength: max, size: 'max' })
    .map((bytes) => Buffer.from(bytes))

/** Splits text into pieces of the given sizes, over and over. */
function chunksOf(text: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(text.subarray(at, at + size))
    at += size
  }
  return chunks
}

/** First occurrence of each secret, by naive search. */
function firsts(needles: readonly Needle[], text: Buffer): Match[] {
  const first = new Map<number, Match>()
  for (const { secret, start } of naive(needles, text)) {
    if (!first.has(secret)) first.set(secret, { secret, form: 'raw', offset: start })
  }
  return [...first.values()]
}

const bySecret = (matches: readonly Match[]): Match[] => [...matches].sort((a, b) => a.secret - b.secret)

describe('ItemSearch', () => {
  it('finds the same in any chunks, also when the chunk is overwritten after each push', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(letters(8, 40), { maxLength: 8 }), letters(0, 200), sizes, (values, text, chunkSizes) => {
        const needles = values.map((value, secret) => needle(secret, value))
        const search = new ItemSearch(new Matcher(needles))
        search.begin()
        const reused = Buffer.alloc(40)
        for (const chunk of chunksOf(text, chunkSizes)) {
          reused.fill(0x7a)
          chunk.copy(reused, 3)
          search.push(reused, 3, 3 + chunk.length)
          reused.fill(0x62)
        }
        expect(bySecret(search.end())).toEqual(bySecret(firsts(needles, text)))
      }),
      { numRuns: 1000 }
    )
  })

  it('starts every item anew', () => {
    const search = new ItemSearch(new Matcher([needle(0, 'correct horse')]))
    search.begin()
    search.push(Buffer.from('...correct ho'))
    expect(search.end()).toEqual([])
    search.begin()
    search.push(Buffer.from('rse correct horse'))
    expect(search.end()).toEqual([{ secret: 0, form: 'raw', offset: 4 }])
    search.begin()
    expect(search.end()).toEqual([])
  })

  it('keeps the first offset of each form', () => {
    const needles: Needle[] = [needle(0, 'aaaaaaaa'), { secret: 0, form: 'hex', bytes: Buffer.from('bbbbbbbb') }]
    const search = new ItemSearch(new Matcher(needles))
    search.begin()
    search.push(Buffer.from('--bbbbbbbb-aaaaaaaa-aaaaaaaa-bbbbbbbb'))
    expect(search.end()).toEqual([
      { secret: 0, form: 'hex', offset: 2 },
      { secret: 0, form: 'raw', offset: 11 }
    ])
  })

  it('takes empty chunks and items', () => {
    const search = new ItemSearch(new Matcher([]))
    search.begin()
    search.push(Buffer.alloc(0))
    search.push(Buffer.from('text'))
    expect(search.end()).toEqual([])
  })
})
