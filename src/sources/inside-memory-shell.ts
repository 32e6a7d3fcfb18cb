/** Reads memory by the image's shell, `cat`, `stat` or `ls`, and `readlink`, where it has no tar. */
import { Readable } from 'node:stream'
import type { ItemPart } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import type { ItemHit, Match, Shortfall } from '../scan/types.js'
import { archiveKind, DEFAULT_LIMITS, searchInside } from '../scan/unpack.js'
import type { ContainerContext, Search } from './engine-context.js'
import { nameMatches } from './engine-names.js'
import { longListing, statClaim, type ToolClaims } from './inside-claims.js'
import { runScript } from './inside-exec.js'
import { FILE_BYTES, type MemoryCollector } from './inside-memory-place.js'
import type { SectionHandler } from './inside-sections.js'

const MOST_BYTES = 4 * 1024 * 1024 * 1024
const PATH_BYTES = 8192

/** Sections: `entry KIND` with the path, then of a file `stat`, `long` and `content`, of a link `target`. */
const SCRIPT = [
  'one() {',
  `  if [ -L "$1" ]; then s 'entry link'; printf %s "$1"; t target readlink "$1"`,
  `  elif [ -d "$1" ]; then s 'entry directory'; printf %s "$1"; walk "$1"`,
  `  elif [ -f "$1" ]; then s 'entry file'; printf %s "$1"; t stat stat -c '%a %u %g' "$1"; t long ls -ldn "$1"; t content cat "$1"`,
  `  elif [ -e "$1" ]; then s 'entry other'; printf %s "$1"; fi; }`,
  'walk() { for f in "$1"/* "$1"/.[!.]* "$1"/..?*; do one "$f"; done; }',
  'for r in "$@"; do one "$r"; done'
]

/** Fills the collector; returns why not everything could be read, or null. */
export async function readByShell(
  context: ContainerContext,
  search: Search,
  collector: MemoryCollector
): Promise<string | null> {
  const reader = new ShellReader(search, collector)
  const end = await runScript(context, { lines: SCRIPT, args: collector.roots, maxBytes: MOST_BYTES }, reader)
  reader.finish()
  await searchArchives(reader.archives, search, collector, (problem) => {
    reader.problem ??= problem
  })
  return end.reason ?? reader.problem
}

/** An archive that was kept; null: it was too large to keep. */
interface Archive {
  path: string
  bytes: Buffer | null
}

async function searchArchives(
  archives: readonly Archive[],
  search: Search,
  collector: MemoryCollector,
  onProblem: (problem: string) => void
): Promise<void> {
  for (const { path, bytes } of archives) {
    if (bytes === null) {
      onProblem(`${search.clean(path)} is an archive too large to be searched inside without tar`)
      continue
    }
    const sink = {
      hit: (hit: ItemHit): void => {
        if (hit.path !== path) collector.hit(hit, path)
      },
      shortfall: ({ path: at, reason }: Shortfall): void => {
        onProblem(`${search.clean(at)} ${reason}`)
      },
      counted: (): void => undefined
    }
    const context = { matcher: search.matcher, limits: DEFAULT_LIMITS, sink }
    await searchInside({ path, depth: 0, context }, Readable.from([bytes]), path)
  }
}

class ShellReader implements SectionHandler {
  /** Why something was not read. */
  problem: string | null = null
  readonly archives: Archive[] = []
  readonly #collector: MemoryCollector
  readonly #search: ItemSearch
  #label = ''
  #text: Buffer[] = []
  #length = 0
  /** The entry that the sections are about; null: none, or one that is not looked at. */
  #path: string | null = null
  #status: ToolClaims['stat'] = null
  #content: { matches: readonly Match[]; bytes: Buffer | null; size: number; isArchive: boolean } | null = null

  constructor({ matcher }: Search, collector: MemoryCollector) {
    this.#collector = collector
    this.#search = new ItemSearch(matcher)
  }

  begin(label: string): void {
    this.#end()
    this.#label = label
    this.#text = []
    this.#length = 0
    this.#search.begin()
  }

  data(bytes: Buffer): void {
    this.#length += bytes.length
    if (this.#label === 'content' || this.#label === 'target') this.#search.push(bytes)
    const most = this.#label === 'content' ? FILE_BYTES : PATH_BYTES
    if (this.#length <= most) this.#text.push(Buffer.from(bytes))
  }

  finish(): void {
    this.#end()
    this.#label = ''
  }

  #end(): void {
    const label = this.#label
    if (label.startsWith('entry ')) this.#startEntry(Buffer.concat(this.#text).toString())
    else if (this.#path === null) return
    else if (label === 'target') this.#tell(this.#search.end(), 'link-target')
    else if (label === 'stat') this.#status = statClaim(this.#said())
    else if (label === 'long') this.#status ??= longListing(this.#said())
    else if (label === 'content') this.#endContent()
    else if (label === 'content.code' || label === 'target.code') this.#endEntry(this.#said() === '0')
  }

  #said(): string {
    return Buffer.concat(this.#text).toString()
  }

  #startEntry(path: string): void {
    this.#path = this.#collector.place(path) === null ? null : path
    this.#status = null
    this.#content = null
    if (this.#path === null) return
    this.#tell(nameMatches(this.#search, path), 'name')
    if (this.#label !== 'entry file') this.#collector.count({ path, size: 0 })
  }

  #endContent(): void {
    const begin = Buffer.concat(this.#text)
    const bytes = this.#length <= FILE_BYTES ? begin : null
    const isArchive = archiveKind(begin, begin.length) !== null
    this.#content = { matches: this.#search.end(), bytes, size: this.#length, isArchive }
  }

  #endEntry(isRead: boolean): void {
    if (!isRead) this.problem ??= 'a file or link in memory could not be read with cat or readlink'
    const path = this.#path
    const content = this.#content
    if (path === null || content === null) return
    this.#tell(content.matches, 'content')
    this.#collector.count({ path, size: content.size })
    if (content.isArchive) this.archives.push({ path, bytes: content.bytes })
    if (this.#status === null) this.problem ??= 'the image has neither stat nor ls to tell the mode of a file'
    const { mode, uid, gid } = this.#status ?? { mode: '0000', uid: 0, gid: 0 }
    this.#collector.file({ path, size: content.size, mode, uid, gid }, content.bytes)
  }

  #tell(matches: readonly Match[], part: ItemPart): void {
    const path = this.#path
    if (path === null) return
    for (const match of matches) this.#collector.hit({ ...match, path, part }, path)
  }
}
