import { randomInt } from 'node:crypto'

const PREFIX = 'tmpfscheck'
const PAIRS = 16
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/**
 * A random stand-in for a secret that has no value: `tmpfscheck`, then 32 letters and digits by turns (128 bits).
 * No encoding changes such text (percent, JSON, shell, case folding), and every piece of it looks random.
 */
export function makeCanary(): Buffer {
  const pair = (): string => LETTERS.charAt(randomInt(LETTERS.length)) + randomInt(10).toString()
  return Buffer.from(PREFIX + Array.from({ length: PAIRS }, pair).join(''), 'latin1')
}
