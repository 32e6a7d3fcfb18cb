import { inspect } from 'node:util'

/**
 * A secret value that prints as its name only: in string templates, JSON, console.log and the inspector.
 * The bytes come out through {@link Secret.bytes} alone, so that a search for that word finds every use.
 */
export class Secret {
  readonly name: string
  readonly #bytes: Buffer

  constructor(name: string, bytes: Uint8Array) {
    this.name = name
    this.#bytes = Buffer.from(bytes)
  }

  /** The secret's bytes. Not a copy: do not change them. */
  bytes(): Buffer {
    return this.#bytes
  }

  toString(): string {
    return `[secret ${this.name}]`
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
