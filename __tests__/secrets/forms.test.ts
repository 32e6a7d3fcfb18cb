import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ItemSearch } from '../../src/scan/item-search.js'
import { Matcher } from '../../src/scan/matcher.js'
import { formsOf, isSearchable } from '../../src/secrets/forms.js'
import { needlesFor } from '../../src/secrets/needles.js'
import { formsIn, pem, wrap } from './support.js'

const TOKEN = 'q7Rw2Zt9Lm4Xc8Vb1Nk6Hj3Gf5Ds0Pa2Ue7Yi4Qo9'
const ODD = `p&ss/w "ö'$rd\\ <1>+é`

/** Encodings made by others than the code under test. */
const written: [string, string, (value: string) => string | Buffer][] = [
  ['raw', ODD, (value) => value],
  ['base64', ODD, (value) => Buffer.from(value).toString('base64')],
  ['base64', ODD, (value) => Buffer.from(`${value}\n`).toString('base64')],
  ['base64', ODD, (value) => Buffer.from(`u:${value}, and more`).toString('base64')],
  ['base64', ODD, (value) => Buffer.from(`:${value}:`).toString('base64')],
  ['base64url', 'a???>>>~~~???>>>', (value) => Buffer.from(value).toString('base64url')],
  ['hex', ODD, (value) => Buffer.from(value).toString('hex')],
  ['hex', ODD, (value) => Buffer.from(value).toString('hex').toUpperCase()],
  ['percent', ODD, (value) => encodeURIComponent(value)],
  ['percent', ODD, (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())],
  ['percent', ODD, (value) => encodeURI(value)],
  ['percent', ODD, (value) => new URLSearchParams([['x', value]]).toString()],
  ['percent', 'a b~c*d/e', () => 'a+b~c%2Ad%2Fe'],
  ['percent', TOKEN, (value) => Buffer.from(value).toString('hex').replace(/../g, '%$&')],
  ['json', ODD, (value) => JSON.stringify({ value })],
  ['json', ODD, (value) => JSON.stringify(value).replaceAll('/', '\\/')],
  ['json', ODD, (value) => JSON.stringify(value).replaceAll('ö', '\\u00f6').replaceAll('é', '\\u00e9')],
  ['json', ODD, (value) => JSON.stringify(value).replaceAll('ö', '\\u00F6').replaceAll('é', '\\u00E9')],
  [
    'json',
    ODD,
    (value) => JSON.stringify(value).replace('&', '\\u0026').replace('<', '\\u003c').replace('>', '\\u003e')
  ],
  ['json', 'a\tb\u0001c\u2028😀defgh', (value) => JSON.stringify(value)],
  ['json', 'abc\x7fdefgh', () => '"abc\\u007fdefgh"'],
  ['json', 'abcdefgh😀', () => '"abcdefgh\\ud83d\\ude00"'],
  ['shell', ODD, (value) => `'${value.replaceAll("'", `'\\''`)}'`],
  ['shell', ODD, (value) => `'${value.replaceAll("'", `'"'"'`)}'`],
  ['shell', ODD, () => `"p&ss/w \\"ö'\\$rd\\\\ <1>+é"`],
  ['shell', ODD, () => `p\\&ss/w\\ \\"ö\\'\\$rd\\\\\\ \\<1\\>+é`],
  ['shell', 'tab\there\x1b é\x01!', () => `$'tab\\there\\E \\303\\251\\001!'`],
  ['shell', `it's é\x1b\n\0!`, () => `b'it\\'s \\xc3\\xa9\\x1b\\n\\x00!'`],
  ['shell', `it's é\x1b\n\0!`, () => `'it\\'s é\\x1b\\n\\x00!'`],
  ['utf-16le', ODD, (value) => Buffer.from(value, 'utf16le')],
  ['utf-16be', ODD, (value) => Buffer.from(value, 'utf16le').swap16()]
]

