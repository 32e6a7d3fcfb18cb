import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { durationMs, parseDuration } from '../../src/inputs/duration.js'
import { parseIgnore } from '../../src/inputs/ignore.js'
import { parseNameValues } from '../../src/inputs/name-value.js'
import { choice, parseBoolean, parseWords } from '../../src/inputs/scalar.js'
import { parseMemory, sizeBytes } from '../../src/inputs/size.js'
import { editDistance, nearest } from '../../src/inputs/suggest.js'
import { parseLine, parseNames, parseNetwork, parsePlatform, parseTarget, parseUser } from '../../src/inputs/text.js'
import { parseWaitFor } from '../../src/inputs/wait-for.js'
import { yamlLine } from '../../src/inputs/problems.js'
import type { Parser } from '../../src/inputs/scalar.js'
import { parse, problemsOf } from './helpers.js'

const good = (parser: Parser<unknown>, text: string): unknown => {
  const { value, messages } = parse(parser, text)
  expect(messages).toEqual([])
  return value
}
const bad = (parser: Parser<unknown>, text: string): string => {
  const { value, messages } = parse(parser, text)
  expect(value).toBeNull()
  expect(messages).not.toEqual([])
  return messages.join('\n')
}

describe('a boolean', () => {
  it.each(['true', 'True', 'TRUE', ' true\n'])('%j is true', (text) => {
    expect(good(parseBoolean, text)).toBe(true)
  })
  it.each(['false', 'False', 'FALSE'])('%j is false', (text) => {
    expect(good(parseBoolean, text)).toBe(false)
  })
  it.each(['yes', 'no', '1', '0', 'on', 'tRue', 'null', 'true false', '[]'])('%j is refused', (text) => {
    bad(parseBoolean, text)
  })
  it('is suggested in the sense that was meant', () => {
    expect(problemsOf({ tmpfs: '/t', summary: 'no' })[0]?.yaml).toBe('summary: false')
    expect(problemsOf({ tmpfs: '/t', summary: 'yes' })[0]?.yaml).toBe('summary: true')
  })
})

describe('a choice', () => {
  const parser = choice(['file', 'env', 'none'])
  it('is taken', () => {
    expect(good(parser, ' env ')).toBe('env')
  })
  it.each(['ENV', 'fil', 'tmpfs', 'file,env', '__proto__'])('%j is refused', (text) => {
    expect(bad(parser, text)).toMatch(/one of `file`, `env`, `none`/)
  })
  it('tells what was meant', () => {
    expect(bad(parser, 'fille')).toMatch(/Did you mean `file`/)
  })
})

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1h30m5s', 5_405_000],
    ['500ms', 500],
    ['24h', 86_400_000]
  ])('%s is %d ms', (text, ms) => {
    expect(good(parseDuration, text)).toBe(ms)
  })
  it.each(['0s', '90', '-5s', '5 s', '1.5m', '2m1h', '25h', 's', '5d', '1e3s', '999999999999h', 'five minutes'])(
    '%j is refused',
    (text) => {
      bad(parseDuration, text)
    }
  )
  it('as a number alone is refused with the line to paste', () => {
    expect(problemsOf({ tmpfs: '/t', timeout: '90' })[0]).toMatchObject({ received: '90', yaml: 'timeout: 90s' })
  })
  it('is read back from any whole number of seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), (seconds) => {
        expect(durationMs(`${seconds}s`)).toBe(seconds * 1000)
        expect(durationMs(`${Math.floor(seconds / 60)}m${seconds % 60}s`)).toBe(seconds * 1000)
      })
    )
  })
})

describe('a size', () => {
  it.each([
    ['16384', 16384],
    ['16k', 16384],
    ['16K', 16384],
    ['16kb', 16384],
    ['16KiB', 16384],
    ['1b', 1],
    ['2g', 2 ** 31],
    ['1T', 2 ** 40],
    ['0', 0]
  ])('%s is %d bytes', (text, bytes) => {
    expect(sizeBytes(text)).toBe(bytes)
  })
  it.each(['', '-1', '1x', '1.5g', '16 k', '0x10', '1e3', 'k', '99999999999999T', '10%', '1ib', '１k'])(
    '%j is none',
    (text) => {
      expect(sizeBytes(text)).toBeNull()
    }
  )
  it('of memory is at least what Docker needs', () => {
    expect(good(parseMemory, '6m')).toBe(6 * 2 ** 20)
    expect(bad(parseMemory, '5m')).toMatch(/6m/)
    expect(bad(parseMemory, '256')).toMatch(/6m/)
    expect(bad(parseMemory, '-1')).toMatch(/whole number/)
  })
})

describe('wait-for', () => {
  it.each([
    ['settled', { kind: 'settled' }],
    ['healthy', { kind: 'healthy' }],
    ['file:/app/tmp/ready', { kind: 'file', path: '/app/tmp/ready' }],
    ['file:/app//tmp/../x', { kind: 'file', path: '/app/x' }],
    ['log:listening on :80', { kind: 'log', text: 'listening on :80' }],
    ['5s', { kind: 'time', ms: 5000 }]
  ])('%s is taken', (text, expected) => {
    expect(good(parseWaitFor, text)).toEqual(expected)
  })
  it.each(['5', 'setled', 'file:', 'file:ready', 'file:/a/', 'log:', 'log: ', 'ready', '0s', 'Healthy'])(
    '%s is refused',
    (text) => {
      bad(parseWaitFor, text)
    }
  )
})

