/** The beginning and the end of a run: its ID, its state for post, signals, and the removal of everything that is ours. */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { saveState, setOutput, warning } from '@actions/core'
import { removeRun } from '../docker/cleanup.js'
import { dockerCli, type DockerCli } from '../docker/cli.js'
import { removeFromMemory } from '../docker/delivery.js'
import type { RunIdentity } from '../docker/args.js'
import { clientEnvironment } from './environment.js'
import { Journal, noted, type Ended } from './journal.js'
import { keepYoungSpaceSmall } from './memory.js'

/** Leftovers of a run may be removed by others after this long, in seconds. */
const LIFETIME_S = 6 * 3600

/** Exit codes by signal: 128 and its number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

export interface Run {
  env: NodeJS.ProcessEnv
  identity: RunIdentity
  cli: DockerCli
  journal: Journal
  signal: AbortSignal
  startedAt: Date
  /** Whether the engine was asked for anything that has to be removed. */
  touched: boolean
  cancelled: () => boolean
  /** Removes what is ours. Safe to call more than once. */
  end: () => Promise<void>
}

/**
 * Begins a run. `outcome` is set to inconclusive at once, so that a killed step never leaves it empty; the run's ID is
 * saved for post before anything is created.
 */
export function beginRun(env: NodeJS.ProcessEnv): Run {
  keepYoungSpaceSmall()
  const temp = env['RUNNER_TEMP'] ?? tmpdir()
  const id = randomUUID()
  const startedAt = new Date()
  guard('GITHUB_STATE', () => {
    saveState('run', id)
  })
  guard('GITHUB_OUTPUT', () => {
    setOutput('outcome', 'inconclusive')
  })
  const journal = new Journal(temp, id)
  const controller = new AbortController()
  const cli = dockerCli(clientEnvironment(env), (pid) => {
    journal.child(pid)
  })
  let ended: Promise<void> | null = null
  const run: Run = {
    env,
    identity: { id, deadline: Math.floor(startedAt.getTime() / 1000) + LIFETIME_S },
    cli,
    journal,
    signal: controller.signal,
    startedAt,
    touched: false,
    cancelled: () => controller.signal.aborted,
    end: () => (ended ??= remove(run, temp))
  }
  const stop = (code: number): void => {
    controller.abort()
    // A create that was under way may finish after the first look: so a second one, and post looks again.
    void remove(run, temp)
      .then(() => remove(run, temp))
      .finally(() => process.exit(code))
  }
  for (const [name, code] of Object.entries(SIGNALS))
    process.once(name, () => {
      stop(code)
    })
  // Nobody reads what we say any more: the same as being told to stop.
  process.stdout.once('error', () => {
    stop(1)
  })
  return run
}

async function remove(run: Run, temp: string): Promise<void> {
  removeFromMemory(run.identity.id)
  let ended: Ended = 'clean'
  if (run.touched) {
    const left = await removeRun(run.cli, run.identity.id, noted(temp, run.identity.id))
    const ids = [...left.containers, ...left.images, ...left.volumes]
    if (ids.length > 0) warning(`Could not be removed yet: ${ids.join(' ')}; the post step tries again.`)
    if (ids.length > 0 || left.unknown) ended = 'left'
  }
  if (!run.cancelled()) {
    if (ended === 'clean') run.journal.remove()
    guard('GITHUB_STATE', () => {
      saveState('ended', ended)
    })
  }
}

/** A runner file that cannot be written costs a warning, never the verdict: that is in the exit code too. */
function guard(file: string, write: () => void): void {
  try {
    write()
  } catch {
    warning(`${file} cannot be written: the step's outputs or its post step will miss something.`)
  }
}
