/** One stream of a program's output: searched as it flows, kept in memory for a second look. */
import type { Matcher } from '../scan/matcher.js'
import { LineSearch, newlines, TextWatch, type LineMatch, type LineMatches } from './engine-lines.js'

/** Small chunks are gathered up to this many bytes: each search also looks at the end of what came before. */
const BATCH_BYTES = 64 * 1024
/** Kept of the end of a stream once the budget is spent, in bytes, for the last lines. */
const TAIL_BYTES = 64 * 1024

/** Bytes that the streams of one program may still keep in memory together. */
export interface Budget {
  left: number
}

/** Searches and keeps one stream. Chunks are copied, so the caller may reuse them. */
export class OutputStream {
  /** Bytes that came, and newlines among them. */
  bytes = 0
  lines = 0
  readonly #budget: Budget
  #matcher: Matcher
  readonly #found: LineMatches = new Map()
  #search: LineSearch
  #pending: Buffer[] = []
  #pendingBytes = 0
  /** What came from the beginning on, while the budget lasts. */
  readonly #kept: Buffer[] = []
  #overflowed = false
  /** End of what came, once the budget is spent. */
  #tail: Buffer = Buffer.alloc(0)
  readonly #watches = new Map<string, TextWatch>()

  constructor(matcher: Matcher, budget: Budget) {
    this.#budget = budget
    this.#matcher = matcher
    this.#search = new LineSearch(matcher, this.#found, { bytes: 0, lines: 0 })
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.length
    this.lines += newlines(chunk)
    for (const watch of this.#watches.values()) watch.push(chunk)
    this.#pending.push(Buffer.from(chunk))
    this.#pendingBytes += chunk.length
    if (this.#pendingBytes >= Math.max(BATCH_BYTES, this.#matcher.longest)) this.#flush()
  }

  /** Searches for other needles, in what is kept and from here on. Returns whether that is all that came. */
  extend(matcher: Matcher): boolean {
    this.#flush()
    this.#matcher = matcher
    const search = new LineSearch(matcher, this.#found, { bytes: 0, lines: 0 })
    for (const part of this.#kept) search.push(part)
    this.#search = this.#overflowed
      ? new LineSearch(matcher, this.#found, { bytes: this.bytes, lines: this.lines })
      : search
    return !this.#overflowed
  }

  /** Whether `text` has come, in one piece; from the first call on it is looked for as the stream flows. */
  contains(text: string): boolean {
    const known = this.#watches.get(text)
    if (known !== undefined) return known.seen
    this.#flush()
    const watch = new TextWatch(text)
    for (const part of [...this.#kept, this.#tail]) watch.push(part)
    this.#watches.set(text, watch)
    return watch.seen
  }

  /** First occurrence of each secret in each form. */
  matches(): LineMatch[] {
    this.#flush()
    return [...this.#found.values()]
  }

  /**
   * The end of the stream for showing. Where bytes were let go, as many bytes as the longest needle has are left out
   * at its beginning, for they could be the rest of a secret that can no longer be recognised.
   */
  end(): Buffer {
    this.#flush()
    return this.#overflowed ? this.#tail.subarray(this.#matcher.longest) : Buffer.concat(this.#kept)
  }

  #flush(): void {
    if (this.#pendingBytes === 0) return
    const batch = Buffer.concat(this.#pending)
    this.#pending = []
    this.#pendingBytes = 0
    this.#search.push(batch)
    this.#keep(batch)
  }

  #keep(batch: Buffer): void {
    if (!this.#overflowed && batch.length <= this.#budget.left) {
      this.#budget.left -= batch.length
      this.#kept.push(batch)
      return
    }
    this.#overflowed = true
    const tail = Buffer.concat([this.#tail, batch])
    this.#tail = Buffer.from(tail.subarray(Math.max(0, tail.length - TAIL_BYTES - this.#matcher.longest)))
  }
}
