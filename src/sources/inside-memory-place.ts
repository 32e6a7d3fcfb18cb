/** Collects what lies in memory: which mount a path belongs to, the files, the hits, and contents for discovery. */
import type { Hit, MemoryFile } from '../evidence.js'
import type { ItemHit } from '../scan/types.js'
import type { TarEntry } from './engine-tar.js'
import { isMemory, isWithin, mountOf, otherMemory, type MountLine } from '../kernel/mountinfo.js'

/** A larger file is not handed to discovery. */
export const FILE_BYTES = 1024 * 1024
/** All that is handed to discovery. */
const CONTENT_BYTES = 8 * 1024 * 1024

/** A declared tmpfs path, and where it lies once symlinks are resolved. */
export interface DeclaredPath {
  declared: string
  real: string
}

export interface MemoryContent {
  path: string
  /** Secret. */
  bytes: Buffer
}

interface Place {
  mount: string
  declared: boolean
  /** The path as the user knows it: under the declared path, not under where that leads. */
  path: string
}

export class MemoryCollector {
  readonly hits: Hit[] = []
  readonly files: MemoryFile[] = []
  readonly contents: MemoryContent[] = []
  /** Files under the declared paths that were too large for discovery. */
  tooLarge = 0
  /** Looked at under the declared paths and elsewhere. */
  readonly counts = { declared: { items: 0, bytes: 0 }, other: { items: 0, bytes: 0 } }
  /** Directories and files to read, none within another; absolute. */
  readonly roots: string[]
  readonly #declared: readonly DeclaredPath[]
  readonly #table: readonly MountLine[] | null
  readonly #others: string[]
  readonly #delivered: ReadonlySet<string>
  #room = CONTENT_BYTES

  /** `table` null: the mounts are not known, and all under the declared paths and `/dev/shm` is taken for memory. */
  constructor(declared: readonly DeclaredPath[], table: readonly MountLine[] | null, delivered: readonly string[]) {
    this.#declared = declared
    this.#table = table
    const real = declared.map((each) => each.real)
    this.#others = table === null ? ['/dev/shm'] : otherMemory(table, real)
    this.#delivered = new Set(delivered)
    const all = [...new Set([...real, ...this.#others])]
    this.roots = all.filter((path) => !all.some((each) => each !== path && isWithin(path, each)))
  }

  /** Which memory a path lies in; null: none that is to be looked at here (a volume below a tmpfs, say). */
  place(path: string): Place | null {
    if (this.#table !== null && !isMemory(mountOf(this.#table, path)?.fstype ?? '')) return null
    const declared = longest(this.#declared, path, (each) => each.real)
    if (declared !== null) {
      const shown = declared.declared + path.slice(declared.real.length)
      return { mount: declared.declared, declared: true, path: shown }
    }
    const other = longest(this.#others, path, (each) => each)
    return other === null ? null : { mount: other, declared: false, path }
  }

  /** Counts one entry that is looked at. */
  count(entry: { path: string; size: number }): void {
    const counts = this.place(entry.path)?.declared === true ? this.counts.declared : this.counts.other
    counts.items += 1
    counts.bytes += entry.size
  }

  hit({ secret, form, path, part, offset }: ItemHit, entryPath: string): void {
    const place = this.place(entryPath)
    if (place === null) return
    const shown = place.path + path.slice(entryPath.length)
    const at = part === 'content' ? offset : null
    const { mount, declared } = place
    this.hits.push({
      secret,
      form,
      view: 'inside',
      location: { kind: 'memory', mount, declared, path: shown, part, offset: at }
    })
  }

  /** A regular file; `content` null: too large to be handed on. */
  file(entry: Omit<TarEntry, 'type'>, content: Buffer | null): void {
    const place = this.place(entry.path)
    if (place?.declared !== true) return
    const { size, mode, uid, gid } = entry
    const { path } = place
    const delivered = this.#delivered.has(path)
    this.files.push({ mount: place.mount, path, bytes: size, delivered, mode, uid, gid, others: [] })
    if (content === null || content.length > this.#room) this.tooLarge += 1
    else {
      this.#room -= content.length
      this.contents.push({ path, bytes: content })
    }
  }
}

function longest<T>(all: readonly T[], path: string, of: (each: T) => string): T | null {
  const fitting = all.filter((each) => isWithin(path, of(each)))
  return fitting.sort((a, b) => of(b).length - of(a).length)[0] ?? null
}
