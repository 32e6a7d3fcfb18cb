/** The action's post step: removes what an interrupted run left behind, found by its label. */
import { getState, info, setFailed, warning } from '@actions/core'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { removeRun } from './docker/cleanup.js'
import { dockerCli } from './docker/cli.js'
import { EngineError } from './docker/errors.js'
import { removeFromMemory } from './docker/delivery.js'
import { endChildren, isRunId, noted, runDirectory, type Ended } from './run/journal.js'
import { clientEnvironment } from './run/environment.js'

const SETTLE_MS = 1000
const CLEAN = 'tmpfs-check: nothing is left behind'

async function post(): Promise<void> {
  const runId = getState('run')
  if (!isRunId(runId)) return
  const temp = process.env['RUNNER_TEMP'] ?? tmpdir()
  endChildren(temp, runId)
  removeFromMemory(runId)
  const ended = getState('ended')
  // Main has asked the engine after the last of its children had ended: there is nobody who could have made more.
  if (ended === ('clean' satisfies Ended)) {
    info(CLEAN)
    return
  }
  const cli = dockerCli(clientEnvironment(process.env))
  // A run that did not come to its end may have been killed in the middle of a create, which the engine then finishes.
  if (ended !== ('left' satisfies Ended)) {
    await removeRun(cli, runId, noted(temp, runId))
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  }
  const left = await removeRun(cli, runId, noted(temp, runId))
  const ids = [...left.containers, ...left.images, ...left.volumes]
  if (ids.length > 0) warning(`Could not be removed: ${ids.join(' ')}`)
  else if (left.unknown)
    warning(`The engine does not answer; look for leftovers: docker ps -a --filter label=tmpfs-check.run=${runId}`)
  else info(CLEAN)
  rmSync(runDirectory(temp, runId), { recursive: true, force: true })
}

try {
  await post()
} catch (error) {
  // Without a client nothing can have been made; the step itself has said that it is missing.
  if (error instanceof EngineError && error.code === 'NO_CLIENT') process.exit()
  setFailed(`tmpfs-check could not clean up: ${error instanceof Error ? error.name : 'unknown error'}`)
}
