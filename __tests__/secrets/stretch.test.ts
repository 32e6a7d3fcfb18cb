import { describe, expect, it } from '@jest/globals'
import { mostTelling } from '../../src/secrets/stretch.js'

const at = (text: string, width: number): string => {
  const start = mostTelling(Buffer.from(text, 'latin1'), width)
  return text.slice(start, start + width)
}

describe('mostTelling', () => {
  it.each([
    ['some words k1L2m3N4 and more words', 8, 'k1L2m3N4'],
    ['CamelCaseWordsInARow a8$x', 4, 'a8$x'],
    ['abc\nk1L2\nm3N4p5Q6\nxyz', 8, 'm3N4p5Q6'],
    ['\0\0\0\0\xf1\x82\xe3\x94\0\0\0\0', 4, '\xf1\x82\xe3\x94'],
    ['a1a1-b2b2-', 4, 'b2b2'],
    ['12345678', 8, '12345678']
  ])('of %j, %i bytes, is %j', (text, width, stretch) => {
    expect(at(text, width)).toBe(stretch)
  })

  it('holds no newline where that can be', () => {
    expect(at('a1b2c\nplainwords\nd3e4f', 10)).toBe('plainwords')
  })
})
