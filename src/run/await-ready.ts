/** Waits until the program is ready as `wait-for` says, its time is over, or it has ended. */
import { execInside, inspectContainer } from '../docker/container.js'
import type { ContainerJson } from '../docker/parse.js'
import type { OutputCapture } from '../sources/engine-logs.js'
import type { RunContext } from './context.js'
import { missingFiles } from './expect-files.js'
import type { Listing, Looker } from './looker.js'
import { readiness, type Look } from './ready.js'

/** The engine is asked for the health every so many looks: that starts a client, a look through the reader does not. */
const INSPECT_EVERY = 4

export interface ReadyResult {
  ready: boolean
  /** What was missing; null when ready. */
  reason: string | null
  /** The container as last seen. */
  container: ContainerJson
  /** The listing as last seen. */
  listing: Listing | null
}

export interface Watched {
  container: ContainerJson
  /** `performance.now()` when it was seen to run. */
  startedAt: number
  looker: Looker
  output: OutputCapture
  /** Paths that we delivered ourselves. */
  delivered: ReadonlySet<string>
}

/** Polls until ready, dead or late; never throws for what the program does. */
export async function awaitReady(context: RunContext, watched: Watched): Promise<ReadyResult> {
  const { run } = context.inputs
  const quiet = new QuietWatch()
  let container = watched.container
  for (let looks = 1; ; looks += 1) {
    const listing = await watched.looker.listing()
    const fileThere = run.waitFor.kind === 'file' && (await watched.looker.exists(run.waitFor.path))
    const elapsedMs = performance.now() - watched.startedAt
    const look = lookAt(
      context,
      { ...watched, container },
      { elapsedMs, listing, fileThere, memoryQuietMs: quiet.see(listing) }
    )
    const state = readiness(run.waitFor, look)
    if (state.state === 'ready') return { ready: true, reason: null, container, listing }
    if (state.state === 'never') return { ready: false, reason: state.reason, container, listing }
    if (!container.State.Running) return { ready: false, reason: 'it ended first', container, listing }
    if (elapsedMs > run.timeoutMs) {
      return { ready: false, reason: `still waiting for ${state.missing} at the end of its time`, container, listing }
    }
    if (context.session.signal.aborted) return { ready: false, reason: 'cancelled', container, listing }
    await new Promise((resolve) => setTimeout(resolve, watched.looker.pollMs))
    if (listing === null || (hasHealthCheck(container) && looks % INSPECT_EVERY === 0)) {
      container = (await inspectContainer(context.session, container.Id)) ?? container
    }
  }
}

/** How long the listing has stayed the same. */
class QuietWatch {
  #last: string | null = null
  #since = performance.now()

  see(listing: Listing | null): number | null {
    if (listing === null) return null
    if (listing.signature !== this.#last) {
      this.#last = listing.signature
      this.#since = performance.now()
    }
    return performance.now() - this.#since
  }
}

function lookAt(
  context: RunContext,
  watched: Watched,
  seen: { elapsedMs: number; listing: Listing | null; fileThere: boolean; memoryQuietMs: number | null }
): Look {
  const { inputs } = context
  const { waitFor } = inputs.run
  const paths = seen.listing?.paths ?? []
  return {
    elapsedMs: seen.elapsedMs,
    memoryQuietMs: seen.memoryQuietMs,
    health: healthOf(watched.container),
    outputQuietMs: watched.output.quietSince(),
    wroteSomething: paths.some((path) => !watched.delivered.has(path)),
    delivered: watched.delivered.size > 0 || inputs.expectFiles.length > 0,
    missingFiles: missingFiles(inputs.expectFiles, inputs.tmpfs, paths),
    fileThere: seen.fileThere,
    textSeen: waitFor.kind === 'log' && watched.output.contains(waitFor.text)
  }
}

function hasHealthCheck({ State, Config }: ContainerJson): boolean {
  return (State.Health ?? Config.Healthcheck ?? null) !== null
}

function healthOf(container: ContainerJson): Look['health'] {
  const status = container.State.Health?.Status
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : null
}

/** Runs `exercise` inside; null when it went well, else why not. */
export async function exercise(
  context: RunContext,
  container: ContainerJson,
  deadlineMs: number
): Promise<string | null> {
  const words = context.inputs.run.exercise
  if (words === null) return null
  const result = await execInside(context.session, container.Id, { words, timeoutMs: Math.max(1000, deadlineMs) })
  return result.code === 0 ? null : `exercise ended with ${result.reason ?? 'an unknown error'}`
}
