/**
 * Remembers what the layers hold, to tell later whether a higher layer hides a path. Paths are not kept: eight bytes an
 * entry are, a hash of 51 bits and what the entry does; a million entries take 8 MB. Two paths of one hash would at worst
 * call a file deleted that is not, once in a billion; nothing is judged by it.
 */
import { posix } from 'node:path'
import { TYPE, type TarEntry } from '../scan/tar-entry.js'

/** What an entry does to lower layers. */
export const EFFECT = { directory: 0, other: 1, whiteout: 2, opaque: 3 } as const

/** OCI image spec, layer.md, "Whiteouts". aufs left other files that begin like this, which are not files of the image. */
const WHITEOUT = Buffer.from('.wh.')
const OPAQUE = Buffer.from('.wh..wh..opq')
const SLASH = 0x2f
const DOT = 0x2e
const ROUGH = /(^|\/)\.\.(\/|$)/

/** 51 bits of a path given as its bytes; slashes at the ends and empty parts or dots between them do not count. */
export function hashPath(bytes: Uint8Array, length = bytes.length): number {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let at = 0; at < length;) {
    while (at < length && bytes[at] === SLASH) at++
    let end = at
    while (end < length && bytes[end] !== SLASH) end++
    const counts = end > at && !(end === at + 1 && bytes[at] === DOT)
    if (counts) {
      for (let i = at; i < end; i++) {
        a = Math.imul(a ^ (bytes[i] as number), 0x01000193)
        b = Math.imul(b ^ (bytes[i] as number), 0x85ebca6b)
      }
      a = Math.imul(a ^ SLASH, 0x01000193)
      b = Math.imul(b ^ SLASH, 0x85ebca6b)
      b ^= b >>> 15
    }
    at = end
  }
  return (a >>> 0) * 2 ** 19 + ((b ^ (b >>> 13)) >>> 13)
}

/** A path as the layers mean it: absolute, without `.` and `..`, no slash at its end. */
export function absolutePath(name: string): string {
  const path = posix.normalize(`/${name}`)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** The entries of one layer. */
export class LayerPaths {
  #chunks: Float64Array[] = []
  #last = new Float64Array(256)
  #used = 0

  add(entry: TarEntry): void {
    const { nameBytes, nameLength } = entry
    const effect = effectOf(entry)
    if (effect === EFFECT.whiteout) {
      const target = targetOf(entry)
      this.#push(hashOf(target, target.length), effect)
    } else this.#push(hashOf(nameBytes, effect === EFFECT.opaque ? lastPart(entry) : nameLength), effect)
  }

  /** Calls `visit` with the hash and the effect of each. */
  each(visit: (hash: number, effect: number) => void): void {
    const visitIn = (records: Float64Array, length: number): void => {
      for (let i = 0; i < length; i++) {
        const record = records[i] as number
        const hash = Math.floor(record / 4)
        visit(hash, record - hash * 4)
      }
    }
    for (const chunk of this.#chunks) visitIn(chunk, chunk.length)
    visitIn(this.#last, this.#used)
  }

  #push(hash: number, effect: number): void {
    if (this.#used === this.#last.length) {
      this.#chunks.push(this.#last)
      this.#last = new Float64Array(Math.min(8192, this.#last.length * 2))
      this.#used = 0
    }
    this.#last[this.#used++] = hash * 4 + effect
  }
}

/** Where the last part of a name starts. */
function lastPart({ nameBytes, nameLength }: TarEntry): number {
  let at = nameLength
  while (at > 0 && nameBytes[at - 1] !== SLASH) at--
  return at
}

function startsWith(prefix: Buffer, bytes: Uint8Array, at: number): boolean {
  return bytes[at] === prefix[0] && prefix.every((byte, i) => bytes[at + i] === byte)
}

function effectOf(entry: TarEntry): number {
  if (entry.type === TYPE.directory) return EFFECT.directory
  const at = lastPart(entry)
  if (entry.nameLength - at < WHITEOUT.length || !startsWith(WHITEOUT, entry.nameBytes, at)) return EFFECT.other
  const isOpaque = entry.nameLength - at === OPAQUE.length && startsWith(OPAQUE, entry.nameBytes, at)
  return isOpaque ? EFFECT.opaque : EFFECT.whiteout
}

/** Whether an entry is a file, link or the like that the layer brings. */
export function isFile(entry: TarEntry): boolean {
  return effectOf(entry) === EFFECT.other
}

/** The name that a whiteout takes away. */
function targetOf(entry: TarEntry): Buffer {
  const at = lastPart(entry)
  const name = entry.nameBytes.subarray(0, entry.nameLength)
  return Buffer.concat([name.subarray(0, at), name.subarray(at + WHITEOUT.length)])
}

function hashOf(name: Uint8Array, length: number): number {
  if (!hasDots(name, length)) return hashPath(name, length)
  const text = Buffer.from(name.subarray(0, length)).toString('latin1')
  return ROUGH.test(text) ? hashPath(Buffer.from(absolutePath(text), 'latin1')) : hashPath(name, length)
}

function hasDots(name: Uint8Array, length: number): boolean {
  for (let i = 1; i < length; i++) if (name[i] === DOT && name[i - 1] === DOT) return true
  return false
}
