/** Pure: a Dockerfile's text as stages of instructions with the lines they stand on. */
import {
  Copy,
  DockerfileParser,
  From,
  Keyword,
  Onbuild,
  PropertyInstruction,
  Run,
  type Instruction as Parsed
} from 'dockerfile-ast'

/** One name that ENV, LABEL or ARG sets, with its own lines. `value` is unquoted; null: none (`ARG TOKEN`). */
export interface Setting {
  name: string
  value: string | null
  startLine: number
  endLine: number
}

/** One instruction. Lines are 1-based and inclusive; a heredoc belongs to its instruction. */
export interface Instruction {
  /** In capitals. */
  keyword: string
  startLine: number
  endLine: number
  /** What follows keyword and flags as the builder sees it: one logical line, and below it the bodies of heredocs. */
  text: string
  /** The body alone when the instruction is nothing but one heredoc (`RUN <<EOF`). */
  heredoc: string | null
  settings: Setting[]
  /** ONBUILD only: what it will run. */
  trigger: Instruction | null
}

export interface Stage {
  /** In small letters, for names of stages are compared without case; null: unnamed. */
  name: string | null
  /** Image or stage as written, variables and all. */
  from: string
  instructions: Instruction[]
}

export interface Dockerfile {
  /** ARG before the first FROM: the only variables that FROM may use. */
  args: Setting[]
  stages: Stage[]
}

/** Whether a line that is not in a heredoc goes on: the escape character is its last (Dockerfile reference, "escape"). */
function goesOn(line: string, escape: string): boolean {
  return line.trimEnd().endsWith(escape)
}

/**
 * Splits the lines of one instruction into its logical line and what follows it (heredoc bodies). Comment lines and empty
 * lines inside a continued instruction are dropped, as the builder drops them.
 */
function logicalLine(lines: readonly string[], escape: string): { logical: string; rest: string[] } {
  const parts: string[] = []
  let at = 0
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (at > 0 && /^\s*(#|$)/.test(line)) continue
    parts.push(goesOn(line, escape) ? line.trimEnd().slice(0, -escape.length) : line)
    if (!goesOn(line, escape)) break
  }
  return { logical: parts.join('').trim(), rest: lines.slice(at + 1) }
}

const KEYWORDS: ReadonlySet<string> = new Set(Object.values(Keyword))
const HEREDOC_ALONE = /^<<-?(["']?)\w+\1$/
const FLAGS = /^(?:--[a-z][^\s]*\s+)+/i

function hasHeredocs(parsed: Parsed): boolean {
  return (parsed instanceof Run || parsed instanceof Copy) && parsed.getHeredocs().length > 0
}

function settingsOf(parsed: Parsed): Setting[] {
  if (!(parsed instanceof PropertyInstruction)) return []
  return parsed.getProperties().map((each) => ({
    name: each.getName(),
    value: each.getValue(),
    startLine: each.getRange().start.line + 1,
    endLine: each.getRange().end.line + 1
  }))
}

function instructionOf(parsed: Parsed, lines: readonly string[], escape: string): Instruction {
  const { start, end } = parsed.getRange()
  const own = lines.slice(start.line, end.line + 1)
  own[0] = (own[0] ?? '').slice(start.character + parsed.getInstruction().length)
  const { logical, rest } = logicalLine(own, escape)
  const text = logical.replace(FLAGS, '')
  const heredocs = hasHeredocs(parsed)
  const trigger = parsed instanceof Onbuild ? parsed.getTriggerInstruction() : null
  return {
    keyword: parsed.getKeyword().toUpperCase(),
    startLine: start.line + 1,
    endLine: end.line + 1,
    text: heredocs ? [text, ...rest].join('\n') : text,
    heredoc: heredocs && HEREDOC_ALONE.test(text) ? rest.slice(0, -1).join('\n') : null,
    settings: settingsOf(parsed),
    trigger: trigger === null ? null : instructionOf(trigger, lines, escape)
  }
}

/** Returns the stages and global arguments of a Dockerfile; text that is no Dockerfile gives few or no stages, no error. */
export function parseDockerfile(text: string): Dockerfile {
  const parsed = DockerfileParser.parse(text)
  const lines = text.split(/\r\n|\r|\n/)
  const dockerfile: Dockerfile = { args: [], stages: [] }
  for (const each of parsed.getInstructions()) {
    // dockerfile-ast 0.7 does not know heredocs of ADD: their lines come as instructions that do not exist.
    if (!KEYWORDS.has(each.getKeyword().toUpperCase())) continue
    if (each instanceof From) {
      dockerfile.stages.push({
        name: each.getBuildStage()?.toLowerCase() ?? null,
        from: each.getImage() ?? '',
        instructions: []
      })
      continue
    }
    const instruction = instructionOf(each, lines, parsed.getEscapeCharacter())
    const stage = dockerfile.stages.at(-1)
    if (stage !== undefined) stage.instructions.push(instruction)
    else if (instruction.keyword === 'ARG') dockerfile.args.push(...instruction.settings)
  }
  return dockerfile
}