describe('forms of a value', () => {
  it.each(written)('%s of %j', (form, value, write) => {
    const text = Buffer.concat([Buffer.from('before '), Buffer.from(write(value) as string), Buffer.from(' after')])
    expect(formsIn(text, value)).toContain(form)
  })

  it('is not found in the same encodings of another value of the same letters', () => {
    for (const [, value, write] of written) {
      const other = Array.from(value).reverse().join('')
      if (write(value) !== write(other)) expect(formsIn(Buffer.from(write(other) as string), value)).toEqual([])
    }
  })

  it('has none that is shorter than 8 bytes, and no bytes twice', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ maxLength: 60 })), (value) => {
        const forms = formsOf(Buffer.from(value as string))
        expect(forms.every(({ bytes }) => bytes.length >= 8)).toBe(true)
        expect(new Set(forms.map(({ bytes }) => bytes.toString('latin1'))).size).toBe(forms.length)
        expect(forms.length).toBeLessThanOrEqual(200)
      })
    )
  })

  it('is empty for a value of fewer than 8 bytes, not counting a newline at its end', () => {
    expect(formsOf(Buffer.from('1234567'))).toEqual([])
    expect(formsOf(Buffer.from('1234567\n'))).toEqual([])
    expect(formsOf(Buffer.from('12345678\r\n'))[0]).toEqual({ form: 'raw', bytes: Buffer.from('12345678') })
  })

  it('calls bytes raw where another form has the same', () => {
    expect(
      needlesFor([{ secret: 4, value: Buffer.from('plainword') }]).filter(({ bytes }) => bytes.length === 9)
    ).toEqual([{ secret: 4, form: 'raw', bytes: Buffer.from('plainword') }])
  })

  it('takes any bytes, also those that are no UTF-8', () => {
    const value = Buffer.from([0xff, 0x00, 0x80, 0xc3, 0x28, 0x0d, 0x22, 0xfe, 0x01, 0x9f])
    expect(formsIn(Buffer.concat([Buffer.from('x'), value, Buffer.from('y')]), value)).toEqual(['raw'])
    expect(formsIn(Buffer.from(value.toString('base64')), value)).toEqual(['base64'])
    expect(formsIn(Buffer.from('%FF%00%80%C3%28%0D%22%FE%01%9F'), value)).toEqual(['percent'])
    expect(formsIn(Buffer.from('%FF%00%80%C3(%0D%22%FE%01%9F'), value)).toEqual(['percent'])
  })
})

describe('encodings in lines', () => {
  const around = fc.uint8Array({ minLength: 0, maxLength: 120 })
  const secrets = fc.oneof(fc.constant(TOKEN), fc.string({ minLength: 8, maxLength: 120 }), fc.constant(pem()))

  it.each([76, 64])('base64 in lines of %i columns is found wherever the value begins', (columns) => {
    fc.assert(
      fc.property(secrets, around, around, (secret, before, after) => {
        const text = Buffer.concat([before, Buffer.from(secret), after]).toString('base64')
        expect(formsIn(Buffer.from(wrap(text, columns)), secret)).toContain('base64')
      })
    )
  })

  it('hex in lines of 60 columns is found wherever the value begins', () => {
    fc.assert(
      fc.property(secrets, around, around, (secret, before, after) => {
        const text = Buffer.concat([before, Buffer.from(secret), after]).toString('hex')
        expect(formsIn(Buffer.from(wrap(text, 60)), secret)).toContain('hex')
      })
    )
  })

  it('a piece of the value is not taken for it', () => {
    for (const piece of [TOKEN.slice(1), TOKEN.slice(0, -1), `${TOKEN.slice(0, 20)}.${TOKEN.slice(21)}`]) {
      for (const encoding of ['base64', 'hex'] as const) {
        const text = Buffer.from(`before ${piece} after`).toString(encoding)
        expect(formsIn(Buffer.from(text), TOKEN)).toEqual([])
        expect(formsIn(Buffer.from(wrap(text, encoding === 'hex' ? 60 : 64)), TOKEN)).toEqual([])
      }
    }
  })
})

