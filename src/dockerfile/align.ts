/** Pure: two sequences laid beside each other from their ends. */
import type { Likeness } from './similar.js'

/** What a pair and a gap are worth. Only the order of size matters: a pair of text beats any gap that it needs. */
const WORTH: Record<Likeness, number> = { text: 3, keyword: 2, no: -1 }
/** An entry that no instruction made: `--label` of the legacy builder, a squash. */
const EXTRA_ENTRY = -1
const LOST_INSTRUCTION = -2
/** More cells than this (600 instructions by 600 entries, say) and nobody is told a line. */
const MOST_CELLS = 400_000

export interface Alignment {
  instructions: number
  entries: number
  likeness: (instruction: number, entry: number) => Likeness
  /** Whether an instruction may leave no entry at all. */
  optional: (instruction: number) => boolean
}

/**
 * Returns for each entry the index of its instruction, or null. The entries before the first instruction's (those of the
 * base image) cost nothing; a pair that is not alike is never given. This is the alignment of Needleman and Wunsch with a
 * free start; where several are worth the same, the one nearest to the end.
 */
export function alignFromEnd(given: Alignment): (number | null)[] {
  const { instructions, entries } = given
  const pairs = new Array<number | null>(entries).fill(null)
  if (instructions * entries > MOST_CELLS) return pairs
  const { worth, alike } = fill(given)
  const width = entries + 1
  let row = instructions
  let column = entries
  while (row > 0 && column > 0) {
    const here = worth[row * width + column]
    const likeness = alike[(row - 1) * entries + column - 1] ?? 'no'
    if (here === (worth[(row - 1) * width + column - 1] ?? 0) + WORTH[likeness]) {
      if (likeness !== 'no') pairs[column - 1] = row - 1
      row -= 1
      column -= 1
    } else if (here === (worth[row * width + column - 1] ?? 0) + EXTRA_ENTRY) column -= 1
    else row -= 1
  }
  return pairs
}

function fill(given: Alignment): { worth: Int32Array; alike: Likeness[] } {
  const { instructions, entries } = given
  const width = entries + 1
  const worth = new Int32Array((instructions + 1) * width)
  const alike: Likeness[] = []
  for (let row = 1; row <= instructions; row += 1) {
    const lost = given.optional(row - 1) ? 0 : LOST_INSTRUCTION
    worth[row * width] = (worth[(row - 1) * width] ?? 0) + lost
    for (let column = 1; column <= entries; column += 1) {
      const likeness = given.likeness(row - 1, column - 1)
      alike.push(likeness)
      const paired = (worth[(row - 1) * width + column - 1] ?? 0) + WORTH[likeness]
      const extra = (worth[row * width + column - 1] ?? 0) + EXTRA_ENTRY
      const without = (worth[(row - 1) * width + column] ?? 0) + lost
      worth[row * width + column] = Math.max(paired, extra, without)
    }
  }
  return { worth, alike }
}