describe('ignore', () => {
  it.each([
    [
      'mount-mode # the base image is not ours',
      { rule: 'mount-mode', glob: null, until: null, reason: 'the base image is not ours' }
    ],
    [
      'secret-in-layer /app/*.pem until=2026-11-24 # a test key',
      { rule: 'secret-in-layer', glob: '/app/*.pem', until: '2026-11-24', reason: 'a test key' }
    ],
    [
      'mount-size until=2030-02-28 /a#b # x # y',
      { rule: 'mount-size', glob: '/a#b', until: '2030-02-28', reason: 'x # y' }
    ]
  ])('%s is taken', (text, expected) => {
    expect(good(parseIgnore, text)).toEqual([expected])
  })
  it.each([
    ['mount-mode', /reason/],
    ['mount-mode #', /reason/],
    ['mount-mode#x', /no rule/],
    ['# only a comment', /no rule/],
    ['mount-mod # x', /mount-mode/],
    ['TC103 # x', /Rules: /],
    ['* # x', /Rules: /],
    ['toString # x', /no rule/],
    ['mount-mode a b # x', /one GLOB/],
    ['mount-mode until=2030-01-01 until=2030-01-02 # x', /one `until=`/],
    ['mount-mode until=2030-02-30 # x', /a date/],
    ['mount-mode until=soon # x', /a date/],
    ['mount-mode until= # x', /a date/],
    ['mount-mode until=2030-1-1 # x', /a date/]
  ])('%s is refused', (text, message) => {
    expect(parse(parseIgnore, text).messages).toEqual([expect.stringMatching(message)])
  })
  it('with a date in the past is refused', () => {
    expect(problemsOf({ tmpfs: '/t', ignore: 'mount-mode until=2026-11-23 # x' })).toEqual([
      expect.objectContaining({ input: 'ignore', message: expect.stringMatching(/run out/) })
    ])
  })
})

describe('names and values', () => {
  it('are kept as they are', () => {
    expect(good(parseNameValues, 'A=b c \r\n\n  B=\nC==x=\nD')).toEqual(['A=b c ', 'B=', 'C==x=', 'D'])
  })
  it.each(['=x', 'A B=x', 'A =x', '1A=x', '-v=/:/x', 'A=1\nA=2', '--env', 'ä=1'])('%j is refused', (text) => {
    expect(bad(parseNameValues, text)).not.toContain('=x')
  })
})

describe('shell words', () => {
  it.each([
    ['a "b c" d\\ e', ['a', 'b c', 'd e']],
    ["sh -c 'echo $HOME; id'", ['sh', '-c', 'echo $HOME; id']],
    ["''", ['']],
    ['a\nb', ['a', 'b']],
    ['$(id) `id` *', ['$(id)', '`id`', '*']]
  ])('%s', (text, words) => {
    expect(good(parseWords, text)).toEqual(words)
  })
  it.each(['"a', "a 'b", 'a \\', ' ', 'a\u0000b'])('%j is refused', (text) => {
    bad(parseWords, text)
  })
})

describe('texts', () => {
  it.each<[Parser<unknown>, string]>([
    [parseLine, 'a b'],
    [parseTarget, 'build-1.x'],
    [parseTarget, '0'],
    [parsePlatform, 'linux/amd64'],
    [parsePlatform, 'linux/arm/v7'],
    [parseUser, 'app'],
    [parseUser, '1000:1000'],
    [parseUser, 'app:www-data'],
    [parseNetwork, 'none'],
    [parseNetwork, 'container:db_1']
  ])('%p takes %s', (parser, text) => {
    expect(good(parser, ` ${text}\n`)).toBe(text)
  })
  it.each<[Parser<unknown>, string]>([
    [parseLine, 'a\nb'],
    [parseLine, 'a\u0007'],
    [parseTarget, '-x'],
    [parseTarget, 'a b'],
    [parsePlatform, 'linux'],
    [parsePlatform, 'linux/amd64,linux/arm64'],
    [parsePlatform, '--push'],
    [parseUser, '-1'],
    [parseUser, 'a b'],
    [parseUser, ':0'],
    [parseNetwork, '--privileged'],
    [parseNetwork, 'a,b'],
    [parseNames, 'a b'],
    [parseNames, 'a\na'],
    [parseNames, '../a']
  ])('%p refuses %j', (parser, text) => {
    bad(parser, text)
  })
})

describe('did you mean', () => {
  it.each([
    ['tmpsf', 'tmpfs'],
    ['temp', null],
    ['build_args', 'build-args'],
    ['BUILD ARGS', 'build-args'],
    ['secert', 'secrets'],
    ['xyz', null],
    ['', null]
  ])('%s: %s', (word, expected) => {
    expect(nearest(word, ['tmpfs', 'build-args', 'secrets', 'image'])).toBe(expected)
  })
  it('measures a distance', () => {
    expect(editDistance('tmpsf', 'tmpfs')).toBe(1)
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      })
    )
  })
})

describe('a line of YAML', () => {
  it.each([
    ['plain', 'x: plain'],
    ['/app/tmp:size=16k,mode=1770', 'x: /app/tmp:size=16k,mode=1770'],
    ['ghcr.io/a/b@sha256:0f', 'x: ghcr.io/a/b@sha256:0f'],
    ['a b', 'x: "a b"'],
    ['a: b', 'x: "a: b"'],
    ['- a', 'x: "- a"'],
    ['a #b', 'x: "a #b"'],
    ['a:', 'x: "a:"'],
    ['', 'x: ""'],
    ['a"\\', 'x: "a\\"\\\\"']
  ])('%s', (value, line) => {
    expect(yamlLine('x', value)).toBe(line)
  })
})
