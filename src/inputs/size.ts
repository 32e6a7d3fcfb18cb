/** Sizes in bytes. */
import type { Parser } from './scalar.js'
import { yamlLine } from './problems.js'

const UNIT: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** What {@link sizeBytes} takes, for messages. */
export const SIZE_WORDS = 'a whole number with `k`, `m`, `g` or `t`, like `16k` or `64m`'

/**
 * Bytes of `16384`, `16k`, `16kb`, `16KiB`; units count by 1024, as Docker and the kernel do. null when it is no size, or
 * more than a number can hold exactly (8 PiB), which no machine has.
 */
export function sizeBytes(text: string): number | null {
  const parts = /^(\d+)(?:([kmgt])(?:i?b)?|b)?$/i.exec(text)
  if (!parts) return null
  const bytes = Number(parts[1]) * (UNIT[(parts[2] ?? '').toLowerCase()] ?? Number.NaN)
  return Number.isSafeInteger(bytes) ? bytes : null
}

/** Docker refuses a container with less memory (moby daemon/daemon_unix.go, linuxMinMemory). */
const LEAST_MEMORY = 6 * 2 ** 20

/** The `memory` input, in bytes. */
export const parseMemory: Parser<number> = (text, field) => {
  const value = text.trim()
  const bytes = sizeBytes(value)
  if (bytes !== null && bytes >= LEAST_MEMORY) return bytes
  const why = bytes === null ? `must be ${SIZE_WORDS}.` : 'is less than the 6m that Docker needs to start a container.'
  return field.problem(why, { received: value, yaml: yamlLine(field.input, bytes === null ? '256m' : '6m') })
}
