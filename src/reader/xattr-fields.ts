/** Parses what the helper for extended attributes writes: fields with a NUL after each. */

export interface Attribute {
  key: number
  /** Below the root, latin1. */
  path: string
  /** Of the attribute; where the value is null, the number of the error. */
  name: Buffer
  value: Buffer | null
}

const NUL = 0

export class XattrFields {
  /** Whether the mark of the end was seen. */
  ended = false
  #rest: Buffer = Buffer.alloc(0)
  #fields: Buffer[] = []
  readonly #onAttribute: (attribute: Attribute) => void

  constructor(onAttribute: (attribute: Attribute) => void) {
    this.#onAttribute = onAttribute
  }

  /** Takes the next bytes of the output. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(NUL, from); at !== -1; at = bytes.indexOf(NUL, from)) {
      this.#field(bytes.subarray(from, at))
      from = at + 1
    }
    this.#rest = Buffer.from(bytes.subarray(from))
  }

  #field(field: Buffer): void {
    if (this.#fields.length === 0 && field.equals(Buffer.from('end'))) {
      this.ended = true
      return
    }
    this.#fields.push(Buffer.from(field))
    const [key, path, name, value] = this.#fields
    if (key === undefined || path === undefined || name === undefined || value === undefined) return
    this.#fields = []
    const text = value.toString('latin1')
    const failed = name.equals(Buffer.from('!'))
    this.#onAttribute({
      key: Number(key.toString('latin1')),
      path: path.toString('latin1'),
      name: failed ? value : name,
      value: failed ? null : Buffer.from(text, 'hex')
    })
  }
}
