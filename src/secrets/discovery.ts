/** What a program wrote under the tmpfs, as things to search for elsewhere. */
import { isSearchable, SHORTEST_FORM, withoutNewline } from './forms.js'
import { type Part, partsOf } from './parts.js'
import { isPlain } from './plain.js'

/** Of a larger file only this much is taken apart; the whole is searched for by pieces. */
const MOST_TAKEN_APART = 2 ** 20
export const MOST_PARTS = 200

export interface Discovery {
  /** The content without one newline at its end; null when there is too little of it, or only one byte repeated. */
  whole: Buffer | null
  /** At most {@link MOST_PARTS}, each once, none equal to the whole. Labels hold nothing of the content but plain keys. */
  parts: Part[]
  /** Parts left out because they are plain (see plain.ts), and a whole that is left out. */
  plainParts: number
  /** Parts left out because there were too many. */
  droppedParts: number
}

/** The whole content, however plain its words; null when it cannot be searched for. */
function wholeOf(content: Buffer): Buffer | null {
  const first = content[0]
  return isSearchable(content) && content.some((byte) => byte !== first) ? content : null
}

/** What to search for of a file: all of it, and its parts by themselves. A file of zeros and the like gives nothing. */
export function discover(file: { path: string; bytes: Buffer }): Discovery {
  const content = withoutNewline(file.bytes)
  const whole = wholeOf(content)
  const found: Discovery = {
    whole,
    parts: [],
    plainParts: whole === null && content.length > 0 ? 1 : 0,
    droppedParts: 0
  }
  // A program's own binary format has no lines; NUL tells, as in grep and git.
  const text = content.subarray(0, MOST_TAKEN_APART).toString('latin1')
  if (text.includes('\0')) return found
  const seen = new Set([content.toString('latin1')])
  for (const part of partsOf(text)) {
    const key = part.value.toString('latin1')
    if (seen.has(key)) continue
    seen.add(key)
    if (isPlain(part.value)) found.plainParts++
    else if (found.parts.length < MOST_PARTS) found.parts.push(part)
    else found.droppedParts++
  }
  return found
}

/** Whether a discovered value has a declared one in it as it is: then each place that it is in is found by that one. */
export function containsDeclared(value: Buffer, declared: readonly Buffer[]): boolean {
  return declared.some((each) => {
    const bytes = withoutNewline(each)
    return bytes.length >= SHORTEST_FORM && value.includes(bytes)
  })
}
