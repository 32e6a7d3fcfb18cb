/** zstd (RFC 8878): frames one behind the other; those to be skipped hold no compressed data. */
import * as zlib from 'node:zlib'
import { chunkSizeFor, type FrameCodec, type WithInfo } from './unpack-codec.js'

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]
const SKIPPABLE = [0x50, 0x2a, 0x4d, 0x18]

/** A frame is left to the decoder from its magic on, a skippable one too. */
function headerLength(bytes: Uint8Array): number | 'more' | null {
  const starts = (magic: readonly number[], mask: number): boolean =>
    magic.every((byte, i) => i >= bytes.length || ((bytes[i] as number) & (i === 0 ? mask : 0xff)) === byte)
  if (!starts(MAGIC, 0xff) && !starts(SKIPPABLE, 0xf0)) return null
  return bytes.length < MAGIC.length ? 'more' : 0
}

/** Node.js has zstd from 22.15 and 23.8 on (https://nodejs.org/api/zlib.html#zlibcreatezstddecompressoptions). */
const hasZstd = 'createZstdDecompress' in zlib

export const ZSTD_CODEC: FrameCodec = {
  name: 'zstd',
  available: hasZstd,
  headerLength,
  trailerLength: 0,
  needsCrc: false,
  // The decoder compares the checksum itself.
  isRight: () => true,
  stream: (chunkSize) => zlib.createZstdDecompress({ chunkSize }),
  whole(bytes, most) {
    const options = { info: true, maxOutputLength: most, chunkSize: chunkSizeFor(bytes.length) }
    const { buffer, engine } = zlib.zstdDecompressSync(bytes, options) as unknown as WithInfo
    return { output: buffer, used: engine.bytesWritten }
  },
  beginning(bytes, most) {
    return zlib.zstdDecompressSync(bytes, { finishFlush: zlib.constants.ZSTD_e_continue, maxOutputLength: most })
  }
}
