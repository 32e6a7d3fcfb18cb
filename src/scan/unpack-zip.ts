/** Unpacks zip files (jar, whl, docx…): every entry of the central directory, and a look at what is between them. */
import { RandomAccessReader, fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl'
import { Readable } from 'node:stream'
import { BROKEN, MIB, type ArchivePlace, type Consumer, type Scope } from './unpack-scope.js'
import { ZipEntries } from './unpack-zip-entry.js'
import { hasHiddenEntry, type Covered } from './unpack-zip-gaps.js'

/** Something that can be read anywhere. */
export interface RandomAccess {
  /** Bytes. */
  size: number
  /** Reads at once; returns the bytes read, 0 at the end. May throw what reading a file throws. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): number
}

/** yauzl's way to read, answered at once. */
class Reader extends RandomAccessReader {
  readonly #file: RandomAccess

  constructor(file: RandomAccess) {
    super()
    this.#file = file
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void
  ): void {
    let read: number
    try {
      read = this.#file.read(buffer, offset, length, position)
    } catch (error) {
      callback(error as Error)
      return
    }
    callback(null, read)
  }

  /** Contents are read by unpack-zip-entry.ts. */
  override _readStreamForRange(): Readable {
    return Readable.from([])
  }
}

/** Reads a zip file that can be read anywhere. Never rejects but for what `file.read` throws. */
export async function unpackZip(place: ArchivePlace, file: RandomAccess, scope: Scope): Promise<void> {
  const zip = await open(file)
  const { sink } = scope.context
  if (zip === null) {
    sink.shortfall({ path: place.path, reason: 'begins like a zip file and has no directory that can be read' })
    return
  }
  const entries = new ZipEntries(place, file, scope)
  const covered: Covered[] = []
  for await (const entry of entriesOf(zip)) {
    const range = entry === null ? null : await entries.unpack(zip, entry)
    if (range !== null) covered.push(range)
    if (entry === null) sink.shortfall({ path: place.path, reason: BROKEN })
  }
  sink.counted(entries.items, entries.bytes)
  if (hasHiddenEntry(file, covered)) {
    sink.shortfall({ path: place.path, reason: 'has entries that its directory does not list' })
  }
}

async function open(file: RandomAccess): Promise<ZipFile | null> {
  try {
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false }
    return await fromRandomAccessReaderPromise(new Reader(file), file.size, options)
  } catch {
    // Whatever yauzl says about the directory: it cannot be read, and that is told.
    return null
  }
}

/** The entries; null: the directory is broken from here on. */
async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry | null> {
  try {
    for await (const entry of zip.eachEntry()) yield entry
  } catch {
    // As above.
    yield null
  }
}

/** Opens a zip file that comes in pieces: kept whole, for its directory is at its end. */
export class Zip implements Consumer {
  readonly #place: ArchivePlace
  readonly #scope: Scope
  #kept: Uint8Array[] = []
  #length = 0

  constructor(place: ArchivePlace, scope: Scope) {
    this.#place = place
    this.#scope = scope
  }

  write(bytes: Uint8Array): null {
    this.#length += bytes.length
    if (this.#length <= this.#scope.context.limits.zipBytes) this.#kept.push(bytes)
    else this.#kept = []
    return null
  }

  end(): Promise<void> | null {
    const most = this.#scope.context.limits.zipBytes
    if (this.#length > most) {
      const reason = `is a zip file of more than ${Math.floor(most / MIB)} MiB inside of another file`
      this.#scope.context.sink.shortfall({ path: this.#place.path, reason })
      return null
    }
    const [only] = this.#kept
    const bytes = this.#kept.length === 1 && only !== undefined ? only : Buffer.concat(this.#kept)
    this.#kept = []
    return unpackZip(this.#place, accessTo(bytes), this.#scope)
  }
}

/** Bytes in memory, to be read like a file. */
export function accessTo(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read(buffer, offset, length, position) {
      const part = bytes.subarray(position, position + length)
      buffer.set(part, offset)
      return part.length
    }
  }
}
