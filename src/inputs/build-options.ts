/** Judges the `build-options` input: options that the check has to decide on itself. */
import type { OptionWord } from './option-words.js'
import { useInput, type Refusal } from './run-options.js'

/** Options that an input stands for. */
const INPUT_INSTEAD: Record<string, string> = {
  file: 'file',
  target: 'target',
  'build-arg': 'build-args',
  platform: 'platform',
  pull: 'pull',
  'no-cache': 'no-cache',
  secret: 'build-secrets'
}

const NOT_ON_ENGINE = 'the image has to end on the engine, where the check looks at it; push it in a later step.'
const OWN_ID = 'the check keeps the ID itself; it is the output `image-id`.'
const OWN_OUTPUT = 'the check searches what the build prints, and needs it plain.'

const REFUSED: Record<string, string> = {
  output: NOT_ON_ENGINE,
  push: NOT_ON_ENGINE,
  load: 'the check loads the image itself.',
  iidfile: OWN_ID,
  'metadata-file': OWN_ID,
  quiet: OWN_OUTPUT,
  progress: OWN_OUTPUT,
  check: 'it makes no image.',
  call: 'it makes no image.',
  help: 'it only prints help.'
}

/** Every option that cannot be used, with the reason, in their order. */
export function judgeBuildOptions(options: readonly OptionWord[]): Refusal[] {
  return options.flatMap((option): Refusal[] => {
    const instead = Object.hasOwn(INPUT_INSTEAD, option.name) ? (INPUT_INSTEAD[option.name] ?? null) : null
    const reason = instead === null ? reasonAgainst(option) : useInput(instead)
    return reason === null ? [] : [{ option, reason, hard: true, instead }]
  })
}

function reasonAgainst(option: OptionWord): string | null {
  if (Object.hasOwn(REFUSED, option.name)) return REFUSED[option.name] ?? null
  const own = option.name === 'label' && (option.value ?? '').startsWith('tmpfs-check.')
  return own ? "these labels are the check's own: it cleans up by them." : null
}
