/** What all parts of unpacking one archive share: where it tells what it found, and what it has used up of the limits. */
import { isUtf8 } from 'node:buffer'
import type { Matcher } from './matcher.js'
import type { ItemHit, Shortfall } from './types.js'
import type { ArchiveKind } from './unpack-kind.js'

/** How far archives are unpacked; past a limit the archive is a {@link Shortfall}. */
export interface UnpackLimits {
  /** Archives within archives; 1: none. A compressed tar counts as one. */
  depth: number
  /** Bytes that come out for each that went in; looked at from {@link RATIO_FROM} bytes on. */
  ratio: number
  /** Bytes that come out of one outermost archive, everything in it together. */
  bytes: number
  /** Bytes of a zip file, or of a sparse archive, that has to be kept whole because it comes as a stream. */
  zipBytes: number
}

export const MIB = 1024 * 1024

export const DEFAULT_LIMITS: Readonly<UnpackLimits> = Object.freeze({
  depth: 3,
  ratio: 200,
  bytes: 4096 * MIB,
  zipBytes: 64 * MIB
})

/** A small file of zeros is no bomb. */
const RATIO_FROM = 64 * MIB

export interface UnpackSink {
  /** At most one a (secret, form, item, part). */
  hit(hit: ItemHit): void
  shortfall(shortfall: Shortfall): void
  /** Items that were in an archive, and their bytes. */
  counted(items: number, bytes: number): void
}

export interface UnpackContext {
  matcher: Matcher
  limits: UnpackLimits
  sink: UnpackSink
  /** How names of members are told; without it text as {@link textOf} makes it. */
  nameOf?: (name: Uint8Array) => string
}

/** Foreign bytes as text: UTF-8, or where that is not what they are, the odd ones as `\xNN`. Not escaped otherwise. */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (isUtf8(buffer)) return buffer.toString('utf8')
  return buffer.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}

/**
 * Takes an item's bytes in order. They may not be changed afterwards: they are kept where that is cheaper than a copy.
 * A promise says that time is needed; who waits for it before giving more keeps memory small, and who does not gets the
 * same result. When the promise of `end` is done, or there is none, all has been told. Promises are never rejected.
 */
export interface Consumer {
  write(bytes: Uint8Array): Promise<void> | null
  end(): Promise<void> | null
}

/** Reasons of shortfalls; they follow the path. */
export const BEHIND_END = 'has something behind its end that cannot be unpacked'
export const BROKEN = 'is cut short or broken: searched as far as it could be unpacked'

/** zlib's code for a zstd frame that wants more than 128 MiB to be decompressed (zstd.h, ZSTD_d_windowLogMax). */
export const TOO_WIDE = 'ZSTD_error_frameParameter_windowTooLarge'

/** Padding that tapes and block devices leave. */
export function isZeros(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

/** Path of what is called `name` in the archive at `path`. */
export function memberPath(path: string, name: Uint8Array, context: UnpackContext): string {
  const text = (context.nameOf ?? textOf)(name)
  return `${path}!${text.replace(/^(\.?\/+)+/, '').replace(/\/+$/, '')}`
}

/** Waits for both. */
export function both(a: Promise<void> | null, b: Promise<void> | null): Promise<void> | null {
  if (a === null || b === null) return a ?? b
  return Promise.all([a, b]).then(() => undefined)
}

/** An archive to be opened. */
export interface ArchivePlace {
  path: string
  /** 1: not inside of another. */
  depth: number
  /** Bytes; null: not known before its end. */
  size: number | null
}

/** `outermost`: what goes in is what comes out is measured by. */
export type Opener = (kind: ArchiveKind, place: ArchivePlace & { outermost: boolean }, scope: Scope) => Consumer

/** Of one outermost archive. */
export class Scope {
  readonly context: UnpackContext
  readonly #open: Opener
  #opened = false
  #input = 0
  #output = 0
  /** A limit was reached, and told. */
  #spent = false

  constructor(context: UnpackContext, open: Opener) {
    this.context = context
    this.#open = open
  }

  /** The first that is opened is the outermost. */
  open(kind: ArchiveKind, place: ArchivePlace): Consumer {
    const outermost = !this.#opened
    this.#opened = true
    return this.#open(kind, { ...place, outermost }, this)
  }

  /** Counts bytes of the outermost archive that went in. */
  took(bytes: number): void {
    this.#input += bytes
  }

  /** Counts bytes that came out of the archive at `path`; false: a limit is reached, stop. */
  made(bytes: number, path: string): boolean {
    if (this.#spent) return false
    this.#output += bytes
    const { ratio, bytes: most } = this.context.limits
    if (this.#output > most) this.#stop(path, `unpacks to more than ${Math.floor(most / MIB)} MiB`)
    else if (this.#output > RATIO_FROM && this.#output > this.#input * ratio) {
      this.#stop(path, `unpacks to more than ${ratio} times its size`)
    }
    return !this.#spent
  }

  #stop(path: string, reason: string): void {
    this.#spent = true
    this.context.sink.shortfall({ path, reason })
  }
}
