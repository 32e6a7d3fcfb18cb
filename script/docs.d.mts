/** Types of script/docs.mjs, for its tests. */
interface DescribedInput {
  group: string
  description: string
  default?: string
  otherwise?: string
}
type DescribedInputs = Readonly<Record<string, DescribedInput>>
type DescribedOutputs = Readonly<Record<string, string>>

export function actionYml(inputs: DescribedInputs, outputs: DescribedOutputs): string
export function defaultOf(input: DescribedInput): string
export function inputTables(inputs: DescribedInputs, groups: readonly string[]): string
export function outputTable(outputs: DescribedOutputs): string
export function between(text: string, name: string, body: string): string
export function generated(table: {
  INPUTS: DescribedInputs
  GROUPS: readonly string[]
  OUTPUTS: DescribedOutputs
}): Record<string, string>
