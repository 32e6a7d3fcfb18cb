/** Random secrets for one run, each with a neighbour that differs by one byte a line and so is no secret. */
import { randomBytes, randomInt } from 'node:crypto'

/** plain: letters and digits. special: with what encodings and quotings change. pem: several lines. */
export type Kind = 'plain' | 'special' | 'pem'

export interface TestSecret {
  value: Buffer
  near: Buffer
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function word(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

function special(): string {
  // `???` and `>>>` put `/` and `+` into the base64 at every alignment.
  return ['"', '/', '\\', '&', ' ', '???>>>', '%', '+', 'é'].map((sign) => word(4) + sign).join('') + word(4)
}

function pem(): string {
  const lines =
    randomBytes(160)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}

/** A new secret of that kind. */
export function makeSecret(kind: Kind): TestSecret {
  const text = { plain: () => word(32), special, pem }[kind]()
  const near = text.split('\n').map((line) => (line.startsWith('-----') || line === '' ? line : changed(line)))
  return { value: Buffer.from(text), near: Buffer.from(near.join('\n')) }
}

/** The line with the letter nearest to its middle changed. */
function changed(line: string): string {
  let at = Math.floor(line.length / 2)
  while (!LETTERS.includes(line.charAt(at))) at++
  return line.slice(0, at) + (line.charAt(at) === 'x' ? 'y' : 'x') + line.slice(at + 1)
}
