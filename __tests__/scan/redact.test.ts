import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Matcher } from '../../src/scan/matcher.js'
import { escapeForeign, redact } from '../../src/scan/redact.js'
import { needle } from './support.js'

describe('redact', () => {
  const matcher = new Matcher([needle(0, 'correct horse'), needle(1, 'horse battery'), needle(2, 'pässwörter')])

  it('replaces each match, and matches that overlap or touch by one word', () => {
    expect(redact('a correct horse b', matcher)).toBe('a [secret] b')
    expect(redact('correct horse battery', matcher)).toBe('[secret]')
    expect(redact('correct horsecorrect horse, correct horse', matcher)).toBe('[secret], [secret]')
  })

  it('leaves other text as it is', () => {
    expect(redact('', matcher)).toBe('')
    expect(redact('correct \ud800 hörse', matcher)).toBe('correct \ud800 hörse')
  })

  it('finds text beyond ASCII, also where each character stands for one byte', () => {
    expect(redact('…pässwörter…', matcher)).toBe('…[secret]…')
    expect(redact(Buffer.from('/ä/pässwörter/').toString('latin1'), matcher)).toBe(
      `${Buffer.from('/ä/').toString('latin1')}[secret]/`
    )
  })

  it('never lets a needle through', () => {
    const pieces = fc.array(fc.constantFrom('correct horse', ' battery', 'pässwörter', '\u{202e}', 'x', 'hor'))
    fc.assert(
      fc.property(pieces, (words) => {
        const shown = redact(words.join(''), matcher)
        expect(shown).not.toMatch(/correct horse|horse battery|pässwörter/)
      })
    )
  })
})

/** The two ways in which the runner finds a command in a line, after its ActionCommand.cs. */
function readsCommand(output: string): boolean {
  return output.split(/\r\n|\r|\n/).some((line) => line.includes('##[') || line.trimStart().startsWith('::'))
}

describe('escapeForeign', () => {
  it.each([
    ['plain /app/tmp:1', 'plain /app/tmp:1'],
    ['a\nb\r\0\x1b[31m\x7f', 'a\\x0ab\\x0d\\x00\\x1b[31m\\x7f'],
    ['é€\u{202e}😀\ud800', '\\xe9\\u{20ac}\\u{202e}\\u{1f600}\\u{d800}'],
    ['::error::x', '\\x3a:error::x'],
    ['  \t::error::x', '  \\x09\\x3a:error::x'],
    ['a::b', 'a::b'],
    ['x ##[add-mask]y', 'x ##\\[add-mask]y'],
    ['', '']
  ])('%j becomes %s', (text, shown) => {
    expect(escapeForeign(text)).toBe(shown)
  })

  it('cuts between characters', () => {
    expect(escapeForeign('abcdef', 6)).toBe('abcdef')
    expect(escapeForeign('abcdefg', 6)).toBe('abcde…')
    expect(escapeForeign('abcd\n', 6)).toBe('abcd…')
    expect(escapeForeign('ab\n', 6)).toBe('ab\\x0a')
    expect(escapeForeign('x'.repeat(1000))).toHaveLength(200)
  })

  it('gives short printable text that no runner reads as a command, alone or behind our own words', () => {
    const parts = fc.array(
      fc.oneof(fc.constantFrom('::', ':', '##', '#', '[', ' ', '\r', '\n', '\u{2028}'), fc.string({ unit: 'binary' }))
    )
    fc.assert(
      fc.property(parts, fc.integer({ min: 8, max: 300 }), (words, max) => {
        const shown = escapeForeign(words.join(''), max)
        expect(shown).toMatch(/^[ -~]*…?$/)
        expect(shown.length).toBeLessThanOrEqual(max)
        for (const line of [shown, ` ${shown}: text`, `#${shown}`]) expect(readsCommand(line)).toBe(false)
      }),
      { numRuns: 3000 }
    )
  })
})
