/** Judges the `build-options` input: options that the check has to decide on itself. */
import type { OptionWord } from './option-words.js'

const ours = (input: string): string => `use the input \`${input}\`, so that the check knows of it.`
const NOT_ON_ENGINE = 'the image has to end on the engine, where the check looks at it; push it in a later step.'

const REFUSED: Record<string, string> = {
  file: ours('file'),
  target: ours('target'),
  'build-arg': `${ours('build-args')} On the command line its value would be visible to every process.`,
  platform: ours('platform'),
  pull: ours('pull'),
  'no-cache': ours('no-cache'),
  secret: ours('build-secrets'),
  output: NOT_ON_ENGINE,
  push: NOT_ON_ENGINE,
  load: 'the check loads the image itself.',
  iidfile: 'the check keeps the ID itself; it is the output `image-id`.',
  'metadata-file': 'the check keeps the ID itself; it is the output `image-id`.',
  quiet: 'the check searches what the build prints.',
  progress: 'the check searches what the build prints, and needs it plain.',
  check: 'it makes no image.',
  call: 'it makes no image.',
  help: 'it only prints help.'
}

/** Every option that cannot be used, with the reason, in their order. */
export function judgeBuildOptions(options: readonly OptionWord[]): { option: OptionWord; reason: string }[] {
  return options.flatMap((option) => {
    const reason = Object.hasOwn(REFUSED, option.name) ? REFUSED[option.name] : undefined
    if (reason !== undefined) return [{ option, reason }]
    const own = option.name === 'label' && (option.value ?? '').startsWith('tmpfs-check.')
    return own ? [{ option, reason: "these labels are the check's own: it cleans up by them." }] : []
  })
}
