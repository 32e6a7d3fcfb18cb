/**
 * The answer of a shell script inside the container, cut into sections. A section begins with a line of the marker and
 * a label; the marker is random and reaches the shell on stdin alone, so that neither a file's content nor a tool of
 * the image can make one.
 */

/** Told of the sections as they come. Bytes handed over are valid during the call only. */
export interface SectionHandler {
  begin: (label: string) => void
  data: (bytes: Buffer) => void
}

const NEWLINE = 0x0a
/** Kept of what comes before the first section, in bytes: the engine's error text. */
const PREAMBLE_BYTES = 4096
/** The section that ends the answer. */
export const END = 'end'

/** Pushes bytes in, gets sections out. Each section's content is exactly what was printed into it. */
export class SectionParser {
  /** Whether the end section was seen, with nothing behind it. */
  ended = false
  /** What came before the first section. */
  preamble = Buffer.alloc(0)
  readonly #delimiter: Buffer
  readonly #handler: SectionHandler
  #rest: Buffer = Buffer.alloc(0)
  #began = false

  constructor(marker: string, handler: SectionHandler) {
    this.#delimiter = Buffer.from(`\n${marker} `)
    this.#handler = handler
  }

  push(chunk: Uint8Array): void {
    let rest = Buffer.concat([this.#rest, chunk])
    for (;;) {
      const at = rest.indexOf(this.#delimiter)
      const lineEnd = at === -1 ? -1 : rest.indexOf(NEWLINE, at + this.#delimiter.length)
      if (at === -1 || lineEnd === -1) break
      this.#emit(rest.subarray(0, at))
      this.#begin(rest.toString('latin1', at + this.#delimiter.length, lineEnd))
      rest = rest.subarray(lineEnd + 1)
    }
    const open = rest.indexOf(this.#delimiter)
    const sure = open === -1 ? Math.max(0, rest.length - this.#delimiter.length + 1) : open
    this.#emit(rest.subarray(0, sure))
    this.#rest = Buffer.from(rest.subarray(sure))
  }

  /** Call it when nothing more comes. */
  finish(): void {
    this.#emit(this.#rest)
    this.#rest = Buffer.alloc(0)
  }

  #begin(label: string): void {
    this.#began = true
    this.ended = label === END
    this.#handler.begin(label)
  }

  #emit(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (this.#began) {
      this.ended = false
      this.#handler.data(bytes)
    } else {
      const room = PREAMBLE_BYTES - this.preamble.length
      this.preamble = Buffer.concat([this.preamble, bytes.subarray(0, Math.max(0, room))])
    }
  }
}
