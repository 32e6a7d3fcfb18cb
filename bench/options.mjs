/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util'

export const PARTS = [
  'big',
  'medium',
  'million-files',
  'one-file',
  'hundred-layers',
  'needles',
  'small',
  'peers',
  'matcher'
]

export const USAGE = `npm run bench -- [--quick] [--only PART]... [--rounds N] [--publish]

Measures the built action (dist/, or the folder that BENCH_DIST names) beside its baselines; see bench/README.md.

  --quick      small images: tries the measuring itself, in a minute
  --only PART  ${PARTS.join(', ')}; several by commas
  --rounds N   measured rounds of each part (default: 3, of quick ones 5)
  --publish    also writes the figures into docs/performance.md and docs/performance.svg`

/** { quick, only, rounds, publish }; throws with the usage for anything else. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      publish: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false }
    }
  })
  if (values.help) throw new Error(USAGE)
  const only = values.only.flatMap((text) => text.split(','))
  const unknown = only.filter((part) => !PARTS.includes(part))
  if (unknown.length > 0) throw new Error(`unknown part ${unknown.join(', ')}\n\n${USAGE}`)
  const rounds = values.rounds === undefined ? null : Number(values.rounds)
  if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds ${values.rounds}: a number`)
  return { quick: values.quick, only: only.length === 0 ? PARTS : only, rounds, publish: values.publish }
}
