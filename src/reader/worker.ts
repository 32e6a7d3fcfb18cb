/** A worker thread of the reader: walks what the pool gives it, and gives back what others could take. */
import { parentPort, workerData } from 'node:worker_threads'
import { Matcher } from '../scan/matcher.js'
import type { ItemHit } from '../scan/types.js'
import { errorCode } from '../scan/walk-open.js'
import type { WalkTask } from '../scan/walk-types.js'
import { Walker } from '../scan/walk.js'
import { Collector, type Gathered } from './collector.js'
import { fromWire } from './needles.js'
import type { WireNeedle } from './protocol.js'
import { dataRanges } from './sparse.js'

/** From the pool to a worker. */
export type ToWorker = { op: 'job'; needles: WireNeedle[] } | { op: 'walk'; task: WalkTask }

/** From a worker to the pool; `gathered`: since it was idle last. */
export type FromWorker = { op: 'give'; tasks: WalkTask[] } | { op: 'idle'; gathered: Gathered }

/** Memory that all threads share: how many workers have nothing to do, whether to stop; and each worker's counts. */
export interface Shared {
  /** [0] idle workers, [1] not 0: stop. */
  flags: SharedArrayBuffer
  /** [2i] items and [2i+1] bytes of worker i. */
  counts: SharedArrayBuffer
  /** Which worker this is. */
  index: number
}

/** Runs until its pool ends it. */
export function runWorker(): void {
  const port = parentPort
  if (port === null) throw new Error('not a worker thread')
  const worker = new WorkerThread(workerData as Shared, (message) => {
    port.postMessage(message)
  })
  port.on('message', (message: ToWorker) => {
    worker.take(message)
  })
}

class WorkerThread {
  readonly #flags: Int32Array
  readonly #counts: Float64Array
  readonly #index: number
  readonly #post: (message: FromWorker) => void
  #collector = new Collector()
  #walker: Walker | null = null

  constructor(shared: Shared, post: (message: FromWorker) => void) {
    this.#flags = new Int32Array(shared.flags)
    this.#counts = new Float64Array(shared.counts)
    this.#index = 2 * shared.index
    this.#post = post
  }

  take(message: ToWorker): void {
    if (message.op === 'job') this.#begin(message.needles)
    else void this.#walk(message.task)
  }

  #begin(needles: readonly WireNeedle[]): void {
    const sink = {
      hit: (key: number, hit: ItemHit): void => {
        this.#collector.hit(key, hit)
      },
      shortfall: (key: number, path: string, reason: string): void => {
        this.#collector.shortfall(key, path, reason)
      },
      count: (items: number, bytes: number): void => {
        this.#collector.count(items, bytes)
        this.#counts[this.#index] = (this.#counts[this.#index] ?? 0) + items
        this.#counts[this.#index + 1] = (this.#counts[this.#index + 1] ?? 0) + bytes
      }
    }
    this.#collector = new Collector()
    this.#walker = new Walker(new Matcher(fromWire(needles)), sink, {
      wanted: () => Atomics.load(this.#flags, 0),
      stopped: () => Atomics.load(this.#flags, 1) !== 0,
      give: (tasks) => {
        this.#post({ op: 'give', tasks })
      },
      dataRanges
    })
  }

  async #walk(task: WalkTask): Promise<void> {
    try {
      await this.#walker?.walk(task)
    } catch (error) {
      this.#collector.shortfall(task.root.key, task.path, `could not be walked (${errorCode(error)})`)
    }
    const gathered = this.#collector.gathered()
    this.#collector = new Collector()
    this.#post({ op: 'idle', gathered })
  }
}
