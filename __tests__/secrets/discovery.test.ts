import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { containsDeclared, discover, type Discovery } from '../../src/secrets/discovery.js'
import { isPlain } from '../../src/secrets/plain.js'
import { pem } from './support.js'

const of = (content: string | Uint8Array): Discovery =>
  discover({ path: '/app/tmp/x', bytes: Buffer.from(content as string) })
/** Label to value. */
const partsOf = (content: string): Record<string, string> =>
  Object.fromEntries(of(content).parts.map(({ label, value }) => [label, value.toString()]))

describe('the whole content', () => {
  it('counts from 8 bytes on, however plain, without the newline at its end', () => {
    expect(of('sensitive data\n').whole?.toString()).toBe('sensitive data')
    expect(of('password').whole?.toString()).toBe('password')
    expect(of('password').plainParts).toBe(0)
  })

  it('is left out and counted when it is short or one byte over and over', () => {
    for (const content of ['1234567\n', Buffer.alloc(4096), '-'.repeat(100)]) {
      expect(of(content)).toMatchObject({ whole: null, parts: [], plainParts: 1 })
    }
    expect(of('')).toEqual({ whole: null, parts: [], plainParts: 0, droppedParts: 0 })
  })

  it('may be any bytes; those of a program’s own format have no parts', () => {
    const bytes = Buffer.from('\0SQLite\nkey=x9Yz8Wv7Ut6S\n', 'latin1')
    expect(of(bytes)).toMatchObject({ parts: [], plainParts: 0 })
    expect(of(bytes).whole).toEqual(bytes.subarray(0, -1))
  })

  it('may be large', () => {
    const line = 'some words in a line\n'
    expect(of(line.repeat(100_000)).whole).not.toBeNull()
    expect(of(Buffer.alloc(200_000, 'ab')).whole).toBeNull()
  })
})

describe('parts', () => {
  it('of an environment file', () => {
    const content = [
      '# settings of the service',
      'DB_HOST=localhost',
      'DB_PASSWORD=x9Yz8Wv7Ut6S',
      "export API_KEY='k1 2L3m4N5'",
      'TOKEN="a\\"b\\\\c-7Q8w9E" ',
      'SHORT=ab12cd',
      'FLAG=true'
    ].join('\r\n')
    expect(partsOf(content)).toEqual({
      DB_PASSWORD: 'x9Yz8Wv7Ut6S',
      API_KEY: 'k1 2L3m4N5',
      TOKEN: 'a"b\\c-7Q8w9E',
      'line 6': 'SHORT=ab12cd'
    })
    expect(of(content).plainParts).toBe(3)
  })

  it('of INI and simple YAML', () => {
    expect(partsOf('[client]\npassword = x9Yz8Wv7Ut6S ; no comment\nuser = app\n')).toEqual({
      password: 'x9Yz8Wv7Ut6S ; no comment'
    })
    const yaml =
      'database:\n  password: "x9Yz8Wv7Ut6S"\n  - token: k12L3m4N5p # of the test system\n  url: https://example.com\n'
    expect(partsOf(yaml)).toEqual({ password: 'x9Yz8Wv7Ut6S', token: 'k12L3m4N5p' })
  })

  it('of JSON, by their keys', () => {
    const content = JSON.stringify({
      database: { password: 'x9Yz"8Wv7Ut6S', hosts: ['localhost', 'k12L3m4N5p'] },
      card: 4539148803436467,
      on: true,
      none: null
    })
    expect(partsOf(content)).toEqual({
      'database.password': 'x9Yz"8Wv7Ut6S',
      'database.hosts[1]': 'k12L3m4N5p',
      card: '4539148803436467'
    })
  })

  it('of JSON a line', () => {
    expect(partsOf('{"token":"k12L3m4N5p"}\nplain words here\n{"token":"x9Yz8Wv7Ut6S"}\n{broken: k12L3m4N5p}')).toEqual(
      {
        'line 1.token': 'k12L3m4N5p',
        'line 3.token': 'x9Yz8Wv7Ut6S',
        'line 4': '{broken: k12L3m4N5p}'
      }
    )
  })

  it('of PEM: a block is one part, without its borders', () => {
    const key = pem()
    const body = key.split('\n').slice(1, -2).join('\n')
    expect(partsOf(`name: server\n${key}`)).toEqual({ 'PEM block at line 2': body })
    expect(Object.keys(partsOf(`${key}${pem('\r\n')}${key.replaceAll('A', 'B')}a=b\n${key}`))).toEqual([
      'PEM block at line 1',
      'PEM block at line 55'
    ])
    expect(partsOf(key.replace(/^/gm, '   '))).toEqual({ 'PEM block at line 1': body })
    expect(Object.keys(partsOf(key.split('\n').slice(0, -2).join('\n')))).toHaveLength(25)
  })

  it('the password of a URL is one by itself', () => {
    expect(partsOf('DATABASE_URL=postgres://app:x9Yz8Wv7@db/app\nuser=app\n')).toEqual({
      DATABASE_URL: 'postgres://app:x9Yz8Wv7@db/app',
      'DATABASE_URL (password)': 'x9Yz8Wv7'
    })
  })

  it('the scheme before a token is no part of it', () => {
    expect(partsOf('Authorization: Bearer k12L3m4N5p\nuser=app\n')).toEqual({ Authorization: 'k12L3m4N5p' })
  })

  it('are not given where they are the whole, nor twice', () => {
    expect(of('x9Yz8Wv7Ut6S\n').parts).toEqual([])
    expect(partsOf('x9Yz8Wv7Ut6S\nx9Yz8Wv7Ut6S\n')).toEqual({ 'line 1': 'x9Yz8Wv7Ut6S' })
  })

  it('keep bytes that are no ASCII', () => {
    expect(of(Buffer.from('key=pässw0rt-9Z\nuser=app', 'latin1')).parts).toEqual([
      { label: 'key', value: Buffer.from('pässw0rt-9Z', 'latin1') }
    ])
    expect(partsOf('key=pässw0rt-9Z\nuser=app')).toEqual({ key: 'pässw0rt-9Z' })
    expect(partsOf('{"key":"pässw0rt-9Z"}')).toEqual({ key: 'pässw0rt-9Z' })
  })

  it('are 200 at most, and the others counted', () => {
    const found = of(Array.from({ length: 250 }, (_, i) => `k${i}=x9Yz8Wv7Ut6S${i}`).join('\n'))
    expect(found.parts).toHaveLength(200)
    expect(found.droppedParts).toBe(50)
  })
})

