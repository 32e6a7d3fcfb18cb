/** Gets the image: builds it, with its output searched as it flows, or finds the one given. */
import type { Subject } from '../evidence.js'
import { writeInMemory } from '../docker/delivery.js'
import { buildEnded, resolveImage, startBuild } from '../docker/image.js'
import type { ImageJson } from '../docker/parse.js'
import { StepImages } from '../docker/build-steps.js'
import type { Exit, StreamedCommand } from '../docker/cli.js'
import { OutputCapture } from '../sources/engine-logs.js'
import type { RunContext } from './context.js'

/** The image under check, and how it came to be. */
export interface Obtained {
  subject: Subject
  image: ImageJson
  /** The build's own output; null when nothing was built. */
  build: { output: OutputCapture; exit: Exit; durationMs: number } | null
}

/** Builds or resolves. Throws EngineError. */
export async function obtainImage(context: RunContext): Promise<Obtained> {
  const { inputs, session } = context
  if (inputs.build !== null) return build(context)
  const reference = inputs.image ?? ''
  const options = { pull: inputs.pull, platform: inputs.platform }
  const image = await resolveImage(session, reference, options)
  return { subject: { kind: 'image', name: session.clean(reference) }, image, build: null }
}

async function build(context: RunContext): Promise<Obtained> {
  const { inputs, session, registry, engine } = context
  if (inputs.build === null) throw new RangeError('nothing to build')
  const startedAt = performance.now()
  const before = engine.buildKit ? null : await imageIds(context)
  // Nothing is awaited between the start and the reading of its output: what nobody reads by its end is lost.
  const command = startBuild(session, inputs.build, { buildKit: engine.buildKit, secrets: buildSecrets(context) })
  const output = new OutputCapture(registry.matcher())
  output.attach(command.stdout, command.stderr)
  if (before !== null) noteSteps(context, command, before)
  const exit = await command.exit
  const tail =
    exit.code === 0
      ? ''
      : output
          .lastLines(
            12,
            (text) => text,
            (line) => line
          )
          .join('\n')
  const durationMs = Math.round(performance.now() - startedAt)
  const image = await buildEnded(session, command, tail)
  return {
    subject: { kind: 'build', name: session.clean(relative(inputs.build.context, inputs.workspace)) },
    image,
    build: { output, exit, durationMs }
  }
}

/** The short IDs of all images that are there, as the builder tells them; null: the engine does not say. */
async function imageIds(context: RunContext): Promise<Set<string> | null> {
  const result = await context.session.cli.text(['images', '--all', '--quiet'])
  return result.code === 0 ? new Set(result.stdout.split('\n')) : null
}

/** The legacy builder makes an image a step: those that this build adds are ours to remove, those it finds are not. */
function noteSteps(context: RunContext, command: StreamedCommand, before: ReadonlySet<string>): void {
  const steps = new StepImages((id) => {
    if (!before.has(id)) context.journal.image(id)
  })
  command.stdout.on('data', (chunk: Buffer) => {
    steps.push(chunk)
  })
}

/** Declared secrets offered to the build, as files in memory. */
function buildSecrets(context: RunContext): { name: string; source: string; target: string }[] {
  const { inputs, session } = context
  return (inputs.build?.secrets ?? []).map((name) => {
    const secret = inputs.secrets.find((each) => each.name === name)
    if (secret === undefined) throw new RangeError('a build secret that is not declared')
    const file = { name: `build-${name}`, bytes: secret.value.bytes(), owner: null }
    return { name, source: writeInMemory(session.identity.id, file), target: '' }
  })
}

function relative(path: string, workspace: string): string {
  if (path === workspace) return '.'
  return path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path
}
