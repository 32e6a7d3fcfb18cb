/** Asks the runner to mask the secrets in its log. */
import { setSecret } from '@actions/core'
import { SHORTEST_FORM } from '../secrets/forms.js'
import { isText } from './declared-secrets.js'
import type { DeclaredSecret } from './types.js'

/**
 * Masks every given secret and canary, and the forms that the runner does not derive by itself: hex, base64 of value and
 * newline, base64url (actions/runner src/Runner.Common/HostContext.cs derives base64, JSON, URI, XML and shell forms).
 *
 * The request itself prints the value, so it is made on a runner only (`env.GITHUB_ACTIONS`). Nothing under 8 bytes is
 * masked, no line of a longer value either: a mask `{` or `1` would blank the log, and the runner drops an output that
 * holds masked text.
 */
export function maskSecrets(
  secrets: readonly DeclaredSecret[],
  write: (value: string) => void = setSecret,
  env: NodeJS.ProcessEnv = process.env
): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return
  const masks = new Set(secrets.flatMap((secret) => masksOf(secret.value.bytes())))
  for (const mask of masks) {
    if (Buffer.byteLength(mask) >= SHORTEST_FORM) write(mask)
  }
}

function masksOf(value: Buffer): string[] {
  const hex = value.toString('hex')
  const encoded = [hex, hex.toUpperCase(), value.toString('base64url'), value.toString('base64')]
  const newline = Buffer.concat([value, Buffer.from('\n')]).toString('base64')
  if (!isText(value)) return [...encoded, newline]
  const text = value.toString('utf8')
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  // Escaped, a value of several lines is one line, which no mask of its lines covers in full.
  return [...lines, JSON.stringify(text).slice(1, -1), ...encoded, newline]
}
