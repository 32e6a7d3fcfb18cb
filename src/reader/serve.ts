/** The reader's main thread: takes requests, answers each when it is done, several at once. */
import { createInterface } from 'node:readline'
import { Matcher } from '../scan/matcher.js'
import { errorCode, toLatin1 } from '../scan/walk-open.js'
import { ContainerRequests } from './container-requests.js'
import { absoluteDirs, basesOf, shipped } from './layer-dirs.js'
import { fromWire } from './needles.js'
import { Pool } from './pool.js'
import type { Answer, Cancel, HelloAnswer, Request, WireHit, WireNeedle, WireProgress } from './protocol.js'
import { scanTrees } from './trees.js'
import type { Opaque } from './xattrs.js'

export type { ContainerAnswer } from './protocol.js'

type Numbered = Request & { id: number }

/** What an answer is made with. */
export interface Asking {
  emit: (hit: WireHit) => void
  onProgress: (progress: WireProgress) => void
  cancelled: () => boolean
}

/** Serves until stdin closes: then the parent is gone, and so are we, whatever is under way. */
export function serve(program: string): void {
  const server = new Server(program)
  createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (line) => {
    void server.take(line)
  })
  process.stdin.once('end', () => process.exit(0))
  process.stdin.once('error', () => process.exit(1))
  process.stdout.on('error', () => process.exit(1))
}

class Server {
  /** The image's layers take long; what the container waits for does not queue behind them. */
  readonly #layers: Pool
  readonly #trees: Pool
  readonly #container: ContainerRequests
  readonly #sets = new Map<string, WireNeedle[]>()
  readonly #matchers = new Map<string, Matcher>()
  readonly #opaque: Opaque = new Map()
  readonly #cancelled = new Set<number>()

  constructor(program: string) {
    this.#layers = new Pool(program)
    this.#trees = new Pool(program, 1)
    this.#container = new ContainerRequests(program, (set) => this.#matcher(set))
  }

  async take(line: string): Promise<void> {
    let id = -1
    try {
      const request = JSON.parse(line) as Numbered | Cancel
      if ('cancel' in request) {
        this.#cancelled.add(request.cancel)
        this.#layers.check()
        this.#trees.check()
        return
      }
      id = request.id
      this.#say({ id, done: await this.#answer(request, this.#asking(id)) })
    } catch (error) {
      // Codes and names only: a message may hold a path.
      const code = errorCode(error)
      const name = error instanceof Error ? error.name : code
      this.#say({ id, error: code === 'unknown error' ? name : code })
    }
    this.#cancelled.delete(id)
  }

  #asking(id: number): Asking {
    return {
      emit: (hit) => {
        this.#say({ id, hit })
      },
      onProgress: (progress) => {
        this.#say({ id, progress })
      },
      cancelled: () => this.#cancelled.has(id)
    }
  }

  #say(answer: Answer): void {
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }

  async #answer(request: Numbered, asking: Asking): Promise<unknown> {
    switch (request.op) {
      case 'hello':
        return { uid: process.geteuid?.() ?? -1 } satisfies HelloAnswer
      case 'needles':
        this.#sets.set(request.set, request.needles)
        this.#matchers.clear()
        return null
      case 'container':
        return this.#container.hold(request.pid, request.containerId)
      case 'verify':
        return this.#container.verify()
      case 'overlay':
        return this.#overlay(request)
      case 'trees':
        return scanTrees(request, {
          ...asking,
          pool: request.kind === 'layers' ? this.#layers : this.#trees,
          needles: this.#needles(request.set),
          matcher: this.#matcher(request.set),
          opaque: this.#opaque
        })
      case 'shipped': {
        const layers = request.layers.map(toLatin1)
        return request.paths.map((path) => shipped(layers, toLatin1(path), this.#opaque))
      }
      case 'mounts':
      case 'listing':
      case 'contents':
      case 'memory':
      case 'processes':
      case 'access':
      case 'passwd':
      case 'swap':
        return this.#container.answer(request, asking)
    }
  }

  #overlay({ dirs, upper, dataRoot }: Extract<Request, { op: 'overlay' }>): string[] | null {
    const bases = basesOf({ lower: dirs, upper }, { merged: this.#container.mergedOnHost(), dataRoot })
    return absoluteDirs(dirs, bases)
  }

  /** Of several sets, with commas between their names. */
  #needles(sets: string): WireNeedle[] {
    return sets.split(',').flatMap((set) => this.#sets.get(set) ?? [])
  }

  #matcher(sets: string): Matcher {
    const known = this.#matchers.get(sets)
    if (known !== undefined) return known
    const matcher = new Matcher(fromWire(this.#needles(sets)))
    this.#matchers.set(sets, matcher)
    return matcher
  }
}
