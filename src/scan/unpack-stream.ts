/** Decompresses gzip and zstd as a stream, within limits. */
import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import type { Unpacking } from './unpack.js'

/** Node's default of 16 KiB halves the speed. */
const CHUNK_BYTES = 1024 * 1024
/** A small file may be all zeros; only a large output can be a bomb. */
const RATIO_FROM_BYTES = 64 * 1024 * 1024

/**
 * The decompressed bytes, all members and frames. Ends early, with a shortfall told, at a limit and where the data is
 * broken. Nothing at all coming out is no archive: then nothing is hidden in it in that form, and nothing is told.
 */
export async function* decompress(
  kind: 'gzip' | 'zstd',
  unpacking: Unpacking,
  chunks: AsyncIterable<Uint8Array>
): AsyncGenerator<Uint8Array> {
  const { limits, sink } = unpacking.context
  const decoder =
    kind === 'gzip'
      ? zlib.createGunzip({ chunkSize: CHUNK_BYTES })
      : zlib.createZstdDecompress({ chunkSize: CHUNK_BYTES })
  let input = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      input += chunk.length
      yield chunk
    }
  }
  const source = Readable.from(counted(), { objectMode: false, highWaterMark: CHUNK_BYTES })
  source.on('error', (error) => decoder.destroy(error))
  source.pipe(decoder)
  let output = 0
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      output += chunk.length
      if (output > limits.bytes || (output > RATIO_FROM_BYTES && output > input * limits.ratio)) {
        sink.shortfall({ path: unpacking.path, reason: 'unpacks to more than the limit' })
        return
      }
      yield chunk
    }
  } catch {
    // The codec's own words say nothing of use: broken or cut short is all there is to tell.
    if (output > 0)
      sink.shortfall({ path: unpacking.path, reason: 'is a broken archive: it was searched as far as it unpacks' })
  } finally {
    source.destroy()
    decoder.destroy()
  }
}
