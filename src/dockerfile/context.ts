/** Where in the build context a secret came from that was found in a layer. */
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import type { SourceRange } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
import { firstLines } from './lines.js'
import { ignoredBy } from './ignore.js'

const MOST_FILES = 20_000
const LARGEST_FILE = 64 * 1024 * 1024
/** All files of one run together, and the time for them: an origin is a help, not a proof. */
const MOST_BYTES = 512 * 1024 * 1024
const MOST_MS = 10_000
/** Looked at last: seldom the source, and most of the files. */
const LAST = new Set(['.git', 'node_modules'])

export interface ContextRequest {
  /** Absolute path of the build context. */
  context: string
  /** Absolute path that annotations are relative to. */
  workspace: string
  /** Absolute path of the Dockerfile: a `.dockerignore` beside it that bears its name goes first. */
  dockerfile: string
}

/** Files of one build context, each read at most once. */
export class ContextFiles {
  readonly #request: ContextRequest
  readonly #matcher: Matcher
  readonly #lines = new Map<string, ReadonlyMap<number, number>>()
  #files: Promise<string[]> | null = null
  #bytes = 0
  #ms = 0

  constructor(request: ContextRequest, matcher: Matcher) {
    this.#request = request
    this.#matcher = matcher
  }

  /**
   * Returns the line of the context file that holds the secret, given the path it was found at in the image (an archive
   * member as `/a/b.tgz!inner`). Files of the same name come first, those with more of the same folders before others.
   * null: none of those that the builder sees holds it, or the limits of files, bytes or time were reached.
   */
  async origin(path: string, secret: number): Promise<SourceRange | null> {
    if (this.#ms > MOST_MS) return null
    const started = performance.now()
    try {
      this.#files ??= listFiles(this.#request)
      for (const file of inOrder(await this.#files, path)) {
        if (this.#bytes > MOST_BYTES || this.#ms + performance.now() - started > MOST_MS) return null
        const line = (await this.#read(file)).get(secret)
        const range = line === undefined ? null : this.#range(file, line)
        if (range !== null) return range
      }
      return null
    } finally {
      this.#ms += performance.now() - started
    }
  }

  /** null when the path leaves the workspace, or would itself show a secret. */
  #range(file: string, line: number): SourceRange | null {
    const path = relative(this.#request.workspace, join(this.#request.context, file))
    if (path.startsWith('..') || this.#matcher.has(Buffer.from(path))) return null
    return { file: path, startLine: line, endLine: line }
  }

  async #read(file: string): Promise<ReadonlyMap<number, number>> {
    const known = this.#lines.get(file)
    if (known !== undefined) return known
    const bytes = await readRegular(join(this.#request.context, file))
    const lines = bytes === null ? new Map<number, number>() : firstLines(bytes, this.#matcher)
    this.#bytes += bytes?.length ?? 0
    this.#lines.set(file, lines)
    return lines
  }
}

/** Reads a regular file up to 64 MiB without following a link; null for anything else and what cannot be read. */
async function readRegular(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = await file.stat()
      return stat.isFile() && stat.size <= LARGEST_FILE ? await file.readFile() : null
    } finally {
      await file.close()
    }
  } catch {
    // Gone, unreadable, a link: no origin is told, and the finding stands without one.
    return null
  }
}

/** Paths relative to the context, at most 20,000, without links and without what `.dockerignore` keeps from the builder. */
async function listFiles(request: ContextRequest): Promise<string[]> {
  const own = `${request.dockerfile}.dockerignore`
  const rules = (await readRegular(own)) ?? (await readRegular(join(request.context, '.dockerignore')))
  const ignored = ignoredBy(rules?.toString() ?? '')
  const files: string[] = []
  const first = ['']
  const last: string[] = []
  for (let folder = first.shift(); folder !== undefined; folder = first.shift() ?? last.shift()) {
    for (const entry of await entriesOf(join(request.context, folder))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) (LAST.has(entry.name) ? last : first).push(path)
      else if (entry.isFile() && !ignored(path)) files.push(path)
      if (files.length === MOST_FILES) return files
    }
  }
  return files
}

interface Entry {
  name: string
  isDirectory: () => boolean
  isFile: () => boolean
}

async function entriesOf(folder: string): Promise<Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // A folder that cannot be read cannot be copied into the image by the builder either.
    return []
  }
}

/** Those of the same base name first, by how many folders at the end are the same; then the others as listed. */
function inOrder(files: readonly string[], imagePath: string): string[] {
  const outer = imagePath.split('!')[0] ?? ''
  const names = new Set(imagePath.split('!').map((each) => basename(each)))
  const same = files.filter((file) => names.has(basename(file)))
  const depth = new Map(same.map((file) => [file, commonEnd(file, outer)]))
  const sorted = [...same].sort((a, b) => (depth.get(b) ?? 0) - (depth.get(a) ?? 0))
  return [...sorted, ...files.filter((file) => !depth.has(file))]
}

function commonEnd(one: string, other: string): number {
  const [a, b] = [one.split('/').reverse(), other.split('/').reverse()]
  const different = a.findIndex((part, index) => part !== b[index])
  return different < 0 ? a.length : different
}
