/** Pure: small words for messages. */
import type { Form, SecretFact, SourceName } from '../evidence.js'
import { FORMS } from '../evidence.js'

const LONGEST = 200

/** Text that is not ours on one line: control and format characters as \xNN or \u{…}, cut at `max` characters. */
export function shown(text: string, max = LONGEST): string {
  const printable = text.slice(0, max + 1).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
  return printable.length > max ? `${printable.slice(0, max - 1)}…` : printable
}

/** Bytes of a mount, exactly: `16 KiB`, `64 MiB`, `5000 bytes`. */
export function bytesOf(bytes: number): string {
  if (bytes > 0 && bytes % 1048576 === 0) return `${bytes / 1048576} MiB`
  return bytes > 0 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`
}

/** Bytes as `size=` takes them: `16k`, `64m`, `5000`. */
export function sizeWord(bytes: number): string {
  if (bytes > 0 && bytes % 1048576 === 0) return `${bytes / 1048576}m`
  return bytes > 0 && bytes % 1024 === 0 ? `${bytes / 1024}k` : String(bytes)
}

/** Octal digits as a number; NaN when they are none. */
export function modeBits(mode: string): number {
  return /^[0-7]{1,6}$/.test(mode) ? Number.parseInt(mode, 8) & 0o7777 : Number.NaN
}

/** At least three octal digits, as users write them: `755`, `1770` become `0755`, `1770`. */
export function modeWord(mode: string): string {
  return mode.padStart(4, '0')
}

/** `1 file`, `3 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const [last = ''] = words.slice(-1)
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/** Who a finding is about, to begin a sentence. */
export function subject(secret: SecretFact): string {
  const name = shown(secret.name)
  if (secret.origin !== 'discovered') return `Secret ${name}`
  return secret.extent === 'whole' ? `The content of ${name}` : `A part of what the program wrote (${name})`
}

/** A name for `id=` in lines to paste; of what was discovered, and of odd names, a stand-in. */
export function idOf(secret: SecretFact): string {
  return secret.origin !== 'discovered' && /^[A-Za-z0-9_.-]{1,64}$/.test(secret.name) ? secret.name : 'my_secret'
}

/** `raw`, or `base64 and hex`, in the order of FORMS. */
export function formsOf(forms: readonly Form[]): string {
  return listed(FORMS.filter((form) => forms.includes(form)))
}

/** Sources within a sentence. */
export const PLACES: Readonly<Record<SourceName, string>> = {
  mounts: 'the mounts',
  memory: 'what lies under the tmpfs',
  'other-memory': 'the other memory of the container',
  layers: "the image's layers",
  'image-config': "the image's configuration",
  history: "the image's history",
  attestations: "the image's attestations",
  'build-log': 'the output of the build',
  'container-config': "the container's configuration",
  'writable-layer': "the container's writable layer",
  volumes: 'the volumes and binds',
  processes: 'the processes',
  logs: "the container's log"
}
