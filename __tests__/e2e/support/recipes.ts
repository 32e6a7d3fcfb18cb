/** Makes files of a case from recipes: a form of the secret, then what it is wrapped into, innermost first. */
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { tarOf, zipOf } from './archives.js'
import { encode } from './forms.js'

/** Steps like `["raw", "tar:inner.txt", "gzip", "zip:a.tgz"]`; the first is a form, or `text:` and any text. */
export type Recipe = readonly string[]

/** The bytes that the recipe makes of the secret. Throws for an unknown step. */
export async function cook(recipe: Recipe, secret: Buffer): Promise<Buffer> {
  const [first = 'raw', ...steps] = recipe
  let bytes = first.startsWith('text:') ? Buffer.from(first.slice(5)) : encode(first, secret)
  for (const step of steps) bytes = await wrap(step, bytes)
  return bytes
}

function wrap(step: string, bytes: Buffer): Buffer | Promise<Buffer> {
  const colon = step.indexOf(':')
  const [kind, rest] = colon < 0 ? [step, ''] : [step.slice(0, colon), step.slice(colon + 1)]
  switch (kind) {
    case 'line':
      return Buffer.concat([Buffer.from(`# by the way\n${rest}`), bytes, Buffer.from('\n# and so on\n')])
    case 'prose':
      // Of so many different words that a packer codes every byte of it, and leaves none as it is.
      return Buffer.concat([
        Buffer.from(Array.from({ length: 400 }, (_, index) => `word ${index * index}`).join(' ')),
        bytes
      ])
    case 'after':
      return Buffer.concat([Buffer.alloc(Number(rest), 'filler '), bytes, Buffer.alloc(1000, 'filler ')])
    case 'utf-16le':
      return encode('utf16le', bytes)
    case 'utf-16be':
      return encode('utf16be', bytes)
    case 'gzip':
      return gzipSync(bytes)
    case 'second-member':
      return Buffer.concat([gzipSync('the first member of a gzip file\n'), gzipSync(bytes)])
    case 'cut':
      return bytes.subarray(0, -Number(rest))
    case 'zstd':
      return zstdCompressSync(bytes)
    case 'zip':
      return zipOf(rest, bytes)
    case 'tar':
      return tarOf([{ name: rest, content: bytes }])
    case 'xattr':
      return tarOf([{ name: 'app/' }, { name: rest, pax: { 'SCHILY.xattr.user.note': bytes.toString('latin1') } }])
    case 'comment':
      return tarOf([
        { name: 'app/' },
        { name: rest, content: Buffer.from('hello\n'), pax: { comment: bytes.toString('latin1') } }
      ])
    default:
      throw new RangeError(`unknown step ${step}`)
  }
}
