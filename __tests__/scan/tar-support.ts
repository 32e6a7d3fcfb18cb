/** Builds tar archives by hand, byte for byte. */
import type { ItemHit, Shortfall } from '../../src/scan/types.js'
import { DEFAULT_LIMITS, newScope, type UnpackContext, type UnpackLimits } from '../../src/scan/unpack.js'
import { Matcher } from '../../src/scan/matcher.js'
import { TarScan } from '../../src/scan/tar-scan.js'
import type { TarEnd } from '../../src/scan/tar.js'
import { textOf } from '../../src/scan/unpack-scope.js'
import { needle } from './support.js'

export interface Fields {
  name?: string | Buffer
  type?: string
  size?: number | Buffer
  linkname?: string
  mode?: string
  magic?: string
  prefix?: string
  uname?: string
  /** Bytes set last, before the checksum, by position. */
  raw?: [number, string | Buffer][]
  checksum?: number
}

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`

/** One header block. */
export function header(fields: Fields): Buffer {
  const block = Buffer.alloc(512)
  const put = (at: number, value: string | Buffer): void => {
    Buffer.from(value as string).copy(block, at)
  }
  put(0, fields.name ?? 'file')
  put(100, fields.mode ?? '0000644\0')
  put(108, octal(0, 8))
  put(116, octal(0, 8))
  put(124, Buffer.isBuffer(fields.size) ? fields.size : octal(fields.size ?? 0, 12))
  put(136, octal(0, 12))
  put(156, fields.type ?? '0')
  put(157, fields.linkname ?? '')
  put(257, fields.magic ?? 'ustar\x0000')
  put(265, fields.uname ?? '')
  put(345, fields.prefix ?? '')
  for (const [at, value] of fields.raw ?? []) put(at, value)
  put(148, '        ')
  const sum = fields.checksum ?? block.reduce((total, byte) => total + byte, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return block
}

/** Bytes filled up with zeros, or what is given, to whole blocks. */
export function padded(content: string | Buffer, filler: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(content as string)
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512)
  Buffer.from(filler as string).copy(padding)
  return Buffer.concat([bytes, padding])
}

/** A file, or whatever `fields` say, with its content. */
export function file(name: string | Buffer, content: string | Buffer = '', fields: Fields = {}): Buffer {
  const bytes = Buffer.from(content as string)
  return Buffer.concat([header({ name, size: bytes.length, ...fields }), padded(bytes)])
}

export const directory = (name: string): Buffer => header({ name, type: '5' })

/** PAX records, `x` for the next entry or `g` for all. */
export function pax(records: Record<string, string | Buffer> | [string, string][], type = 'x'): Buffer {
  const pairs = Array.isArray(records) ? records : Object.entries(records)
  const content = pairs.map(([key, value]) => {
    const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from('\n')])
    let length = rest.length + 1
    while (String(length).length + rest.length !== length) length = String(length).length + rest.length
    return Buffer.concat([Buffer.from(String(length)), rest])
  })
  return file('PaxHeaders/next', Buffer.concat(content), { type })
}

/** A name or link target too long for a header, as GNU tar has it. */
export const long = (text: string, type = 'L'): Buffer =>
  file('././@LongLink', `${text}\0`, { type, magic: 'ustar  \0' })

export const END = Buffer.alloc(1024)

export const tar = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, END])

/** `bytes` in chunks of these sizes, over and over. */
export function chunked(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

export interface Seen {
  /** `path part offset` of each, by the order they were told. */
  hits: string[]
  shortfalls: string[]
  items: number
  bytes: number
}

export interface Listener extends Seen {
  context: UnpackContext
}

/** A context that notes what it is told; the secrets are the values in order. */
export function listen(secrets: readonly (string | Buffer)[], limits: Partial<UnpackLimits> = {}): Listener {
  const seen: Seen = { hits: [], shortfalls: [], items: 0, bytes: 0 }
  const context: UnpackContext = {
    matcher: new Matcher(secrets.map((secret, index) => needle(index, secret))),
    limits: { ...DEFAULT_LIMITS, ...limits },
    sink: {
      hit: ({ path, part, offset }: ItemHit) => seen.hits.push(`${path} ${part} ${offset}`),
      shortfall: ({ path, reason }: Shortfall) => seen.shortfalls.push(`${path} ${reason}`),
      counted: (items, bytes) => {
        seen.items += items
        seen.bytes += bytes
      }
    }
  }
  return Object.assign(seen, { context })
}

/** Searches a tar archive given in chunks. */
export async function scanTar(listener: Listener, chunks: readonly Buffer[]): Promise<TarEnd> {
  const scan = new TarScan(listener.context, {
    pathOf: (name) => `/${textOf(name)}`,
    depth: 1,
    scopeOf: () => newScope(listener.context)
  })
  for (const chunk of chunks) await scan.write(chunk)
  const end = scan.finish()
  await scan.end()
  return end
}
