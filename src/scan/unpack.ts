/**
 * Searches inside archives, nested to a depth: gzip, zstd, zip (jar, whl) and tar. The outer bytes are the caller's to
 * search; here it is what can only be seen unpacked. What is not read to its end is a shortfall, never a silent skip.
 */
import { Frames } from './unpack-frames.js'
import { GZIP_CODEC } from './unpack-gzip.js'
import type { ArchiveKind } from './unpack-kind.js'
import { Member } from './unpack-member.js'
import { MIB, Scope, type ArchivePlace, type Consumer, type UnpackContext } from './unpack-scope.js'
import { Tar } from './unpack-tar.js'
import { unpackZip, Zip, type RandomAccess } from './unpack-zip.js'
import { ZSTD_CODEC } from './unpack-zstd.js'

export { archiveKind, type ArchiveKind } from './unpack-kind.js'
export { DEFAULT_LIMITS, type UnpackContext, type UnpackLimits, type UnpackSink } from './unpack-scope.js'
export type { RandomAccess } from './unpack-zip.js'

/** An item that may be an archive, or be in one: its path, and how many archives are around it. */
export interface Unpacking {
  path: string
  depth: number
  context: UnpackContext
}

/** A scope for one outermost archive. */
export function newScope(context: UnpackContext): Scope {
  return new Scope(context, openArchive)
}

function openArchive(kind: ArchiveKind, place: ArchivePlace & { outermost: boolean }, scope: Scope): Consumer {
  return place.outermost ? new Outermost(opened(kind, place, scope), scope) : opened(kind, place, scope)
}

function opened(kind: ArchiveKind, place: ArchivePlace, scope: Scope): Consumer {
  switch (kind) {
    case 'gzip':
      return new Frames(GZIP_CODEC, place, scope)
    case 'zstd':
      return new Frames(ZSTD_CODEC, place, scope)
    case 'zip':
      return new Zip(place, scope)
    case 'tar':
      return new Tar(place, scope)
  }
}

/** Counts what goes in. */
class Outermost implements Consumer {
  readonly #inner: Consumer
  readonly #scope: Scope

  constructor(inner: Consumer, scope: Scope) {
    this.#inner = inner
    this.#scope = scope
  }

  write(bytes: Uint8Array): Promise<void> | null {
    this.#scope.took(bytes.length)
    return this.#inner.write(bytes)
  }

  end(): Promise<void> | null {
    return this.#inner.end()
  }
}

/** Searches inside an archive that can be read anywhere. Rejects only with what `file.read` throws. */
export async function unpackFile(
  kind: ArchiveKind,
  path: string,
  file: RandomAccess,
  context: UnpackContext
): Promise<void> {
  const place = { path, depth: 1, size: file.size }
  const scope = newScope(context)
  if (kind === 'zip') {
    scope.took(file.size)
    await unpackZip(place, file, scope)
    return
  }
  const consumer = scope.open(kind, place)
  for (let at = 0; at < file.size;) {
    // A new one each time: the consumer keeps what it has not yet done with.
    const buffer = Buffer.allocUnsafe(Math.min(MIB, file.size - at))
    const length = file.read(buffer, 0, buffer.length, at)
    if (length === 0) break
    at += length
    await consumer.write(buffer.subarray(0, length))
  }
  await consumer.end()
}

/** Searches inside an archive that comes in chunks, which may not be changed afterwards. Rejects as `chunks` does. */
export async function unpackChunks(
  kind: ArchiveKind,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  context: UnpackContext
): Promise<void> {
  await consume(newScope(context).open(kind, { path, depth: 1, size: null }), chunks)
}

/**
 * Searches an item, called `shown` in hits, raw and, where it is an archive, inside. The chunks may not be changed
 * afterwards. Rejects as `chunks` does.
 */
export async function searchInside(
  { depth, context }: Unpacking,
  chunks: AsyncIterable<Uint8Array>,
  shown: string
): Promise<void> {
  const scope = newScope(context)
  const member = new Member(context, () => scope, true)
  member.begin({ path: () => shown, size: null, depth: depth + 1, compressed: null })
  await consume(member, chunks)
}

async function consume(consumer: Consumer, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) await consumer.write(chunk)
  await consumer.end()
}
