/** Searches names of directory entries many at a time: one search a batch instead of one a name. */
import type { Form } from '../evidence.js'
import type { Matcher } from './matcher.js'

const BATCH_BYTES = 64 * 1024
const MOST_NAMES = 1024
/** NAME_MAX (linux/limits.h). */
const NAME_BYTES = 255
/** Of a long directory's path only so much can be part of a match that reaches into the name. */
const TAIL_BYTES = 1024

export type NameHit = (name: string, secret: number, form: Form) => void

/**
 * Gathers the latin1 paths of entries of one directory, separated by a NUL that no path has, and searches them together.
 * A match counts for the entry whose own name it touches: what lies in the directory's part alone was told there.
 */
export class NameBatch {
  readonly #matcher: Matcher
  readonly #bytes = Buffer.allocUnsafeSlow(BATCH_BYTES)
  readonly #names: string[] = []
  readonly #starts = new Int32Array(MOST_NAMES)
  #length = 0

  constructor(matcher: Matcher) {
    this.#matcher = matcher
  }

  /** Searches the names of a directory. Each (name, secret, form) is told once. */
  search(directory: string, names: Iterable<string>, onHit: NameHit): void {
    const tail = `${directory.slice(-TAIL_BYTES)}/`
    for (const name of names) {
      if (this.#names.length === MOST_NAMES || this.#length + tail.length + NAME_BYTES >= BATCH_BYTES)
        this.#flush(onHit)
      this.#length += this.#bytes.write(tail, this.#length, 'latin1')
      this.#starts[this.#names.length] = this.#length
      this.#length += this.#bytes.write(name, this.#length, 'latin1')
      this.#bytes[this.#length] = 0
      this.#length += 1
      this.#names.push(name)
    }
    this.#flush(onHit)
  }

  #flush(onHit: NameHit): void {
    const told = new Set<string>()
    this.#matcher.search(this.#bytes, 0, this.#length, (needle, from) => {
      const to = from + needle.bytes.length
      const index = this.#lastStartingBefore(to)
      const name = this.#names[index]
      const start = this.#starts[index] ?? 0
      if (name === undefined || to <= start || to > start + name.length || from < this.#entryStart(index)) return
      const key = `${needle.secret} ${needle.form} ${index}`
      if (told.has(key)) return
      told.add(key)
      onHit(name, needle.secret, needle.form)
    })
    this.#names.length = 0
    this.#length = 0
  }

  /** Where the entry's directory part begins: behind the name before it and its NUL. */
  #entryStart(index: number): number {
    if (index === 0) return 0
    return (this.#starts[index - 1] ?? 0) + (this.#names[index - 1]?.length ?? 0) + 1
  }

  /** The last entry whose name starts before an offset. */
  #lastStartingBefore(offset: number): number {
    let low = 0
    let high = this.#names.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) < offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
