/** The host view: starts the reader as root and asks it, one thing at a time or several at once. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Answer, HelloAnswer, Request, WireHit, WireProgress } from '../reader/protocol.js'

const START_MS = 10_000
const END_MS = 2000
/** The reader holds little: hits and names, no contents. */
const NODE_OPTIONS = ['--max-old-space-size=96', '--max-semi-space-size=4']
/** One arena for all threads: with one each, what one has freed is of no use to the others (mallopt(3)). */
const ENVIRONMENT = 'MALLOC_ARENA_MAX=1'
/** What an answer has one of. */
const ANSWERS = ['hit', 'progress', 'done', 'error']

export interface HostOptions {
  /** Path of the reader's bundle. */
  program: string
  /** Environment of the reader: nothing of ours is needed in it. */
  env: Record<string, string>
  signal: AbortSignal
  /** Said instead of our own user, for tests. */
  uid?: number
}

export interface AskOptions {
  /** The answer has to be there by then. */
  timeoutMs: number
  onHit?: (hit: WireHit) => void
  /** How far a walk is, once a second. */
  onProgress?: (progress: WireProgress) => void
  signal?: AbortSignal
}

type Reader = ChildProcessByStdio<Writable, Readable, null>

interface Waiting extends AskOptions {
  resolve: (done: unknown) => void
  reject: (error: HostError) => void
  end: () => void
}

/** The reader could not answer: a code of the file system, or why there is no answer. */
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
  /** Why there will be no more answers. */
  #ended: string | null = null

  constructor(child: Reader) {
    this.#child = child
    // A pipe that broke is told by the end of the child, which rejects whoever waits.
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => {
      this.#hear(line)
    })
    const end = (): void => {
      this.#end('the reader ended')
    }
    // More than one may come: a kill that is not permitted (sudo's child) is one.
    child.on('error', end)
    child.once('close', end)
  }

  /**
   * Asks one thing; hits come to `onHit` before the answer. Rejects with HostError, at the deadline at the latest; what
   * is under way in the reader is then stopped.
   */
  ask<T>(request: Request, options: AskOptions): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#ended !== null || options.signal?.aborted === true) {
        reject(new HostError(this.#ended ?? 'cancelled'))
        return
      }
      const id = this.#next
      this.#next += 1
      const giveUp = (reason: string): void => {
        this.#write({ cancel: id })
        this.#fail(id, reason)
      }
      const timer = setTimeout(() => {
        giveUp(`no answer in ${Math.ceil(options.timeoutMs / 1000)} s`)
      }, options.timeoutMs)
      const abort = (): void => {
        giveUp('cancelled')
      }
      options.signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.set(id, {
        ...options,
        reject,
        resolve: (done) => {
          resolve(done as T)
        },
        end: () => {
          clearTimeout(timer)
          options.signal?.removeEventListener('abort', abort)
        }
      })
      this.#write({ ...request, id })
    })
  }

  /** Ends the reader: it stops when its stdin closes, whatever it is doing. */
  close(): void {
    this.#child.stdin.end()
    this.#child.stdout.destroy()
    this.#child.unref()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS)
    timer.unref()
    this.#child.once('close', () => {
      clearTimeout(timer)
    })
  }

  #write(message: object): void {
    if (this.#ended === null) this.#child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  #hear(line: string): void {
    if (this.#ended !== null) return
    const answer = parseAnswer(line)
    if (answer === null) {
      // It may have been a hit: nothing that this reader says counts any more.
      this.#end('the reader said something that is no answer')
      this.close()
      return
    }
    const waiting = this.#waiting.get(answer.id)
    if ('hit' in answer) waiting?.onHit?.(answer.hit)
    else if ('progress' in answer) waiting?.onProgress?.(answer.progress)
    else if ('error' in answer) this.#fail(answer.id, answer.error)
    else this.#settle(answer.id)?.resolve(answer.done)
  }

  #end(reason: string): void {
    this.#ended ??= reason
    for (const id of [...this.#waiting.keys()]) this.#fail(id, this.#ended)
  }

  #fail(id: number, reason: string): void {
    this.#settle(id)?.reject(new HostError(reason))
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.end()
    return waiting
  }
}

/** null: not what a reader says. Only its shape is looked at: the reader is ours, what may break is the way here. */
function parseAnswer(line: string): Answer | null {
  let answer: unknown
  try {
    answer = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof answer !== 'object' || answer === null || !('id' in answer)) return null
  const isAnswer = typeof answer.id === 'number' && ANSWERS.some((kind) => kind in answer)
  return isAnswer ? (answer as Answer) : null
}

/** Starts the reader as root, directly or by `sudo -n`. Returns why not, with what would help, where it cannot be. */
export async function openHost(options: HostOptions): Promise<Host | { reason: string }> {
  if (process.platform !== 'linux') return { reason: 'the host view needs Linux (runs-on: ubuntu-latest)' }
  if (!existsSync(options.program)) return { reason: 'the reader is missing from dist/' }
  const isRoot = (options.uid ?? process.getuid?.()) === 0
  const node = ['env', ENVIRONMENT, process.execPath, ...NODE_OPTIONS, options.program]
  const [file = '', ...args] = isRoot ? node : ['sudo', '-n', '--', ...node]
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], env: options.env })
  const host = new Host(child)
  options.signal.addEventListener(
    'abort',
    () => {
      host.close()
    },
    { once: true }
  )
  let failed: string
  try {
    const { uid } = await host.ask<HelloAnswer>({ op: 'hello' }, { timeoutMs: START_MS, signal: options.signal })
    if (uid === 0) return host
    failed = 'the reader does not run as root'
  } catch (error) {
    failed = error instanceof HostError ? error.message.replace(/^host view: /, '') : 'unforeseen error'
  }
  host.close()
  const help = 'there is passwordless sudo on runs-on: ubuntu-latest; on a self-hosted runner allow it, or run as root'
  return { reason: isRoot ? `the reader could not be started (${failed})` : `sudo -n was refused: ${help}` }
}
