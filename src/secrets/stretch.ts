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

/**
 * Start of the stretch of `width` bytes that looks most random and has the fewest newlines; of equals the last, as
 * tokens often share their head.
 */
export function mostTelling(bytes: Uint8Array, width: number): number {
  const step = (i: number): number => (i > 0 && surprises(bytes[i - 1] as number, bytes[i] as number) ? 1 : 0)
  // One newline takes off more than all the rest can add.
  const loss = (i: number): number => (bytes[i] === NEWLINE ? width : 0)
  let sum = -loss(0)
  for (let i = 1; i < width; i++) sum += step(i) - loss(i)
  let best = sum
  let start = 0
  for (let end = width; end < bytes.length; end++) {
    const first = end - width + 1
    sum += step(end) - loss(end) - step(first) + loss(first - 1)
    if (sum < best) continue
    best = sum
    start = first
  }
  return start
}
