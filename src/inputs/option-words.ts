/** Splits extra words for `docker create` and `docker build` into options, by the rules of the docker client. */

/** One option as the client will understand it. */
export interface OptionWord {
  /** Long name, without dashes. */
  name: string
  /** null for a switch without a value. */
  value: string | null
  /** The option written as one word, `--name=value`. */
  text: string
}

/** The client's options: which take a value, which are switches, and what a letter stands for. */
export interface Grammar {
  values: readonly string[]
  switches: readonly string[]
  letters: Readonly<Record<string, string>>
}

/** What was read, and why the rest cannot be used. */
export interface OptionWords {
  options: OptionWord[]
  refusals: string[]
}

/**
 * Reads words as the client's parser does (github.com/spf13/pflag): `--name value`, `--name=value`, `-n value`, `-nvalue`,
 * `-n=value`, and clusters of switches `-ab`. A word that is no option would become the image or the build context, and so
 * is refused; an option that we do not know is taken only as `--name=value`, which can be read in one way.
 */
export function readOptionWords(words: readonly string[], grammar: Grammar): OptionWords {
  const result: OptionWords = { options: [], refusals: [] }
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('--') && word !== '--') takeLong(word, rest, { grammar, result })
    else if (/^-[^-]/.test(word)) takeLetters(word, rest, { grammar, result })
    else result.refusals.push('holds a word that is no option: it would be taken for the image or the build context.')
  }
  return result
}

interface Reading {
  grammar: Grammar
  result: OptionWords
}

function takeLong(word: string, rest: string[], { grammar, result }: Reading): void {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    result.refusals.push('holds a word that begins with `--` and is no option.')
  } else if (equals >= 0) {
    result.options.push(option(name, word.slice(equals + 1)))
  } else if (grammar.switches.includes(name)) {
    result.options.push(option(name, null))
  } else if (!grammar.values.includes(name)) {
    result.refusals.push(`\`--${name}\` is not known here: write it as \`--${name}=VALUE\`, with \`=\`.`)
  } else {
    takeValue(name, rest.shift(), result)
  }
}

function takeLetters(word: string, rest: string[], { grammar, result }: Reading): void {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at)
    const name = grammar.letters[letter]
    if (name === undefined) {
      result.refusals.push('holds a short option that Docker does not know.')
      return
    }
    const follows = word.slice(at + 1)
    if (follows.startsWith('=')) {
      result.options.push(option(name, follows.slice(1)))
      return
    }
    if (!grammar.switches.includes(name)) {
      takeValue(name, follows === '' ? rest.shift() : follows, result)
      return
    }
    result.options.push(option(name, null))
  }
}

function takeValue(name: string, value: string | undefined, result: OptionWords): void {
  if (value === undefined) result.refusals.push(`\`--${name}\` lacks its value.`)
  else result.options.push(option(name, value))
}

function option(name: string, value: string | null): OptionWord {
  return { name, value, text: value === null ? `--${name}` : `--${name}=${value}` }
}

/** Whether a switch is on: given alone or with a true value, as Go's strconv.ParseBool reads it; anything odd counts as on. */
export function isOn(option: OptionWord): boolean {
  return option.value === null || !/^(0|f|F|false|False|FALSE)$/.test(option.value)
}
