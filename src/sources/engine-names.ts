/** Searches names: a secret can be the name of a file. */
import type { ItemSearch } from '../scan/item-search.js'
import type { Match } from '../scan/types.js'

/** The first match of each secret and form in a short text. */
export function textMatches(search: ItemSearch, text: string): readonly Match[] {
  search.begin()
  search.push(Buffer.from(text))
  return search.end()
}

/**
 * Matches in an absolute path that its parent does not already have: a secret in the name of a directory is told of the
 * directory, not of everything in it.
 */
export function nameMatches(search: ItemSearch, path: string): readonly Match[] {
  const whole = textMatches(search, path)
  if (whole.length === 0) return whole
  const parent = textMatches(search, path.slice(0, path.lastIndexOf('/')))
  return whole.filter((match) => !parent.some((each) => each.secret === match.secret && each.form === match.form))
}