describe('values of several lines', () => {
  const key = pem()

  it.each([
    ['raw', key],
    ['raw', key.trimEnd()],
    ['escaped-newlines', JSON.stringify({ key })],
    ['escaped-newlines', JSON.stringify(JSON.stringify({ key }))],
    ['crlf', pem('\r\n')],
    ['joined', key.replaceAll('\n', '')],
    ['joined', key.replaceAll('\n', ' ')],
    ['line', key.split('\n').slice(3, 5).join('\n')],
    ['line', key.replace(/^/gm, '    ')],
    ['base64', Buffer.from(key).toString('base64')],
    ['base64', wrap(Buffer.from(key).toString('base64'), 76)],
    ['hex', Buffer.from(key).toString('hex')]
  ])('finds a key as %s', (form, text) => {
    expect(formsIn(Buffer.from(text), key)).toContain(form)
  })

  it('finds a key with CRLF also with LF', () => {
    expect(formsIn(Buffer.from(key), pem('\r\n'))).toContain('crlf')
  })

  it('does not search for the borders of a key, nor for lines of words', () => {
    const lines = key.split('\n')
    expect(formsIn(Buffer.from(`${lines[0] ?? ''}\nother\n${lines.at(-2) ?? ''}`), key)).toEqual([])
    const config = 'hello world, this is a comment line\nhost = database.internal.example.com\nkey = x\n'
    expect(formsIn(Buffer.from('# hello world, this is a comment line'), config)).toEqual([])
  })
})

describe('long values', () => {
  const random = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i * 7 + (i >>> 3)) & 0xff))

  it('of up to 64 KiB are found whole', () => {
    const value = random.subarray(0, 65_536)
    expect(formsIn(value, value)).toContain('raw')
    expect(formsIn(value.subarray(0, -1), value)).toEqual([])
  })

  it('beyond are found by any third', () => {
    for (const third of [0, 1, 2]) {
      expect(formsIn(random.subarray(third * 33_334, (third + 1) * 33_334), random)).toEqual(['raw'])
    }
  })

  it('are found encoded by their most telling part', () => {
    const text = Array.from({ length: 500 }, (_, i) => `zeile ${i} größer`).join('\n') + `"${TOKEN}"`
    expect(formsIn(Buffer.from(JSON.stringify(text)), text)).toContain('json')
    expect(formsIn(Buffer.from(encodeURIComponent(text)), text)).toContain('percent')
    expect(formsIn(Buffer.from(text, 'utf16le'), text)).toContain('utf-16le')
    const encoded = formsOf(Buffer.from(text)).filter(({ form }) => ['json', 'percent', 'utf-16be'].includes(form))
    expect(Math.max(...encoded.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(6 * 1024)
  })

  it('are cut between characters, wherever their most telling part begins', () => {
    for (let i = 0; i < 8; i++) {
      const text = `${'x'.repeat(i)}${'öß€'.repeat(300)}${TOKEN}${'😀é'.repeat(300)}`
      const ascii = text.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      expect(formsIn(Buffer.from(ascii), text)).toContain('json')
      expect(formsIn(Buffer.from(text, 'utf16le'), text)).toContain('utf-16le')
    }
  })

  it('of nothing but fillers cannot be searched for', () => {
    expect(isSearchable(Buffer.alloc(100_000))).toBe(false)
    expect(formsOf(Buffer.alloc(100_000)).filter(({ form }) => form === 'raw')).toEqual([])
    expect(isSearchable(random)).toBe(true)
  })
})

describe('every form of any value', () => {
  const value = fc.oneof(
    fc.uint8Array({ minLength: 8, maxLength: 80 }),
    fc.string({ minLength: 8, maxLength: 80 }),
    fc.string({ minLength: 8, maxLength: 40, unit: 'binary' })
  )

  it('is found at any offset in random bytes, and in none of them by itself', () => {
    fc.assert(
      fc.property(
        value,
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 50 }),
        (secret, before, after) => {
          const forms = formsOf(Buffer.from(secret as string))
          const search = new ItemSearch(new Matcher(forms.map(({ bytes }, i) => ({ secret: i, form: 'raw', bytes }))))
          forms.forEach(({ bytes }, i) => {
            search.begin()
            search.push(before)
            search.push(bytes)
            search.push(after)
            expect(search.end()).toContainEqual(expect.objectContaining({ secret: i }))
          })
        }
      )
    )
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1000, maxLength: 3000, size: 'max' }), (bytes) => {
        expect(formsIn(bytes, TOKEN)).toEqual([])
      })
    )
  })
})
