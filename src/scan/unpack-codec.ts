/** What sets one way to compress apart from another, for unpack-frames.ts. */
import type { ZlibStream } from './unpack-frame.js'

/** A file of this kind is made of frames one behind the other, each of a header, compressed data and a trailer. */
export interface FrameCodec {
  name: 'gzip' | 'zstd'
  /** false: this version of Node.js cannot do it. */
  available: boolean
  /** Bytes before the compressed data; 'more': they are not all there; null: here starts no frame. */
  headerLength(bytes: Uint8Array): number | 'more' | null
  trailerLength: number
  /** Whether the trailer tells the checksum and the length of what came out. */
  isRight(trailer: Buffer, crc: number, length: number): boolean
  /** Whether {@link isRight} wants the CRC-32. */
  needsCrc: boolean
  stream(chunkSize: number): ZlibStream
  /** Decompresses at once, at most `most` bytes; throws as node:zlib does. `used`: bytes of input. */
  whole(bytes: Uint8Array, most: number): { output: Buffer; used: number }
  /** What comes out of the beginning of a frame; throws when it is broken. */
  beginning(bytes: Uint8Array, most: number): Buffer
}

/** node:zlib's answer when it was asked to tell what it used (option `info`). */
export interface WithInfo {
  buffer: Buffer
  engine: { bytesWritten: number }
}

/** Room for the output of so many bytes of input: small files need no megabyte. */
export function chunkSizeFor(input: number): number {
  return Math.min(1024 * 1024, Math.max(4096, 2 ** Math.ceil(Math.log2(input * 4 + 1))))
}
