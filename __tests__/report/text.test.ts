import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { block, code, oneLine, prose, repositoryPath, severalLines } from '../../src/report/text.js'
import { HOSTILE } from './support.js'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(...HOSTILE),
  fc.string({ maxLength: 400 })
)
const COMMAND = /^\s*::|##\[/

describe('oneLine', () => {
  it.each([
    ['plain /a/b_c.txt, 100 %', 'plain /a/b_c.txt, 100 %'],
    ['Größe 大きさ', 'Größe 大きさ'],
    ['a\nb\r\t', 'a\\x0ab\\x0d\\x09'],
    ['\u001b[31m', '\\x1b[31m'],
    ['\u202eb\u200b', '\\u{202e}b\\u{200b}'],
    ['a\u00a0b', 'a\\xa0b'],
    ['::error::x', '\\x3a:error::x'],
    ['  ::error', '  \\x3a:error'],
    ['a ##[error]', 'a ##\\[error]'],
    ['\ud83d\ude00', '\ud83d\ude00'],
    ['\ud83d', '\\u{d83d}']
  ])('%j', (given, expected) => {
    expect(oneLine(given)).toBe(expected)
  })

  it('cuts with a sign, and not through a character', () => {
    expect(oneLine('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`)
    expect(oneLine('x'.repeat(10), 10)).toBe('x'.repeat(10))
    expect(oneLine(`xxxxxxxx\ud83d\ude00x`, 10)).toBe('xxxxxxxx…')
  })

  it('is one harmless line, whatever comes', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 300 }), (given, max) => {
        const shown = oneLine(given, max)
        expect(shown.length).toBeLessThanOrEqual(max)
        expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        expect(shown).not.toMatch(COMMAND)
      })
    )
  })

  it('leaves alone what it made', () => {
    fc.assert(
      fc.property(text, (given) => {
        const once = oneLine(given, 10_000)
        expect(oneLine(once, 10_000)).toBe(once)
      })
    )
  })
})

describe('code', () => {
  it.each([
    ['/app/my_file.txt', '`/app/my_file.txt`'],
    ['a`b|c<d', '`a\\x60b\\x7cc\\x3cd`'],
    ['', '(empty)'],
    ['  ', '(blank)']
  ])('%j', (given, expected) => {
    expect(code(given)).toBe(expected)
  })

  it('cannot be left', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(code(given)).toMatch(/^(`[^`|<\n]+`|\(empty\)|\(blank\))$/)
      })
    )
  })
})

describe('prose', () => {
  it.each([
    ['A plain sentence: db_password is in /app/tmp, twice.', 'A plain sentence: db_password is in /app/tmp, twice.'],
    ['say `docker run` now', 'say `docker run` now'],
    ['one ` alone', 'one &#96; alone'],
    ['`a|b` | <b>', '`a\\x7cb` &#124; &lt;b&gt;'],
    ['__init__', '&#95;&#95;init&#95;&#95;'],
    ['[x](http://y) www.z', '&#91;x&#93;(http&#58;//y) www&#46;z'],
    ['@octocat #12 5*3', '&#64;octocat &#35;12 5&#42;3'],
    ['``', '&#96;&#96;'],
    ['# a', '&#35; a'],
    ['   - a', '&#45; a'],
    ['1. a', '1&#46; a'],
    ['28.0.4', '28.0.4']
  ])('%j', (given, expected) => {
    expect(prose(given)).toBe(expected)
  })

  it('holds no markup but its own code spans', () => {
    fc.assert(
      fc.property(text, (given) => {
        const shown = prose(given)
        expect(shown.replace(/`[^`|<\n]+`/g, '')).not.toMatch(/[<>`|[\]*~@\n]|:\/\//)
      })
    )
  })
})

describe('block', () => {
  it('has a fence longer than any inside, and names the language', () => {
    expect(block('RUN x')).toBe('```dockerfile\nRUN x\n```')
    expect(block('# say\ntmpfs: /a\n')).toBe('```yaml\n# say\ntmpfs: /a\n```')
    expect(block('docker run x')).toBe('```sh\ndocker run x\n```')
    expect(block('x\n````\ny')).toBe('`````\nx\n````\ny\n`````')
  })

  it('cannot be left, and none of its lines is a command', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (given) => {
        const lines = block(given.join('\n')).split('\n')
        const fence = lines.at(-1) ?? ''
        expect(lines[0]).toMatch(new RegExp(`^${fence}[a-z]*$`))
        for (const line of lines.slice(1, -1)) {
          expect(line).not.toContain(fence)
          expect(line).not.toMatch(COMMAND)
        }
      })
    )
  })
})

describe('severalLines', () => {
  it('keeps to the size in all', () => {
    const lines = severalLines(`${'x'.repeat(50)}\n`.repeat(10), 120)
    expect(lines.join('\n').length).toBeLessThanOrEqual(122)
    expect(lines.at(-1)).toMatch(/…$/)
    expect(severalLines('a\r\nb\n\tc', 100)).toEqual(['a', 'b', '  c'])
  })
})

describe('repositoryPath', () => {
  it.each([
    ['Dockerfile', 'Dockerfile'],
    ['a b/Größe.txt', 'a b/Größe.txt'],
    ['/etc/passwd', null],
    ['../x', null],
    ['a/../x', null],
    ['', null],
    ['a\nb', null],
    ['::error::', null],
    ['x##[error]', null],
    ['\u202ex', null]
  ])('%j', (given, expected) => {
    expect(repositoryPath(given)).toBe(expected)
  })
})
