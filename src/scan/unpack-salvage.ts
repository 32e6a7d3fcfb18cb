/** What comes out of an archive that is broken or cut short. */
import type { FrameCodec } from './unpack-codec.js'

/**
 * What the longest beginning of a frame that decompresses without an error gives, exact to the byte; found by halving,
 * for zlib tells of an error without what came out before it. At most `most` bytes; null: nothing.
 */
export function salvage(codec: FrameCodec, bytes: Uint8Array, most: number): Buffer | null {
  let best: Buffer | null = null
  let good = 0
  for (let bad = bytes.length + 1; bad - good > 1;) {
    const length = best === null && bad > bytes.length ? bytes.length : (good + bad) >> 1
    const output = beginning(codec, bytes.subarray(0, length), most)
    if (output === null) bad = length
    else {
      best = output
      good = length
    }
  }
  return best === null || best.length === 0 ? null : best
}

function beginning(codec: FrameCodec, bytes: Uint8Array, most: number): Buffer | null {
  try {
    return codec.beginning(bytes, most)
  } catch {
    // Broken before its end, or too much: a shorter beginning is tried.
    return null
  }
}