describe('labels', () => {
  it('do not name a key that may be a secret itself', () => {
    expect(partsOf('{"x9Yz8Wv7Ut6S":"k12L3m4N5p"}')).toEqual({ 'key-1': 'k12L3m4N5p' })
    expect(partsOf('x9Yz8Wv7Ut6S=k12L3m4N5p\nuser=app')).toEqual({ 'line 1': 'k12L3m4N5p' })
    expect(partsOf('{"a b\\n::error::":"k12L3m4N5p"}')).toEqual({ 'key-1': 'k12L3m4N5p' })
  })

  it('stay short, however deep the file', () => {
    const depth = 20_000
    const [part] = of(`${'{"key":'.repeat(depth)}"k12L3m4N5p"${'}'.repeat(depth)}`).parts
    expect(part).toEqual({ label: 'value 1', value: Buffer.from('k12L3m4N5p') })
  })

  it('never hold a telling value, whatever the file', () => {
    const token = fc
      .uint8Array({ minLength: 12, maxLength: 20 })
      .map((bytes) => Buffer.from(bytes).toString('base64url'))
      .filter((text) => !isPlain(Buffer.from(text)))
    const file = fc
      .array(fc.tuple(token, token, fc.constantFrom('=', ': ', '": "', ' ')), { minLength: 1 })
      .map((lines) => lines.map((line) => line[0] + line[2] + line[1]))
    fc.assert(
      fc.property(file, (lines) => {
        for (const { label } of of(lines.join('\n')).parts) expect(label).toMatch(/^line \d+$/)
      })
    )
  })
})

it.each(['-----BEGIN A-----\n', '{"a":', '[', '"', 'a=', 'a: ', ' ', '\t=', "'", '://:', '://a:b', '\\', 'a=" #'])(
  'discover is quick for a mebibyte of %j',
  (unit) => {
    const start = performance.now()
    of(unit.repeat(2 ** 20 / unit.length))
    of(`a="${unit.repeat(2 ** 20 / unit.length)}`)
    expect(performance.now() - start).toBeLessThan(4000)
  }
)

describe('containsDeclared', () => {
  it('tells whether a declared value is inside, newline at its end or not', () => {
    const declared = [Buffer.from('other-value'), Buffer.from('x9Yz8Wv7Ut6S\n')]
    expect(containsDeclared(Buffer.from('key=x9Yz8Wv7Ut6S'), declared)).toBe(true)
    expect(containsDeclared(Buffer.from('key=x9Yz8Wv7Ut6'), declared)).toBe(false)
    expect(containsDeclared(Buffer.from('anything'), [])).toBe(false)
    expect(containsDeclared(Buffer.from('anything'), [Buffer.alloc(0)])).toBe(false)
  })
})
