/** gzip (RFC 1952): members one behind the other, each a header, a deflate stream, CRC-32 and length. */
import { constants, createInflateRaw, inflateRawSync } from 'node:zlib'
import { chunkSizeFor, type FrameCodec, type WithInfo } from './unpack-codec.js'

const FIXED = 10
const MOST_HEADER = 1024 * 1024
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const

/** Behind the zero that ends a text; -1: it is not there. */
const afterText = (bytes: Uint8Array, at: number): number => bytes.indexOf(0, at) + 1 || -1

function headerLength(bytes: Uint8Array): number | 'more' | null {
  if ([0x1f, 0x8b, 8].some((byte, i) => i < bytes.length && bytes[i] !== byte)) return null
  const more = bytes.length > MOST_HEADER ? null : 'more'
  if (bytes.length < FIXED) return more
  const flags = bytes[3] as number
  if (flags > 31) return null
  let at = FIXED
  if ((flags & FLAG.extra) !== 0) {
    if (bytes.length < at + 2) return more
    at += 2 + (bytes[at] as number) + (bytes[at + 1] as number) * 256
  }
  for (const flag of [FLAG.name, FLAG.comment]) {
    if ((flags & flag) !== 0) at = at === -1 ? at : afterText(bytes, at)
  }
  if (at === -1) return more
  if ((flags & FLAG.headerCrc) !== 0) at += 2
  return at > bytes.length ? more : at
}

export const GZIP_CODEC: FrameCodec = {
  name: 'gzip',
  available: true,
  headerLength,
  trailerLength: 8,
  needsCrc: true,
  isRight(trailer, crc, length) {
    return trailer.readUInt32LE(0) === crc && trailer.readUInt32LE(4) === length % 2 ** 32
  },
  stream(chunkSize) {
    return createInflateRaw({ chunkSize })
  },
  whole(bytes, most) {
    const options = { info: true, maxOutputLength: most, chunkSize: chunkSizeFor(bytes.length) }
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as WithInfo
    return { output: buffer, used: engine.bytesWritten }
  },
  beginning(bytes, most) {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: most })
  }
}
