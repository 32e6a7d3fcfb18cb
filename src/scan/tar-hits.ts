/** Tells which entry of a tar archive, and which part of it, each occurrence in the stream belongs to. */
import { FORMS, type Form, type ItemPart } from '../evidence.js'
import { fieldAt, TYPE, type TarEntry } from './tar-entry.js'
import { BLOCK } from './tar-fields.js'
import { PaxRecords } from './tar-pax.js'
import type { TarRole } from './tar.js'
import type { Occurrence } from './tar-search.js'

const PARTS: readonly ItemPart[] = ['content', 'name', 'link-target', 'xattr', 'header']

/** Which secret, in which form. */
export interface Found {
  secret: number
  form: Form
}

/** Told at most once an entry, part, secret and form. `offset`: in the content, else from the entry's first block, or the archive's. */
export type OnTarHit = (what: Found, part: ItemPart, offset: number) => void

/** A long name, records: what precedes the header of an entry. */
interface Extension {
  type: number
  at: number
  content: Buffer
  /** Read when first asked for. */
  records?: PaxRecords | null
}

/**
 * What lies in a header or before it waits until the header has been read, for only then it is known whose it is. An
 * occurrence belongs where its last byte lies.
 */
export class TarHits {
  readonly #onHit: OnTarHit
  #held: Occurrence[] = []
  #extensions: Extension[] = []
  readonly #told = new Set<number>()
  #start = 0
  #contentAt = 0

  constructor(onHit: OnTarHit) {
    this.#onHit = onHit
  }

  /** An occurrence that ends in bytes of this role. */
  add(role: TarRole, occurrence: Occurrence): void {
    const { needle, start } = occurrence
    if (role === 'header' || role === 'extension') this.#held.push(occurrence)
    else if (role === 'content' && start >= this.#contentAt) this.tell(needle, 'content', start - this.#contentAt)
    else this.tell(needle, 'header', Math.max(0, start - this.#start))
  }

  extension(extension: Extension): void {
    // Only to tell apart what was found in it.
    if (this.#held.length > 0) this.#extensions.push(extension)
  }

  /** What was held is this entry's. */
  entry(entry: TarEntry): void {
    this.#begin(entry.start, entry.contentAt)
    for (const { needle, start, end } of this.#held) {
      this.tell(needle, this.#partAt(end - 1, entry), Math.max(0, start - entry.start))
    }
    this.#release()
  }

  /** What was held belongs to no entry, and what follows neither. */
  none(): void {
    this.#begin(0, Infinity)
    for (const { needle, start } of this.#held) this.tell(needle, 'header', start)
    this.#release()
  }

  tell(what: Found, part: ItemPart, offset: number): void {
    const key = (what.secret * FORMS.length + FORMS.indexOf(what.form)) * PARTS.length + PARTS.indexOf(part)
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#onHit(what, part, offset)
  }

  #begin(start: number, contentAt: number): void {
    this.#start = start
    this.#contentAt = contentAt
    if (this.#told.size > 0) this.#told.clear()
  }

  #release(): void {
    if (this.#held.length > 0) this.#held = []
    if (this.#extensions.length > 0) this.#extensions = []
  }

  #partAt(position: number, entry: TarEntry): ItemPart {
    if (position >= entry.headerAt && position < entry.headerAt + BLOCK) return fieldAt(position - entry.headerAt)
    const extension = this.#extensions.find(({ at, content }) => position >= at && position < at + content.length)
    if (extension === undefined) return 'header'
    if (extension.type === TYPE.longName) return 'name'
    if (extension.type === TYPE.longLink) return 'link-target'
    extension.records ??= PaxRecords.parse(extension.content)
    return partOfKey(extension.records?.keyAt(position - extension.at) ?? '')
  }
}

function partOfKey(key: string): ItemPart {
  if (key === 'path' || key === 'GNU.sparse.name') return 'name'
  if (key === 'linkpath') return 'link-target'
  return /^(SCHILY|LIBARCHIVE)\.(xattr|acl)\./.test(key) ? 'xattr' : 'header'
}
