/** Searches a tar stream that the engine, or a `tar` inside the container, writes to stdout. */
import type { Readable } from 'node:stream'
import { extract as tarExtract, type Extract, type Header } from 'tar-stream'
import type { StreamedCommand } from '../docker/cli.js'
import type { ItemPart } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import type { ItemHit, Match, Shortfall } from '../scan/types.js'
import { DEFAULT_LIMITS, searchInside, type UnpackSink } from '../scan/unpack.js'
import type { Search } from './engine-context.js'
import { nameMatches, textMatches } from './engine-names.js'

const STDERR_BYTES = 4096
/** A tar ends with two blocks of zeros (POSIX, pax interchange format). */
const END_BYTES = 1024

type Entry = Extract extends AsyncIterable<infer Source> ? Source : never

/** What stands in an entry's header. */
export interface TarEntry {
  /** Absolute. */
  path: string
  type: string
  size: number
  /** Four octal digits. */
  mode: string
  uid: number
  gid: number
}

export interface TarRequest extends Search {
  /** Absolute path of an entry by its name in the archive. */
  pathOf: (name: string) => string
  /** pass: not looked at. stop: neither this one nor any behind it. */
  wants: (entry: TarEntry) => 'look' | 'pass' | 'stop'
  onHit: (hit: ItemHit, entry: TarEntry) => void
  /** Bytes of the content to hand to `onContent`; larger files are handed over as null. */
  keepBytes?: number
  onContent?: (entry: TarEntry, content: Buffer | null) => void
}

export interface TarEnd {
  /** Entries looked at, and bytes of content searched. */
  items: number
  bytes: number
  /** null: read to its end, well-formed, and every archive in it searched inside. */
  reason: string | null
  /** `wants` said stop; then it was not read to its end on purpose. */
  stopped: boolean
  /** Beginning of stderr: foreign text. */
  stderr: string
}

/** Reads and searches the archive that a command writes. Never throws. */
export async function scanTar(command: StreamedCommand, request: TarRequest): Promise<TarEnd> {
  const scan = new TarScan(request)
  const tail = watchTail(command.stdout)
  let stderr = Buffer.alloc(0)
  command.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < STDERR_BYTES) stderr = Buffer.concat([stderr, chunk])
  })
  const broken = await readEntries(command, scan)
  const exit = await command.exit
  const cut = broken || !tail.isEnd() ? 'the archive was cut short or is broken' : null
  const reason = exit.reason ?? cut ?? scan.shortfall()
  return {
    items: scan.items,
    bytes: scan.bytes,
    reason: scan.stopped ? null : reason,
    stopped: scan.stopped,
    stderr: stderr.subarray(0, STDERR_BYTES).toString()
  }
}

/** Returns whether the archive was broken. */
async function readEntries({ stdout, kill }: StreamedCommand, scan: TarScan): Promise<boolean> {
  const extract = tarExtract()
  feed(stdout, extract)
  try {
    for await (const entry of extract) {
      await scan.entry(entry)
      if (scan.stopped) break
    }
    return false
  } catch {
    // Not a tar, or one that ends in the middle: said as a value, the bytes behind were not searched.
    return true
  } finally {
    if (scan.stopped) kill()
    stdout.resume()
  }
}

/** A pipe between the two kinds of streams; what comes after the archive was given up is dropped. */
function feed(stdout: Readable, extract: Extract): void {
  let open = true
  extract.once('close', () => {
    open = false
    stdout.resume()
  })
  extract.on('drain', () => stdout.resume())
  stdout.on('data', (chunk: Buffer) => {
    if (open && !extract.write(chunk)) stdout.pause()
  })
  stdout.once('close', () => {
    if (open) extract.end(undefined)
  })
  stdout.once('error', (error) => {
    extract.destroy(error)
  })
}

/** Remembers whether the last bytes were the end of an archive. */
function watchTail(stream: Readable): { isEnd: () => boolean } {
  let tail = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk.subarray(-END_BYTES)]).subarray(-END_BYTES)
  })
  return { isEnd: () => tail.length === END_BYTES && tail.every((byte) => byte === 0) }
}

class TarScan {
  items = 0
  bytes = 0
  stopped = false
  readonly #request: TarRequest
  readonly #search: ItemSearch
  readonly #shortfalls: Shortfall[] = []

  constructor(request: TarRequest) {
    this.#request = request
    this.#search = new ItemSearch(request.matcher)
  }

  async entry(stream: Entry): Promise<void> {
    const entry = entryOf(stream, this.#request.pathOf)
    const wanted = this.#request.wants(entry)
    if (wanted === 'stop') this.stopped = true
    if (wanted !== 'look') {
      stream.resume()
      return
    }
    this.items += 1
    this.#names(entry, stream.header.linkname)
    this.#attributes(entry, stream.header)
    await this.#content(entry, stream)
  }

  #names(entry: TarEntry, linkname: string | null): void {
    this.#tell(entry, nameMatches(this.#search, entry.path), 'name')
    if (linkname !== null) this.#tell(entry, textMatches(this.#search, linkname), 'link-target')
  }

  #attributes(entry: TarEntry, header: Header): void {
    const pax = header.pax as Record<string, string> | null | undefined
    for (const [key, value] of Object.entries(pax ?? {})) {
      if (key.startsWith('SCHILY.xattr.')) this.#tell(entry, textMatches(this.#search, `${key}\n${value}`), 'xattr')
    }
  }

  /** Why an archive in it was not searched to its end, in our own words; null when all were. */
  shortfall(): string | null {
    const [first] = this.#shortfalls
    if (first === undefined) return null
    const more = this.#shortfalls.length > 1 ? ` (and ${this.#shortfalls.length - 1} more)` : ''
    return `${this.#request.clean(first.path)} ${first.reason}${more}`
  }

  /** Also inside, where it is an archive itself. */
  async #content(entry: TarEntry, stream: Entry): Promise<void> {
    const { matcher, onHit, onContent, keepBytes = 0 } = this.#request
    const keeps = onContent !== undefined && entry.size <= keepBytes
    const kept: Buffer[] = []
    const chunks = tap(stream as AsyncIterable<Uint8Array>, (chunk) => {
      this.bytes += chunk.length
      if (keeps) kept.push(Buffer.from(chunk))
    })
    const sink: UnpackSink = {
      hit: (hit) => {
        onHit(hit, entry)
      },
      shortfall: (shortfall) => this.#shortfalls.push(shortfall),
      counted: () => undefined
    }
    await searchInside(
      { path: entry.path, depth: 0, context: { matcher, limits: DEFAULT_LIMITS, sink } },
      chunks,
      entry.path
    )
    if (entry.type === 'file') onContent?.(entry, keeps ? Buffer.concat(kept) : null)
  }

  #tell(entry: TarEntry, matches: readonly Match[], part: ItemPart): void {
    for (const match of matches) this.#request.onHit({ ...match, path: entry.path, part }, entry)
  }
}

async function* tap(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onChunk(chunk)
    yield chunk
  }
}

function entryOf({ header }: Entry, pathOf: (name: string) => string): TarEntry {
  const path = pathOf(header.name).replace(/\/+$/, '')
  return {
    path: path === '' ? '/' : path,
    type: header.type,
    size: header.size,
    mode: (header.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: header.uid,
    gid: header.gid
  }
}
