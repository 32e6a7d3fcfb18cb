/** Pure: which instructions, of which stages, made the image of one target. */
import type { Dockerfile, Instruction, Setting, Stage } from './instructions.js'

/** One instruction that was run for the image. `lines` is where it stands: for a trigger, its ONBUILD. */
export interface Step {
  instruction: Instruction
  lines: { startLine: number; endLine: number }
  /** ONBUILD makes an entry with the legacy builder, and none with BuildKit. */
  optional: boolean
}

function targetIndex(stages: readonly Stage[], target: string | null): number {
  if (target === null) return stages.length - 1
  const named = stages.findIndex((stage) => stage.name === target.toLowerCase())
  if (named >= 0) return named
  return /^\d+$/.test(target) && Number(target) < stages.length ? Number(target) : -1
}

/** `FROM ${NAME}` with global arguments and `--build-arg` values filled in, as far as they are known. */
function fillIn(from: string, args: readonly Setting[], buildArgs: readonly string[]): string {
  return from.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (whole: string, braced?: string, other?: string, plain?: string) => {
      const name = braced ?? plain ?? ''
      const given = buildArgs.find((each) => each.startsWith(`${name}=`))
      if (given !== undefined) return given.slice(name.length + 1)
      return args.findLast((each) => each.name === name)?.value ?? other ?? whole
    }
  )
}

/**
 * Returns the steps of a target, oldest first: those of the stage it is built FROM, and so on down to the first that
 * comes from an image; and the triggers (ONBUILD) of each stage before the steps of the next. Stages that are only copied
 * from have no entries in the history. Empty when there is no such target.
 */
export function stepsOf(dockerfile: Dockerfile, target: string | null, buildArgs: readonly string[]): Step[] {
  const chain: Stage[] = []
  let index = targetIndex(dockerfile.stages, target)
  while (index >= 0) {
    const stage = dockerfile.stages[index]
    if (stage === undefined) break
    chain.unshift(stage)
    const from = fillIn(stage.from, dockerfile.args, buildArgs).toLowerCase()
    index = dockerfile.stages.slice(0, index).findLastIndex((each) => each.name === from)
  }
  return chain.flatMap((stage, at) => [...triggersOf(chain[at - 1]), ...stage.instructions.map(step)])
}

function step(instruction: Instruction): Step {
  return { instruction, lines: instruction, optional: instruction.keyword === 'ONBUILD' }
}

function triggersOf(stage: Stage | undefined): Step[] {
  return (stage?.instructions ?? []).flatMap((each) =>
    each.trigger === null ? [] : [{ instruction: each.trigger, lines: each, optional: false }]
  )
}
