/** Builds archives by hand, and unpacks them every way there is. */
import { crc32, deflateRawSync } from 'node:zlib'
import { archiveKind, unpackChunks, unpackFile, type UnpackLimits } from '../../src/scan/unpack.js'
import { accessTo } from '../../src/scan/unpack-zip.js'
import { chunked, listen, type Seen } from './tar-support.js'

export interface ZipEntry {
  name: string
  content: string | Buffer
  /** 8, deflate, unless told otherwise. */
  method?: number
  /** What stands in the file in place of the compressed content. */
  data?: Buffer
  flags?: number
  crc?: number
  size?: number
  /** Not in the directory. */
  hidden?: boolean
}

/** A zip file with these entries, and bytes between them. */
export function zip(entries: readonly ZipEntry[], filler = ''): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const between = Buffer.from(at === 0 ? '' : filler)
    const content = Buffer.from(entry.content as string)
    const method = entry.method ?? 8
    const data = entry.data ?? (method === 8 ? deflateRawSync(content) : content)
    const name = Buffer.from(entry.name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(entry.flags ?? 0, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(entry.crc ?? crc32(content), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(entry.size ?? content.length, 18)
    fields.writeUInt16LE(name.length, 22)
    parts.push(between, Buffer.from('PK\x03\x04'), fields, name, data)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at + between.length, 10)
    if (entry.hidden !== true) directory.push(Buffer.from('PK\x01\x02\x14\0'), fields, tail, name)
    at += between.length + 4 + fields.length + name.length + data.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  const count = entries.filter(({ hidden }) => hidden !== true).length
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listed, end])
}

/** A zstd frame (RFC 8878) of uncompressed blocks: needs no compressor. `more` is what stands after the last block. */
export function zstdFrame(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string)
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])]
  const blocks = Math.max(1, Math.ceil(bytes.length / 100_000))
  for (let i = 0; i < blocks; i++) {
    const block = bytes.subarray(i * 100_000, (i + 1) * 100_000)
    const header = Buffer.alloc(3)
    header.writeUIntLE(block.length * 8 + (i === blocks - 1 ? 1 : 0), 0, 3)
    parts.push(header, block)
  }
  return Buffer.concat(parts)
}

export const skippable = (content: string): Buffer => {
  const header = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 0, 0, 0, 0])
  header.writeUInt32LE(content.length, 4)
  return Buffer.concat([header, Buffer.from(content)])
}

/** Unpacks a file that is called `/a`, as a file and in chunks of these sizes; what is told has to be the same. */
export async function unpackEachWay(
  bytes: Buffer,
  secrets: readonly (string | Buffer)[],
  limits: Partial<UnpackLimits> = {}
): Promise<Seen[]> {
  const kind = archiveKind(bytes, bytes.length)
  const all: Seen[] = []
  if (kind === null) return all
  const asFile = listen(secrets, limits)
  await unpackFile(kind, '/a', accessTo(bytes), asFile.context)
  all.push(asFile)
  for (const size of [1 << 16, 1e7, ...(bytes.length < 5000 ? [1] : [])]) {
    const listener = listen(secrets, limits)
    const chunks = chunked(bytes, [size])
    await unpackChunks(kind, '/a', stream(chunks), listener.context)
    all.push(listener)
  }
  return all.map(({ hits, shortfalls, items, bytes: length }) => ({ hits, shortfalls, items, bytes: length }))
}

export async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}
