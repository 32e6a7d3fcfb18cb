/** Pure: whether a history entry can be what a Dockerfile instruction left behind. */
import type { CreatedBy } from './created-by.js'
import type { Instruction } from './instructions.js'

/** How sure: `no`, the keyword alone (all the rest is variables), or the text too. */
export type Likeness = 'no' | 'keyword' | 'text'

const VARIABLE = /\$(?:\{[^}]*\}*|\w+)/
const likenessOf = (same: boolean): Likeness => (same ? 'text' : 'no')

/** One space for every run of blanks: builders differ in how they join continued lines. */
function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The strings of a JSON array, or null for anything else: exec form and shell form are told apart by this. */
function jsonWords(text: string): string[] | null {
  if (!text.trim().startsWith('[')) return null
  try {
    const parsed = JSON.parse(text) as unknown
    return Array.isArray(parsed) && parsed.every((each) => typeof each === 'string') ? parsed : null
  } catch {
    return null
  }
}

/** Whether `text` is the literal parts of `pattern` in order, with anything where a variable stood. */
function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split(new RegExp(VARIABLE, 'g'))
  const first = parts[0] ?? ''
  if (parts.length === 1) return first === text
  const last = parts.at(-1) ?? ''
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

/** Before the command: nothing (exec form), build arguments (`|1 A=b `), a shell with its flags (`/bin/sh -c `), or both. */
const BEFORE_COMMAND = /^(?:\|\d+ .*?)?(?:\S+(?: [-/]\S+)+ )?$/
/** More characters than this before a command are no shell: it keeps the expression above quick on foreign text. */
const LONGEST_BEFORE = 4096

function ends(entry: string, command: string): boolean {
  const before = entry.length - command.length
  return before <= LONGEST_BEFORE && entry.endsWith(command) && BEFORE_COMMAND.test(entry.slice(0, before))
}

function runLikeness(instruction: Instruction, rest: string): Likeness {
  const words = jsonWords(instruction.text)
  const commands = [words?.join(' ') ?? instruction.text, instruction.heredoc].filter((each) => each !== null)
  const entry = collapse(rest)
  return likenessOf(commands.some((command) => ends(entry, collapse(command))))
}

/** The sources and destination without flags; of a heredoc the first line, its `<<-` and quotes as BuildKit writes them. */
function copyText(instruction: Instruction): string {
  const line = instruction.text.split('\n')[0] ?? ''
  return collapse(jsonWords(line)?.join(' ') ?? line.replace(/<<-?(["']?)(\w+)\1/g, '<<$2'))
}

/**
 * The legacy builder names hashes instead of sources: `file:…`, `dir:…` or `multi:… in DESTINATION`, behind a `--chown`
 * that Docker 20.10 puts no blank after.
 */
const LEGACY_COPY = /^(?:--\S+ )*(?:--\S*?)?(?:(?:file|dir|multi):\S+|\S+) in ([^]*)$/

function copyLikeness(instruction: Instruction, entry: CreatedBy): Likeness {
  const text = copyText(instruction)
  const rest = collapse(entry.rest)
  const legacy = entry.builder === 'legacy' ? LEGACY_COPY.exec(rest)?.[1] : undefined
  if (legacy === undefined) return likenessOf(matchesPattern(text, rest.replace(/^(?:--[a-z]\S* )+/, '')))
  const words = jsonWords(instruction.text.split('\n')[0] ?? '') ?? text.split(' ')
  const destination = words.at(-1) ?? ''
  if (collapse(destination).split(VARIABLE).join('') === '') return 'keyword'
  return likenessOf(matchesPattern(destination, legacy))
}

/** ENV, LABEL, ARG: `A=b C=d` with values unquoted and variables filled in. Names, and values without variables, in order. */
function settingsLikeness(instruction: Instruction, rest: string): Likeness {
  let at = 0
  for (const { name, value } of instruction.settings) {
    const literal = value === null || VARIABLE.test(value) ? '' : value
    const wanted = value === null ? name : `${name}=${literal}`
    const found = rest.indexOf(wanted, at)
    if (found < 0 || (at === 0 && found !== 0)) return 'no'
    at = found + wanted.length
  }
  return likenessOf(instruction.settings.length > 0)
}

/** Words without quotes, brackets and what a variable touches; paths without a leading `./`. */
function plainWords(text: string): string[] {
  const words = jsonWords(text)?.join(' ') ?? text
  return words
    .split(/\s+/)
    .filter((word) => !VARIABLE.test(word))
    .map((word) => bare(word).replace(/^(\.\/)+/, ''))
    .filter((word) => word !== '' && word !== '.')
}

function bare(text: string): string {
  return text.replace(/["'\\[\],]/g, '')
}

/** A range of ports is written out port by port, and flags of HEALTHCHECK become durations: only whole words are compared. */
function wordsLikeness(instruction: Instruction, rest: string): Likeness {
  const words = plainWords(instruction.keyword === 'EXPOSE' ? instruction.text.replace(/-\d+/g, '') : instruction.text)
  if (words.length === 0) return 'keyword'
  const entry = bare(rest).toLowerCase()
  return likenessOf(words.every((word) => entry.includes(word.toLowerCase().replace(/\/(tcp|udp|sctp)$/, ''))))
}

/** Says how well an entry fits an instruction; `no` also when there is any doubt beyond what variables explain. */
export function likeness(instruction: Instruction, entry: CreatedBy): Likeness {
  if (instruction.keyword !== entry.keyword) return 'no'
  switch (instruction.keyword) {
    case 'RUN':
      return runLikeness(instruction, entry.rest)
    case 'COPY':
    case 'ADD':
      return copyLikeness(instruction, entry)
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return settingsLikeness(instruction, entry.rest)
    default:
      return wordsLikeness(instruction, entry.rest)
  }
}
