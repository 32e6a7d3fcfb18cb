/**
 * The forms in which a secret is planted, and those in which none may come out of the action. Written without a look at
 * src/secrets: what is tested must not be its own judge.
 */

type Encode = (value: Buffer) => Buffer

const text = (make: (value: string) => string): Encode => {
  return (value) => Buffer.from(make(value.toString('utf8')))
}

/** base64 of the value after `before` other bytes, with a byte after it. */
const aligned = (before: number, encoding: 'base64' | 'base64url' = 'base64'): Encode => {
  return (value) =>
    Buffer.from(Buffer.concat([Buffer.from('~'.repeat(before)), value, Buffer.from('~')]).toString(encoding))
}

const utf16 = (value: Buffer): Buffer => Buffer.from(value.toString('utf8'), 'utf16le')

/** By the name that Dockerfiles, recipes and case.json use: `{{base64+1}}`. */
export const FORMS: Readonly<Record<string, Encode>> = {
  raw: (value) => value,
  base64: (value) => Buffer.from(value.toString('base64')),
  'base64+0': aligned(0),
  'base64+1': aligned(1),
  'base64+2': aligned(2),
  base64url: aligned(1, 'base64url'),
  hex: (value) => Buffer.from(value.toString('hex')),
  HEX: (value) => Buffer.from(value.toString('hex').toUpperCase()),
  percent: text(encodeURIComponent),
  json: text((value) => JSON.stringify(value)),
  utf16le: utf16,
  utf16be: (value) => utf16(value).swap16(),
  escaped: text((value) => value.replaceAll('\n', '\\n')),
  crlf: text((value) => value.replaceAll('\n', '\r\n')),
  joined: text((value) => value.replaceAll('\n', '')),
  /** A form that is not searched for (DESIGN part 4), so that a program can carry a secret that it leaks only at run time. */
  reversed: text((value) => Array.from(value).reverse().join(''))
}

/** The value in that form; throws for an unknown name, so that a typing mistake in a case cannot weaken it. */
export function encode(form: string, value: Buffer): Buffer {
  const make = Object.hasOwn(FORMS, form) ? FORMS[form] : undefined
  if (make === undefined) throw new RangeError(`unknown form ${form}`)
  return make(value)
}

/** Characters of the base64 of a value after `before` bytes that these and what follows cannot change. */
function base64Core(value: Buffer, before: number, encoding: 'base64' | 'base64url'): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(before), value]).toString(encoding)
  return Buffer.from(encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + value.length) * 8) / 6)))
}

/** Everything that must not come out: each form of the value and of each of its lines. */
export function everyForm(secret: Buffer): Map<string, Buffer> {
  const all = new Map<string, Buffer>()
  const lines = secret
    .toString('utf8')
    .split('\n')
    .filter((line) => line.length >= 16 && !line.startsWith('-----'))
    .map((line) => Buffer.from(line))
  for (const [index, value] of [secret, ...lines].entries()) {
    for (const form of ['raw', 'hex', 'HEX', 'percent', 'utf16le', 'utf16be', 'escaped', 'crlf', 'joined']) {
      all.set(`${form} ${index}`, encode(form, value))
    }
    all.set(`json ${index}`, encode('json', value).subarray(1, -1))
    for (const before of [0, 1, 2]) {
      all.set(`base64+${before} ${index}`, base64Core(value, before, 'base64'))
      all.set(`base64url+${before} ${index}`, base64Core(value, before, 'base64url'))
    }
  }
  return all
}
