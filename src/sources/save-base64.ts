/** Searches what base64 in a stream stands for: provenance holds the Dockerfile like that, among others. */
import { ItemSearch } from '../scan/item-search.js'
import type { Matcher } from '../scan/matcher.js'
import type { Match } from '../scan/types.js'

/** Shorter ones are words, or shorter than any secret in any form. */
const SHORTEST = 24
/** Characters decoded at a time: a multiple of four. */
const AT_ONCE = 64 * 1024

const IS_BASE64 = new Uint8Array(256)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  IS_BASE64[character.charCodeAt(0)] = 1
}

/** Takes a stream in chunks; each run of base64 characters, of either alphabet, is decoded and searched as one item. */
export class Base64Search {
  readonly #search: ItemSearch
  readonly #onMatch: (match: Match) => void
  readonly #run = Buffer.alloc(AT_ONCE)
  /** Characters of the current run that are kept, and whether some of it has been decoded before. */
  #kept = 0
  #isLong = false
  #position = 0
  #start = 0

  /** `onMatch` gets, as offset, where in the stream the run starts. */
  constructor(matcher: Matcher, onMatch: (match: Match) => void) {
    this.#search = new ItemSearch(matcher)
    this.#onMatch = onMatch
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const from = at
      while (at < bytes.length && IS_BASE64[bytes[at] as number] === 1) at++
      if (at > from) this.#take(bytes, from, at)
      if (at === bytes.length) break
      this.#endRun()
      while (at < bytes.length && IS_BASE64[bytes[at] as number] === 0) at++
    }
    this.#position += bytes.length
  }

  end(): void {
    this.#endRun()
  }

  #take(bytes: Uint8Array, from: number, to: number): void {
    if (this.#kept === 0 && !this.#isLong) this.#start = this.#position + from
    for (let at = from; at < to;) {
      const length = Math.min(to - at, AT_ONCE - this.#kept)
      this.#run.set(bytes.subarray(at, at + length), this.#kept)
      this.#kept += length
      at += length
      if (this.#kept === AT_ONCE) this.#decode()
    }
  }

  #decode(): void {
    if (!this.#isLong) this.#search.begin()
    this.#isLong = true
    this.#search.push(Buffer.from(this.#run.toString('latin1', 0, this.#kept), 'base64'))
    this.#kept = 0
  }

  #endRun(): void {
    if (this.#isLong || this.#kept >= SHORTEST) {
      this.#decode()
      for (const match of this.#search.end()) this.#onMatch({ ...match, offset: this.#start })
    }
    this.#kept = 0
    this.#isLong = false
  }
}
