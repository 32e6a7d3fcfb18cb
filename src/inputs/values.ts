/** Every input read by itself. */
import { Field, type Problems } from './problems.js'
import type { Parser } from './scalar.js'
import type { InputSpec } from './spec.js'
import { INPUTS, type InputName } from './table.js'

type Table = typeof INPUTS

/** Parsed values: the default's where nothing was given; null where there is none, or the text was refused. */
export type Values = { [Name in InputName]: ReturnType<Table[Name]['parse']> | null }

/** Parses what was given, and the defaults of the rest. */
export function readValues(given: ReadonlyMap<InputName, string>, problems: Problems): Values {
  const names = Object.keys(INPUTS) as InputName[]
  return Object.fromEntries(
    names.map((name) => {
      const spec: InputSpec<unknown> = INPUTS[name]
      const text = given.get(name) ?? spec.default
      const field = new Field(name, { problems, sensitive: spec.sensitive === true })
      const parse: Parser<unknown> = spec.parse
      return [name, text === undefined ? null : parse(text, field)]
    })
  ) as Values
}
