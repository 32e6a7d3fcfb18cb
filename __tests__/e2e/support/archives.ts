/** Archives for the cases, made in memory. */
import { crc32, deflateRawSync } from 'node:zlib'
import { pack } from 'tar-stream'

/** Members of a tar: a file, or with `pax` records of an extended header (`SCHILY.xattr.user.note`). */
export interface Member {
  name: string
  content?: Buffer
  pax?: Record<string, string>
}

/** A tar of the members. */
export async function tarOf(members: readonly Member[]): Promise<Buffer> {
  const stream = pack()
  for (const { name, content, pax } of members) {
    const type = name.endsWith('/') ? ('directory' as const) : ('file' as const)
    // `pax` is missing from the published types (tar-stream 3.2, pack.js `_encodePax`).
    const header = { name, type, mode: type === 'file' ? 0o644 : 0o755, ...(pax === undefined ? {} : { pax }) }
    stream.entry(header, content ?? Buffer.alloc(0))
  }
  stream.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A zip with one deflated member (APPNOTE.TXT 4.3: local header, central directory, end record). */
export function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(8, 4)
  fields.writeUInt16LE(0x21, 8)
  fields.writeUInt32LE(crc32(content), 10)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(content.length, 18)
  fields.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, Buffer.alloc(14), Buffer.from(name)])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
