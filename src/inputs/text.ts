/** Short texts with a grammar of their own. */
import { trimmedLines, type Parser } from './scalar.js'
import { yamlLine, yamlLines } from './problems.js'

/** Whether a text holds a control character: a line break, NUL, the ESC that colours a terminal. */
export function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text)
}

/** One line of any text without control characters. */
export const parseLine: Parser<string> = (text, field) => {
  const value = text.trim()
  if (!hasControl(value)) return value
  return field.problem('must be one line without control characters.', {
    received: value,
    yaml: yamlLine(field.input, value.split(/\p{Cc}/u)[0] ?? '')
  })
}

/** Makes a parser of a text that has to match a pattern as a whole. */
function matching(pattern: RegExp, what: { rule: string; example: string }): Parser<string> {
  return (text, field) => {
    const value = text.trim()
    if (pattern.test(value)) return value
    return field.problem(what.rule, { received: value, yaml: yamlLine(field.input, what.example) })
  }
}

/** A build stage, by name or number. */
export const parseTarget = matching(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
  rule: 'must be the name or number of one build stage.',
  example: 'runtime'
})

/** One platform; an image for several cannot be run. */
export const parsePlatform = matching(/^[a-z0-9_]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/, {
  rule: 'must be one platform, OS/ARCHITECTURE; for several run the check once for each.',
  example: 'linux/amd64'
})

const USER = '[A-Za-z0-9_][A-Za-z0-9_.-]*'
/** `USER`, `UID`, `USER:GROUP`, `UID:GID`. */
export const parseUser = matching(new RegExp(`^${USER}(:${USER})?$`), {
  rule: 'must be a user name or ID, with or without `:` and a group.',
  example: '1000:1000'
})

/** A network's name or mode. */
export const parseNetwork = matching(/^[A-Za-z0-9][A-Za-z0-9_.-]*(:[A-Za-z0-9][A-Za-z0-9_.-]*)?$/, {
  rule: 'must be the name of one network, or a mode like `none`.',
  example: 'none'
})

/** Names of declared secrets, one a line; whether they are declared is checked where all inputs are known. */
export const parseNames: Parser<string[]> = (text, field) => {
  const names = trimmedLines(text)
  const wrong = names.some((name) => !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name))
  if (!wrong && new Set(names).size === names.length) return names
  return field.problem('holds something that is not the name of one secret a line, or one twice.', {
    yaml: yamlLines(field.input, ['npm_token'])
  })
}
