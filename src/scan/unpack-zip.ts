/** Searches the entries of a zip (jar, whl…). */
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import * as yauzl from 'yauzl'
import type { RandomAccess, Unpacking } from './unpack.js'
import { searchInside } from './unpack.js'

const CHUNK_BYTES = 1024 * 1024
/** General purpose bit 0 (APPNOTE.TXT 4.4.4). */
const ENCRYPTED = 1
/** An output larger than this and than `ratio` times the input is a bomb. */
const RATIO_FROM_BYTES = 64 * 1024 * 1024

class FileReader extends yauzl.RandomAccessReader {
  readonly #file: RandomAccess

  constructor(file: RandomAccess) {
    super()
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const file = this.#file
    let position = start
    return new Readable({
      highWaterMark: CHUNK_BYTES,
      read(): void {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position))
        const length = buffer.length === 0 ? 0 : file.read(buffer, 0, buffer.length, position)
        position += length
        this.push(length === 0 ? null : buffer.subarray(0, length))
      }
    })
  }
}

/** Every entry of the central directory. What begins like a zip and has no directory is no zip: its raw bytes were searched. */
export async function unpackZip(unpacking: Unpacking, file: RandomAccess): Promise<void> {
  const zip = await openZip(file)
  if (zip === null) {
    unpacking.context.sink.shortfall({
      path: unpacking.path,
      reason: 'begins like a zip but has no directory of its entries'
    })
    return
  }
  await new Promise<void>((resolve) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      void searchEntry(unpacking, zip, entry).then(() => {
        zip.readEntry()
      })
    })
    zip.once('end', resolve)
    zip.once('error', () => {
      unpacking.context.sink.shortfall({ path: unpacking.path, reason: 'is a broken zip' })
      resolve()
    })
    zip.readEntry()
  })
}

function openZip(file: RandomAccess): Promise<yauzl.ZipFile | null> {
  return new Promise((resolve) => {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: true, validateEntrySizes: true }
    yauzl.fromRandomAccessReader(new FileReader(file), file.size, options, (error, zip) => {
      resolve(error === null ? zip : null)
    })
  })
}

async function searchEntry(unpacking: Unpacking, zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<void> {
  const { sink, limits } = unpacking.context
  const path = `${unpacking.path}!${entry.fileName}`
  if (entry.fileName.endsWith('/')) return
  const refused =
    (entry.generalPurposeBitFlag & ENCRYPTED) !== 0
      ? 'is encrypted'
      : entry.compressionMethod !== 0 && entry.compressionMethod !== 8
        ? `is compressed by method ${entry.compressionMethod}, which cannot be read`
        : entry.uncompressedSize > limits.bytes ||
            (entry.uncompressedSize > RATIO_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * limits.ratio)
          ? 'unpacks to more than the limit'
          : null
  if (refused !== null) {
    sink.shortfall({ path, reason: refused })
    return
  }
  try {
    const stream = await open(zip, entry)
    let sum = 0
    const summed = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum)
        yield chunk
      }
    }
    await searchInside(unpacking, summed(), path)
    if (sum !== entry.crc32) sink.shortfall({ path, reason: 'does not have the checksum that its zip says' })
  } catch {
    // Wrong sizes or broken data: as far as it unpacks it was searched.
    sink.shortfall({ path, reason: 'is broken inside its zip' })
  }
}

function open(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream)
      else reject(error)
    })
  })
}
