/** The life of the container under check. */
import { createCommand, type CreateRequest } from './args.js'
import type { Exit, StreamedCommand, TextResult } from './cli.js'
import { EngineError } from './errors.js'
import { single, type ContainerJson } from './parse.js'
import { lastWords, type Session } from './session.js'

const START_MS = 60_000
const POLL_MS = 25

/** `docker create`; returns the container's ID. Throws EngineError CREATE_FAILED. */
export async function createContainer(session: Session, request: CreateRequest): Promise<string> {
  const command = createCommand(request, session.identity)
  const result = await session.cli.text(command.args, { env: command.env, timeoutMs: START_MS })
  const id = result.stdout.trim()
  if (result.code === 0 && /^[0-9a-f]{64}$/.test(id)) return id
  throw new EngineError('CREATE_FAILED', {
    phase: 'create',
    message: `docker create failed (${result.reason ?? 'no container ID'}): ${lastWords(session, result.stderr)}`,
    remedy: createRemedy(result)
  })
}

function createRemedy(result: TextResult): string {
  if (/no command specified/i.test(result.stderr))
    return 'command: ./server --port 8080   # the image has neither ENTRYPOINT nor CMD'
  if (/invalid tmpfs option|invalid.*tmpfs/i.test(result.stderr)) return 'tmpfs: /app/tmp:size=16k,mode=1770'
  return 'run-options: …   # compare with the docker run line that works for you'
}

/** `docker start --attach`: the output comes from its first byte on, without a log on the engine's disk. */
export function startContainer(session: Session, id: string, timeoutMs: number): StreamedCommand {
  return session.cli.stream(['start', '--attach', '--', id], { timeoutMs, signal: session.signal })
}

/** `docker inspect` of the container; null when it is gone or the engine does not answer. */
export async function inspectContainer(session: Session, id: string): Promise<ContainerJson | null> {
  const result = await session.cli.text(['container', 'inspect', '--', id])
  return result.code === 0 ? (single(result.stdout, 'docker container inspect') as ContainerJson) : null
}

/**
 * Waits until the container has started (running, or already ended). Throws EngineError START_FAILED when the engine
 * could not start it, with what it said.
 */
export async function waitForStart(
  session: Session,
  id: string,
  attached: { command: StreamedCommand; stderrTail: () => string }
): Promise<ContainerJson> {
  const ended: { exit: Exit | null } = { exit: null }
  void attached.command.exit.then((exit) => {
    ended.exit = exit
  })
  const deadline = performance.now() + START_MS
  while (performance.now() < deadline && !session.signal.aborted) {
    const wasEnded = ended.exit !== null
    const container = await inspectContainer(session, id)
    if (container?.State.Running === true) return container
    if (container !== null && container.State.Status === 'exited' && hasRun(container)) return container
    if (wasEnded) throw startFailed(session, container, attached.stderrTail())
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw startFailed(session, null, `not started in ${START_MS / 1000} s`)
}

/** A container that could not be started has an error text, or exit code 127/128 of the runtime with one. */
function hasRun(container: ContainerJson): boolean {
  return (container.State.Error ?? '') === ''
}

function startFailed(session: Session, container: ContainerJson | null, stderr: string): EngineError {
  const said = container?.State.Error ?? ''
  const text = said === '' ? stderr : said
  return new EngineError('START_FAILED', {
    phase: 'start',
    message: `The container could not be started: ${lastWords(session, text)}`,
    remedy: startRemedy(text)
  })
}

function startRemedy(text: string): string {
  if (/not a directory/i.test(text)) return 'tmpfs: /app/tmp   # a directory: the image has a file at the path given'
  if (/executable file not found|no such file or directory/i.test(text)) {
    return 'entrypoint: /path/in/the/image   # the program (or, for keep-alive, a shell `sh`) is not in the image'
  }
  if (/invalid tmpfs option|invalid argument/i.test(text)) return 'tmpfs: /app/tmp:size=16k,mode=1770'
  return 'run-options: …   # compare with the docker run line that works for you'
}

/** Runs a command inside; the exit code is the command's. Never throws. */
export async function execInside(
  session: Session,
  id: string,
  command: { words: readonly string[]; user?: string; input?: Buffer; timeoutMs: number }
): Promise<TextResult> {
  const args = [
    'exec',
    ...(command.input ? ['-i'] : []),
    ...(command.user === undefined ? [] : ['--user', command.user])
  ]
  return session.cli.text([...args, '--', id, ...command.words], {
    timeoutMs: command.timeoutMs,
    ...(command.input ? { input: command.input } : {})
  })
}

/** Pauses; true when it is paused. */
export async function pauseContainer(session: Session, id: string): Promise<boolean> {
  return (await session.cli.text(['pause', id])).code === 0
}

export async function unpauseContainer(session: Session, id: string): Promise<boolean> {
  return (await session.cli.text(['unpause', id])).code === 0
}

/** Stops it: SIGTERM with `graceSeconds` to end, then SIGKILL. True when it is stopped. */
export async function stopContainer(session: Session, id: string, graceSeconds: number): Promise<boolean> {
  const args = graceSeconds === 0 ? ['kill', id] : ['stop', '--time', String(graceSeconds), id]
  const result = await session.cli.text(args, { timeoutMs: (graceSeconds + 20) * 1000 })
  if (result.code === 0) return true
  const now = await inspectContainer(session, id)
  return now !== null && !now.State.Running
}
