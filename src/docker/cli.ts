/**
 * The one place that talks to the engine: short text through @actions/exec, streams through child_process.
 *
 * @actions/exec must not carry bytes: its line buffer is quadratic on output without newlines (64 MiB take 22 s and
 * 1 GiB, @actions/exec 3.0.0). It has no deadline of its own either, so `timeout` (coreutils) stands before the
 * command and a timer behind it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { getExecOutput } from '@actions/exec'
import { EngineError } from './errors.js'

/** How a command ended. Success is exit code 0 and nothing else. */
export interface Exit {
  code: number | null
  /** null on success; else what stopped it: `exit code 125`, `deadline of 30 s`, `signal SIGKILL`, `cancelled`. */
  reason: string | null
}

export interface TextResult extends Exit {
  stdout: string
  stderr: string
}

export interface TextOptions {
  timeoutMs?: number
  /** Written to the command's stdin; may hold secrets. */
  input?: Buffer
  /** Added to the client's environment; may hold secrets. */
  env?: Record<string, string>
}

export interface StreamOptions extends TextOptions {
  signal?: AbortSignal
  /** Told the child's process id, so that an interrupted run can be cleaned up. */
  onSpawn?: (pid: number) => void
}

/** A running command whose output is a stream. `exit` never rejects. */
export interface StreamedCommand {
  stdout: Readable
  stderr: Readable
  exit: Promise<Exit>
  kill: () => void
}

const DEFAULT_TIMEOUT_MS = 30_000
const KILL_AFTER_S = 2

export interface DockerCli {
  text: (args: readonly string[], options?: TextOptions) => Promise<TextResult>
  stream: (args: readonly string[], options: StreamOptions & { timeoutMs: number }) => StreamedCommand
}

/**
 * Makes a client. `clientEnv` is the environment of every docker process (PATH, HOME, DOCKER_HOST…); `onChild` is told
 * of every streamed child process, so that post can end what an interrupted run left running.
 */
export function dockerCli(
  clientEnv: Record<string, string>,
  onChild: (pid: number) => void = () => undefined
): DockerCli {
  return {
    text: (args, options = {}) => runText(args, { ...options, env: { ...clientEnv, ...options.env } }),
    stream: (args, options) => runStream(args, { onSpawn: onChild, ...options, env: { ...clientEnv, ...options.env } })
  }
}

async function runText(args: readonly string[], options: TextOptions): Promise<TextResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000))
  const late: TextResult = { code: null, reason: `deadline of ${seconds} s`, stdout: '', stderr: '' }
  const ran = (async (): Promise<TextResult> => {
    try {
      const result = await getExecOutput('timeout', ['-k', String(KILL_AFTER_S), String(seconds), 'docker', ...args], {
        silent: true,
        ignoreReturnCode: true,
        ...(options.env ? { env: options.env } : {}),
        ...(options.input ? { input: options.input } : {})
      })
      if (result.exitCode === 124 || result.exitCode === 137) return { ...late, stderr: result.stderr }
      if (result.exitCode === 127 && /failed to run command/.test(result.stderr)) throw noClient()
      const reason = result.exitCode === 0 ? null : `exit code ${result.exitCode}`
      return { code: result.exitCode, reason, stdout: result.stdout, stderr: result.stderr }
    } catch (error) {
      if (error instanceof EngineError) throw error
      return { code: null, reason: 'could not be started', stdout: '', stderr: '' }
    }
  })()
  return withDeadline(ran, (seconds + KILL_AFTER_S + 1) * 1000, late)
}

async function withDeadline<T>(work: Promise<T>, ms: number, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<T>((resolve) => {
    timer = setTimeout(() => {
      resolve(late)
    }, ms)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}

function noClient(): EngineError {
  return new EngineError('NO_CLIENT', {
    phase: 'preflight',
    message: 'There is no `docker` command on this runner.',
    remedy: 'runs-on: ubuntu-latest   # ubuntu-slim has no engine; on a self-hosted runner install Docker Engine'
  })
}

function runStream(args: readonly string[], options: StreamOptions & { timeoutMs: number }): StreamedCommand {
  const child = spawn('docker', [...args], {
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(options.env ? { env: options.env } : {})
  })
  if (child.pid !== undefined) options.onSpawn?.(child.pid)
  feed(child, options.input)
  return {
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    exit: exitOf(child, options),
    kill: () => child.kill('SIGKILL')
  }
}

/** Writes the input; a child that closes its end early shows in the exit code, so EPIPE itself is no news. */
function feed(child: ChildProcess, input: Buffer | undefined): void {
  if (!child.stdin || !input) return
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
}

function exitOf(child: ChildProcess, options: StreamOptions & { timeoutMs: number }): Promise<Exit> {
  return new Promise((resolve) => {
    let stopped: string | null = null
    const stop = (reason: string): void => {
      stopped ??= reason
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => {
      stop(`deadline of ${Math.ceil(options.timeoutMs / 1000)} s`)
    }, options.timeoutMs)
    const onAbort = (): void => {
      stop('cancelled')
    }
    options.signal?.addEventListener('abort', onAbort, { once: true })
    const end = (exit: Exit): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      resolve(exit)
    }
    child.once('error', () => {
      end({ code: null, reason: 'could not be started' })
    })
    child.once('close', (code, signal) => {
      if (stopped !== null) end({ code: null, reason: stopped })
      else if (code === 0) end({ code: 0, reason: null })
      else end({ code, reason: code === null ? `signal ${signal ?? 'unknown'}` : `exit code ${code}` })
    })
  })
}
