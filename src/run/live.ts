/** Runs the container and looks at it, in the order of docs/architecture.md: each step has a deadline. */
import { randomBytes } from 'node:crypto'
import {
  createContainer,
  inspectContainer,
  pauseContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
  waitForStart
} from '../docker/container.js'
import type { Exit, StreamedCommand } from '../docker/cli.js'
import { EngineError } from '../docker/errors.js'
import type { ContainerJson, ImageJson } from '../docker/parse.js'
import { OutputCapture } from '../sources/engine-logs.js'
import { awaitReady, exercise } from './await-ready.js'
import type { RunContext } from './context.js'
import { canBind, deliverLate, deliveryPath, endDelivery, prepareDelivery, type Delivery } from './deliver.js'
import { discoverSecrets } from './discover.js'
import { missingFiles } from './expect-files.js'
import type { Looker } from './looker.js'
import type { SecretRegistry } from './registry.js'
import { LiveSight } from './live-sight.js'
import { noteNewVolumes, volumeNames } from './volumes.js'

const EXTRA_MS = 15 * 60_000
const GRACE_S = 5

/** A started container with everything that watches it. */
interface Started {
  id: string
  container: ContainerJson
  startedAt: number
  command: StreamedCommand
  output: OutputCapture
  delivered: Set<string>
}

/** Hooks for what runs beside the container: the layers, which need no running program. */
export interface Beside {
  /** The container runs, and the looker has met it. */
  met: () => void
  /** All secrets are known. */
  known: () => void
}

/** Creates, starts, waits, looks, stops and looks again; removal is the caller's. Throws EngineError. */
export async function runAndLook(
  context: RunContext,
  image: ImageJson,
  looker: Looker,
  beside: Beside
): Promise<LiveSight> {
  const sight = new LiveSight()
  const started = await context.log.stage('start', () => start(context, image))
  const met = started.container.State.Running && (await meet(looker, started.container))
  beside.met()
  if (met) await context.log.stage('wait until ready', () => getReady(context, started, looker, sight))
  else sight.ended(started.container)
  if (met && sight.running)
    await context.log.stage('look inside and from outside', () => look(context, started, looker, sight))
  else sight.couldNotLook('the container had ended before it could be looked at')
  started.output.extend(context.registry.matcher())
  beside.known()
  await context.log.stage('stop and look at what is left', () => stopAndLook(context, started, looker, sight))
  return sight
}

/** Whether the looker can look at it; a view that fails says so in every place it should have looked at. */
async function meet(looker: Looker, container: ContainerJson): Promise<boolean> {
  try {
    return await looker.meet(container)
  } catch {
    // The reader is gone or refuses: without a first look the live places are told as not looked at.
    return false
  }
}

async function start(context: RunContext, image: ImageJson): Promise<Started> {
  const { inputs, session } = context
  const before = await volumeNames(context)
  const delivery = prepareDelivery(context, image, canBind(context))
  const id = await create(context, image, delivery)
  await noteNewVolumes(context, id, before)
  const output = new OutputCapture(context.registry.matcher())
  const command = startContainer(session, id, inputs.run.timeoutMs + EXTRA_MS)
  output.attach(command.stdout, command.stderr)
  const stderrTail = (): string =>
    output
      .lastLines(
        3,
        (text) => text,
        (line) => line
      )
      .join('\n')
  const container = await waitForStart(session, id, { command, stderrTail })
  const startedAt = performance.now()
  const late = [...delivery.late]
  if (late.length > 0 && container.State.Running) {
    await deliverLate(context, id, late)
    context.log.notice('Secrets were delivered by docker exec after the start: the engine is not on this machine.')
  }
  const delivered = new Set([
    ...delivery.files.map((file) => file.target),
    ...late.map((each) => deliveryPath(context, each.name))
  ])
  return { id, container, startedAt, command, output, delivered }
}

