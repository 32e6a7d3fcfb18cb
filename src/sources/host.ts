/** The host view: starts the reader as root and asks it, one request at a time or several at once. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Answer, Request, WireHit } from '../reader/protocol.js'

const START_MS = 10_000

export interface HostOptions {
  /** Path of the reader's bundle. */
  program: string
  /** Environment of the reader: nothing of ours is needed in it. */
  env: Record<string, string>
  signal: AbortSignal
}

type Reader = ChildProcessByStdio<Writable, Readable, null>

interface Waiting {
  onHit: (hit: WireHit) => void
  resolve: (done: unknown) => void
  reject: (error: HostError) => void
  timer: NodeJS.Timeout
}

/** The reader could not answer: a code of the file system, `deadline`, `ended`. */
export class HostError extends Error {
  constructor(reason: string) {
    super(`host view: ${reason}`)
    this.name = 'HostError'
  }
}

/** A connection to a running reader. */
export class Host {
  readonly #child: Reader
  readonly #waiting = new Map<number, Waiting>()
  #next = 1
  #ended = false

  constructor(child: Reader) {
    this.#child = child
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => {
      this.#hear(line)
    })
    const end = (): void => {
      this.#ended = true
      for (const id of [...this.#waiting.keys()])
        this.#settle(id, (each) => {
          each.reject(new HostError('the reader ended'))
        })
    }
    child.once('error', end)
    child.once('close', end)
  }

  /** Asks one thing; hits stream to `onHit` before the answer. Rejects with HostError, at the deadline at the latest. */
  ask<T>(request: Request, options: { timeoutMs: number; onHit?: (hit: WireHit) => void }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#ended) {
        reject(new HostError('the reader ended'))
        return
      }
      const id = this.#next
      this.#next += 1
      const timer = setTimeout(() => {
        this.#settle(id, (each) => {
          each.reject(new HostError(`no answer in ${Math.ceil(options.timeoutMs / 1000)} s`))
        })
      }, options.timeoutMs)
      const onHit = options.onHit ?? ((): void => undefined)
      this.#waiting.set(id, {
        onHit,
        timer,
        reject,
        resolve: (done) => {
          resolve(done as T)
        }
      })
      this.#child.stdin.write(`${JSON.stringify({ ...request, id })}\n`)
    })
  }

  /** Ends the reader: it stops when its stdin closes. */
  close(): void {
    this.#child.stdin.end()
    this.#child.stdout.destroy()
    this.#child.unref()
  }

  #hear(line: string): void {
    let answer: Answer
    try {
      answer = JSON.parse(line) as Answer
    } catch {
      // Half a line of a reader that was killed: its end rejects whoever waits.
      return
    }
    if ('hit' in answer) this.#waiting.get(answer.id)?.onHit(answer.hit)
    else if ('error' in answer)
      this.#settle(answer.id, (each) => {
        each.reject(new HostError(answer.error))
      })
    else
      this.#settle(answer.id, (each) => {
        each.resolve(answer.done)
      })
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    clearTimeout(waiting.timer)
    this.#waiting.delete(id)
    how(waiting)
  }
}

/** Starts the reader as root, directly or by `sudo -n`. Returns why not, with what would help, where it cannot be. */
export async function openHost(options: HostOptions): Promise<Host | { reason: string }> {
  if (process.platform !== 'linux') return { reason: 'the host view needs Linux (runs-on: ubuntu-latest)' }
  if (!existsSync(options.program)) return { reason: 'the reader is missing from dist/' }
  const node = [process.execPath, '--max-old-space-size=128', options.program]
  const isRoot = process.getuid?.() === 0
  const [file, ...args] = isRoot ? node : ['sudo', '-n', '--', ...node]
  const child = spawn(file ?? '', args, { stdio: ['pipe', 'pipe', 'ignore'], env: options.env })
  options.signal.addEventListener('abort', () => child.stdin.end(), { once: true })
  const host = new Host(child)
  try {
    // Any answer says that it runs; an empty set does no harm.
    await host.ask({ op: 'needles', set: 'none', needles: [] }, { timeoutMs: START_MS })
    return host
  } catch {
    // It did not start or was refused: the reason says all that matters.
    host.close()
    return {
      reason: isRoot
        ? 'the reader could not be started'
        : 'sudo -n is refused (a runner with passwordless sudo has the host view)'
    }
  }
}
