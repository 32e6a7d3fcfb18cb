import type { Needle } from '../scan/types.js'
import { formsOf } from './forms.js'

/**
 * What to search for: every form of every value, each byte string once a secret (raw before any other form), each of at
 * least 8 bytes. `secret` is the index into Evidence.secrets. Of a value shorter than 8 bytes there is none.
 */
export function needlesFor(values: readonly { secret: number; value: Buffer }[]): Needle[] {
  return values.flatMap(({ secret, value }) => formsOf(value).map(({ form, bytes }) => ({ secret, form, bytes })))
}
