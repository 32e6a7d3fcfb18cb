/** Searches a stream of text for needles and for texts, knowing the line of what it finds. */
import type { Form } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'

const NEWLINE = 0x0a

/** First occurrence of a secret in a form. */
export interface LineMatch {
  secret: number
  form: Form
  /** Of its first byte, in bytes from the beginning. */
  offset: number
  /** 1-based. */
  line: number
}

/** Matches by secret and form. */
export type LineMatches = Map<string, LineMatch>

/** Adds to `found` what it finds; `start` says what went before in the stream. */
export class LineSearch {
  readonly #matcher: Matcher
  readonly #found: LineMatches
  /** Bytes and newlines before `#carry`. */
  readonly #before: { bytes: number; lines: number }
  /** End of what was searched: an occurrence that crosses into the next chunk starts in it. */
  #carry: Buffer = Buffer.alloc(0)

  constructor(matcher: Matcher, found: LineMatches, start: { bytes: number; lines: number }) {
    this.#matcher = matcher
    this.#found = found
    this.#before = { ...start }
  }

  push(chunk: Uint8Array): void {
    const window = Buffer.concat([this.#carry, chunk])
    this.#matcher.search(window, 0, window.length, ({ secret, form }, at) => {
      this.#add(window, { secret, form, at })
    })
    const done = Math.max(0, window.length - Math.max(0, this.#matcher.longest - 1))
    this.#before.bytes += done
    this.#before.lines += newlines(window.subarray(0, done))
    this.#carry = Buffer.from(window.subarray(done))
  }

  #add(window: Buffer, match: { secret: number; form: Form; at: number }): void {
    const { secret, form, at } = match
    const key = `${secret} ${form}`
    const offset = this.#before.bytes + at
    const known = this.#found.get(key)
    if (known !== undefined && known.offset <= offset) return
    const line = this.#before.lines + newlines(window.subarray(0, at)) + 1
    this.#found.set(key, { secret, form, offset, line })
  }
}

/** Waits for a text in a stream. */
export class TextWatch {
  seen = false
  readonly #text: Buffer
  #carry: Buffer = Buffer.alloc(0)

  constructor(text: string) {
    this.#text = Buffer.from(text)
  }

  push(chunk: Uint8Array): void {
    if (this.seen) return
    const window = Buffer.concat([this.#carry, chunk])
    this.seen = window.includes(this.#text)
    this.#carry = Buffer.from(window.subarray(Math.max(0, window.length - this.#text.length + 1)))
  }
}

/** How many newlines there are. */
export function newlines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1
  return count
}
