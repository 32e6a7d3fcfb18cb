/** The inputs `run-options` and `build-options`, judged as a whole. */
import picomatch from 'picomatch'
import type { IgnoreEntry } from '../evidence.js'
import { judgeBuildOptions } from './build-options.js'
import { BUILD_GRAMMAR, CREATE_GRAMMAR } from './docker-flags.js'
import { readOptionWords, type OptionWord } from './option-words.js'
import type { InputProblem, Problems } from './problems.js'
import { UNSAFE_RUN_OPTIONS } from './rule-names.js'
import { judgeRunOptions, type Refusal } from './run-options.js'

/** Notes what `run-options` may not hold; options that void the proof pass with a reason under `ignore`. */
export function checkRunOptions(words: readonly string[], ignore: readonly IgnoreEntry[], problems: Problems): void {
  const { options, refusals } = readOptionWords(words, CREATE_GRAMMAR)
  for (const message of refusals) problems.add(malformed('run-options', message, '--init'))
  for (const refusal of judgeRunOptions(options)) {
    const entry = refusal.hard ? undefined : ignore.find((each) => allows(each, refusal.option))
    if (entry)
      problems.notice(
        `run-options: --${refusal.option.name} is allowed although ${refusal.reason} Reason: ${entry.reason}`
      )
    else problems.add(refused('run-options', refusal))
  }
}

/** Notes what `build-options` may not hold. */
export function checkBuildOptions(words: readonly string[], problems: Problems): void {
  const { options, refusals } = readOptionWords(words, BUILD_GRAMMAR)
  for (const message of refusals) problems.add(malformed('build-options', message, '--network=none'))
  for (const refusal of judgeBuildOptions(options)) problems.add(refused('build-options', refusal))
}

function allows(entry: IgnoreEntry, option: OptionWord): boolean {
  if (entry.rule !== UNSAFE_RUN_OPTIONS) return false
  if (entry.glob === null) return true
  const matches = picomatch(entry.glob, { dot: true, bash: true })
  return matches(`--${option.name}`) || matches(option.text)
}

function malformed(input: string, message: string, example: string): InputProblem {
  return { input, received: '', message, yaml: `${input}: ${example}` }
}

/** Options are named, their values are not shown: they may be secret. */
function refused(input: string, { option, reason, hard, instead }: Refusal): InputProblem {
  const name = `--${option.name}`
  const without = `${input}: OPTIONS   # without ${name}`
  const ignore = `# or, when you know better:\nignore: |\n  ${UNSAFE_RUN_OPTIONS} ${name} # why the proof still holds`
  const yaml = instead !== null ? `${instead}: VALUE   # instead of ${name}` : hard ? without : `${without}\n${ignore}`
  return { input, received: '', message: `\`${name}\` cannot be used: ${reason}`, yaml }
}
