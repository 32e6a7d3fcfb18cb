/** Finds the part of a value that can stand for the whole: random letters and digits, not words, blanks or newlines. */

type Kind = 'plain' | 'lower' | 'upper' | 'digit' | 'sign' | 'binary'

const NEWLINE = 0x0a

function kindOf(byte: number): Kind {
  const character = String.fromCharCode(byte)
  if (/[a-z]/.test(character)) return 'lower'
  if (/[A-Z]/.test(character)) return 'upper'
  if (/[0-9]/.test(character)) return 'digit'
  if (/[!#$%&*+?@^|~`]/.test(character)) return 'sign'
  return byte === 0 || /[\t\n\r -~]/.test(character) ? 'plain' : 'binary'
}

const KINDS = Array.from({ length: 256 }, (_, byte) => kindOf(byte))

/** Whether `byte` after `before` is what words do not do: `a7`, `7a`, `aA`, `a$`, and any two that are no text. */
function surprises(before: number, byte: number): boolean {
  const from = KINDS[before]
  const to = KINDS[byte]
  if (before === byte || from === 'plain' || to === 'plain') return false
  return from === 'binary' ? true : from !== to && !(from === 'upper' && to === 'lower')
}

/** What the step from the byte before to the one at `index` adds. A newline takes off more than all else can add. */
function worth(bytes: Uint8Array, index: number, width: number): number {
  const byte = bytes[index] as number
  if (byte === NEWLINE) return -width
  return index > 0 && surprises(bytes[index - 1] as number, byte) ? 1 : 0
}

/** Start of the stretch of `width` bytes that looks most random; of equals the last, as tokens often share their head. */
export function mostTelling(bytes: Uint8Array, width: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) sum += worth(bytes, i, width)
  let best = sum
  let start = 0
  for (let end = width; end < bytes.length; end++) {
    sum += worth(bytes, end, width) - worth(bytes, end - width, width)
    if (sum < best) continue
    best = sum
    start = end - width + 1
  }
  return start
}
