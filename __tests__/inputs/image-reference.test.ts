import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseImage } from '../../src/inputs/image-reference.js'
import { parse, problemsOf } from './helpers.js'

const HEX = 'a'.repeat(64)

describe('an image reference', () => {
  it.each([
    'alpine',
    'alpine:3.20',
    'library/alpine',
    'a__b/c--d.e_f',
    'localhost/x',
    'localhost:5000/x:y',
    'ghcr.io/org/app:v1.2.3-rc_1',
    `ghcr.io/org/app@sha256:${HEX}`,
    `ghcr.io/org/app:tag@sha256:${HEX}`,
    'GHCR.io/org/app',
    'host:80/a/b/c',
    '[::1]:5000/x',
    `sha256:${HEX}`,
    HEX,
    'deadbeef1234',
    ` alpine\n`
  ])('%s is taken', (text) => {
    expect(parse(parseImage, text)).toEqual({ value: text.trim(), messages: [], notices: [] })
  })

  it.each([
    ['-v/:/h', /option/],
    ['--privileged', /option/],
    ['../containers/x', /no image reference/],
    ['../../version?', /no image reference/],
    ['alpine/json?x=', /no image reference/],
    ['UPPER/x', /upper-case/],
    ['Alpine', /upper-case/],
    ['a b', /blanks/],
    ['a\nb', /blanks/],
    ['alpine:', /colon/],
    [':latest', /colon/],
    ['x'.repeat(300), /255/],
    [`${'x/'.repeat(130)}x`, /255/],
    ['x'.repeat(100_000), /255/],
    ['x:$(id)', /no image reference/],
    ['http://h/x', /https:\/\//],
    ['https://ghcr.io/a/b', /https:\/\//],
    ['x@sha256:abc', /digest/],
    ['sha256:abc', /digest/],
    [`sha256:${HEX}a`, /digest/],
    [`x@sha256:${HEX.toUpperCase()}`, /digest/],
    [`x@md5:${HEX}`, /digest/],
    ['a//b', /no image reference/],
    ['/a', /no image reference/],
    ['a/', /no image reference/],
    ['a..b', /no image reference/],
    ['a:b..c', /no image reference/],
    ['a\u0000b', /no image reference/],
    ['ünïcode', /no image reference/]
  ])('%j is refused', (text, message) => {
    const { value, messages } = parse(parseImage, text)
    expect(value).toBeNull()
    expect(messages).toEqual([expect.stringMatching(message)])
  })

  it('suggests what was meant', () => {
    expect(problemsOf({ tmpfs: '/t', image: 'https://GHCR.io/Org/App:v1' })[0]?.yaml).toBe('image: ghcr.io/org/app:v1')
    expect(problemsOf({ tmpfs: '/t', image: 'alpine:' })[0]?.yaml).toBe('image: alpine:latest')
  })

  it('counts as not given when it is empty or blank', () => {
    expect(problemsOf({ image: ' ', file: 'nowhere' }).map(({ input }) => input)).toEqual(['tmpfs', 'file'])
  })

  it('never begins with - and holds nothing that a URL or a command line would split', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '/',
      ':',
      '@',
      '.',
      '..',
      '-',
      '_',
      '?',
      '%2f',
      '#',
      ' ',
      '\n',
      `sha256:${HEX}`,
      'ghcr.io',
      '5000'
    )
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    )
    let accepted = 0
    fc.assert(
      fc.property(text, (value) => {
        const image = parse(parseImage, value).value
        if (image === null) return
        accepted++
        expect(image).toMatch(/^[A-Za-z0-9[][A-Za-z0-9._/:@[\]-]*$/)
        expect(image).not.toMatch(/\.\.|\/\/|^-/)
      }),
      { numRuns: 5000 }
    )
    expect(accepted).toBeGreaterThan(100)
  })
})
