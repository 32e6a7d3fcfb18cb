/** Looks up the values of declared secrets; a random canary stands in where there is none. */
import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { makeCanary } from '../secrets/canary.js'
import { SHORTEST_FORM, withoutNewline } from '../secrets/forms.js'
import { Secret } from '../secrets/secret.js'
import type { Problems } from './problems.js'
import type { SecretLine } from './secret-lines.js'
import type { DeclaredSecret } from './types.js'

/** Blanks or zeros in a row are in every image. */
const LEAST_DIFFERENT = 3
/** As much as GitHub keeps for a secret (48 KiB), and some. */
export const MOST_BYTES = 64 * 1024
/** More would make no needle set that can be searched for at full speed. */
const MOST_SECRETS = 500

export type SecretInput = 'secrets' | 'secret-envs' | 'secret-files'

/** What each of the three inputs declared. */
export type SecretSources = Record<SecretInput, readonly SecretLine[] | null>

interface LookUp {
  env: NodeJS.ProcessEnv
  /** Relative paths start here. */
  workspace: string
  problems: Problems
}

/** Returns the declared secrets with their values, in the order of the inputs. Problems never hold any of a value. */
export function declareSecrets(sources: SecretSources, look: LookUp): DeclaredSecret[] {
  const all = (['secrets', 'secret-envs', 'secret-files'] as const).flatMap((input) =>
    (sources[input] ?? []).map((line) => ({ input, line }))
  )
  const seen = new Set<string>()
  const declared: DeclaredSecret[] = []
  for (const { input, line } of all) {
    if (seen.has(line.name)) refuse(look, input, `${line.name} is declared twice; a name stands for one secret.`)
    else declared.push(...declare(input, line, look))
    seen.add(line.name)
  }
  if (all.length > MOST_SECRETS) refuse(look, 'secrets', `more than ${MOST_SECRETS} secrets are declared.`)
  return declared
}

function declare(input: SecretInput, line: SecretLine, look: LookUp): DeclaredSecret[] {
  const value = lookUp(input, line, look)
  if (value === undefined) return []
  const { name } = line
  const bytes = withoutNewline(value)
  if (bytes.length === 0) {
    look.problems.notice(`${name} has no value here (${absence(input)}): a random canary stands in for it.`)
    return [{ name, value: new Secret(name, makeCanary()), origin: 'canary' }]
  }
  if (bytes.length < SHORTEST_FORM) {
    refuse(look, input, `${name} has fewer than ${SHORTEST_FORM} bytes: such a value is found by chance in any image.`)
    return []
  }
  if (new Set(bytes).size < LEAST_DIFFERENT) {
    refuse(
      look,
      input,
      `${name} has fewer than ${LEAST_DIFFERENT} different characters: it is found by chance in any image.`
    )
    return []
  }
  if (value.byteLength > MOST_BYTES) {
    refuse(look, input, `${name} has more than ${MOST_BYTES / 1024} KiB: give the key in it, not the whole file.`)
    return []
  }
  return [{ name, value: new Secret(name, value), origin: 'given' }]
}

/** The value; empty when there is none; undefined when a problem has been noted. */
function lookUp(input: SecretInput, line: SecretLine, look: LookUp): Buffer | undefined {
  if (input === 'secret-files') return readFile(line, look)
  const text = input === 'secrets' ? line.text : look.env[(line.text ?? '').trim()]
  // Node.js replaces what is not UTF-8 in the environment: the search would be for other bytes than the secret's.
  if (text?.includes('\u{fffd}') === true) {
    refuse(look, input, `${line.name} is not valid UTF-8 text; give its bytes through \`secret-files\`.`)
    return undefined
  }
  return Buffer.from(text ?? '', 'utf8')
}

/** Reads a whole small file; a pipe or device is refused without waiting on it. */
function readFile(line: SecretLine, look: LookUp): Buffer | undefined {
  const path = resolve(look.workspace, (line.text ?? '').trim())
  let descriptor: number | null = null
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const info = fstatSync(descriptor)
    if (!info.isFile()) throw new Error('not a file')
    const bytes = Buffer.alloc(Math.min(info.size, MOST_BYTES + 1))
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, length)
    }
    return bytes.subarray(0, length)
  } catch {
    // The path is not shown: a value pasted in place of a path would be.
    refuse(look, 'secret-files', `the file of ${line.name} is missing, is no regular file or may not be read.`)
    return undefined
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

function absence(input: SecretInput): string {
  if (input === 'secrets') return 'pull requests from forks get no secrets'
  return input === 'secret-envs' ? 'its variable is missing or empty' : 'its file is empty'
}

function refuse(look: LookUp, input: SecretInput, message: string): void {
  const yaml = {
    secrets: 'secrets: |\n  db_password=${{ secrets.DB_PASSWORD }}',
    'secret-envs': 'secret-envs: |\n  tls_key=TLS_KEY',
    'secret-files': 'secret-files: |\n  tls_key=keys/tls.pem'
  }[input]
  look.problems.add({ input, received: '', message, yaml })
}

/** Whether a value is text that can be printed and so be masked. */
export function isText(value: Buffer): boolean {
  return isUtf8(value) && !value.includes(0)
}
