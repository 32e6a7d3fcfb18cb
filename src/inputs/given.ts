/** What the runner passed: `with: build-args:` arrives as the variable `INPUT_BUILD-ARGS`. */
import { NOT_SHOWN, printable, type Problems } from './problems.js'
import { nearest } from './suggest.js'
import { INPUTS, NOT_SERVED, type InputName } from './table.js'

const NAMES = Object.keys(INPUTS)

/** The inputs that were given, by name, untrimmed; and the names that misspelt ones were meant to be. */
export interface Given {
  texts: ReadonlyMap<InputName, string>
  meant: ReadonlySet<string>
}

/**
 * Reads the INPUT_ variables. The runner upper-cases the name and turns blanks into `_` (@actions/core getInput); it passes
 * every input of action.yml, empty when it was not given. It only warns of an unknown one, by which a typo would weaken the
 * check unseen: here it is a problem.
 */
export function givenInputs(env: NodeJS.ProcessEnv, problems: Problems): Given {
  const texts = new Map<InputName, string>()
  const meant = new Set<string>()
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('INPUT_') || text === undefined || text.trim() === '') continue
    const name = variable.slice('INPUT_'.length).toLowerCase()
    if (isInput(name)) texts.set(name, text)
    else meant.add(unknownInput(name, problems))
  }
  return { texts, meant }
}

function isInput(name: string): name is InputName {
  return Object.hasOwn(INPUTS, name)
}

function unknownInput(name: string, problems: Problems): string {
  const input = printable(name)
  const later = NOT_SERVED.find((each) => each === name)
  const near = later === undefined ? nearest(name, NAMES) : null
  const message =
    later !== undefined
      ? 'is not served yet by this version.'
      : near === null
        ? `there is no such input. Inputs: ${NAMES.join(', ')}.`
        : `there is no such input. Did you mean \`${near}\`?`
  const yaml = near === null ? `# without \`${input}\`` : `${near}: VALUE   # instead of \`${input}\``
  problems.add({ input, received: NOT_SHOWN, message, yaml })
  return near ?? ''
}