/** An engine in a virtual machine does not see this machine's memory: then the delivery comes after the start. */
async function create(context: RunContext, image: ImageJson, delivery: Delivery): Promise<string> {
  const { inputs, session } = context
  const request = {
    imageId: image.Id,
    image: { entrypoint: image.Config?.Entrypoint ?? [], cmd: image.Config?.Cmd ?? [] },
    tmpfs: inputs.tmpfs,
    run: inputs.run,
    variables: delivery.variables
  }
  try {
    return await createContainer(session, { ...request, files: delivery.files })
  } catch (error) {
    if (
      !(error instanceof EngineError) ||
      delivery.files.length === 0 ||
      !/bind source path does not exist/.test(error.message)
    )
      throw error
    delivery.late = delivery.files.map(({ name, target }) => ({ name, target }))
    delivery.files = []
    endDelivery(context)
    return createContainer(session, { ...request, files: [] })
  }
}

async function getReady(context: RunContext, started: Started, looker: Looker, sight: LiveSight): Promise<void> {
  const began = performance.now()
  const result = await awaitReady(context, { ...started, looker })
  const left = context.inputs.run.timeoutMs - (performance.now() - began)
  const failed = result.ready ? await exercise(context, result.container, left) : null
  const container = (await inspectContainer(context.session, started.id)) ?? result.container
  sight.waited(container, failed ?? result.reason)
  if (failed !== null || !container.State.Running) return
  // What ran since then may have written something.
  const listing = context.inputs.run.exercise === null ? result.listing : await looker.listing()
  sight.missingFiles = missingFiles(context.inputs.expectFiles, context.inputs.tmpfs, listing?.paths ?? [])
}

async function look(context: RunContext, started: Started, looker: Looker, sight: LiveSight): Promise<void> {
  const { registry, inputs, session } = context
  const mounts = await looker.mounts()
  sight.mountSight = mounts
  sight.coverage.push(mounts.coverage)
  if (inputs.discover) await discoverInMemory(registry, { looker, started, sight })
  // What needs the program to run goes side by side; none of it changes anything.
  const [inside, ownUsers, swap] = await Promise.all([
    looker.inside(mounts),
    looker.ownUser(
      inputs.tmpfs.map((spec) => spec.path),
      [...started.delivered]
    ),
    looker.swap(),
    looker.noteWritten(registry)
  ])
  Object.assign(sight, { insideSight: inside, ownUsers, swap })
  sight.coverage.push(...inside.coverage)
  const frozen = looker.canPause && (await pauseContainer(session, started.id))
  try {
    const memory = await looker.memory(registry, started.delivered)
    sight.add(memory)
    sight.memoryFiles = memory.files
    sight.add(await looker.processes(registry))
  } finally {
    if (frozen && !(await unpauseContainer(session, started.id)))
      sight.couldNotLook('the container could not be unpaused')
  }
  sight.memoryFiles = await looker.otherUsers(sight.memoryFiles)
  if (!(await looker.sameContainer())) sight.couldNotLook('the container ended while it was looked at')
}

async function discoverInMemory(
  registry: SecretRegistry,
  of: { looker: Looker; started: Started; sight: LiveSight }
): Promise<void> {
  try {
    of.sight.plainParts = discoverSecrets(registry, await of.looker.contents(of.started.delivered))
  } catch {
    // What the program wrote is not known, so nobody can say that it is nowhere else.
    of.sight.failed('memory', 'what the program wrote under the tmpfs could not be read')
  }
}

async function stopAndLook(context: RunContext, started: Started, looker: Looker, sight: LiveSight): Promise<void> {
  const { session, registry } = context
  // A first process without a handler for SIGTERM ignores it (signal(7), pid_namespaces(7)): waiting would be idle.
  const grace = looker.handlesTerm() === false ? 0 : GRACE_S
  const stopped = await stopContainer(session, started.id, grace)
  const exit: Exit = stopped ? await started.command.exit : { code: null, reason: 'the container could not be stopped' }
  const container = await inspectContainer(session, started.id)
  sight.stopped(context, { started, container, exit })
  const control = Buffer.from(`tmpfs-check-control-${randomBytes(16).toString('hex')}`)
  const layer = await looker.writableLayer(registry, control)
  sight.add(layer)
  sight.controlFound = layer.controlFound
  if (container !== null) sight.add(await looker.volumes(registry, container, started.delivered))
  else sight.failed('volumes', 'the engine did not say which volumes there are')
}
