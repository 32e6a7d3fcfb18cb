/** Pure: an image's history and configuration laid beside the Dockerfile that it was built from. */
import type { SourceRange } from '../evidence.js'
import { alignFromEnd } from './align.js'
import { stepsOf, type Step } from './chain.js'
import { configLines } from './config.js'
import { parseCreatedBy } from './created-by.js'
import { parseDockerfile } from './instructions.js'
import { likeness } from './similar.js'

export interface HistoryRequest {
  /** The Dockerfile's text. */
  dockerfile: string
  /** Its path relative to the workspace, for the ranges. */
  file: string
  /** Name or number of the target stage; null: the last. */
  target: string | null
  /** `NAME=VALUE`, for `FROM $NAME`. */
  buildArgs?: readonly string[]
  /** The history of the image's configuration, oldest first. */
  history: readonly { created_by?: string }[]
}

export interface HistoryMap {
  /** For each entry of the history its instruction, or null: of the base image, or not certain. */
  instructions: (SourceRange | null)[]
  /**
   * What sets a field of the configuration: `Env:NAME`, `Label:NAME`, `Cmd`, `Entrypoint`, `Healthcheck`, `User`, `Volume`,
   * `WorkingDir`, `OnBuild`, `ExposedPorts`, `Shell`, `StopSignal`.
   */
  configInstructions: Record<string, SourceRange>
}

/**
 * Maps each history entry to the lines of its instruction. The entries are laid beside the instructions of the target
 * from the end, for a base image's come first, and every pair is verified by its text: rather null than a wrong line.
 */
export function mapHistory(request: HistoryRequest): HistoryMap {
  const steps = stepsOf(parseDockerfile(request.dockerfile), request.target, request.buildArgs ?? [])
  const entries = request.history.map((each) => parseCreatedBy(each.created_by ?? ''))
  const pairs = alignFromEnd({
    instructions: steps.length,
    entries: entries.length,
    likeness: (at, entry) => {
      const [one, other] = [steps[at], entries[entry]]
      return one === undefined || other === undefined || other === null ? 'no' : likeness(one.instruction, other)
    },
    optional: (at) => steps[at]?.optional ?? false
  })
  const range = (step: Step | undefined): SourceRange | null => {
    return step === undefined
      ? null
      : { file: request.file, startLine: step.lines.startLine, endLine: step.lines.endLine }
  }
  return {
    instructions: pairs.map((at) => (at === null ? null : range(steps[at]))),
    configInstructions: configLines(steps, request.file)
  }
}

/**
 * Returns for each layer the index of its history entry: entries that are not `empty_layer` made the layers, in order
 * (OCI image-spec 1.1, config.md, "history"). All null when their numbers differ, for then nobody knows.
 */
export function layerHistory(history: readonly { empty_layer?: boolean }[], layers: number): (number | null)[] {
  const made = history.flatMap((each, index) => (each.empty_layer === true ? [] : [index]))
  return Array.from({ length: layers }, (_, layer) => (made.length === layers ? (made[layer] ?? null) : null))
}
