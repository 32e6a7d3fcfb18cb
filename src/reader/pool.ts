/** Worker threads that share one walk: whoever has nothing to do gets part of what a busy one still has before it. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { WalkTask } from '../scan/walk-types.js'
import type { Collector } from './collector.js'
import type { WireNeedle, WireProgress } from './protocol.js'
import type { FromWorker, Shared, ToWorker } from './worker.js'

const MOST_WORKERS = 4
/** A worker stops between two files. */
const GRACE_MS = 3000
/** A worker needs little: two buffers, the tables of the matcher, and what is on its branch. */
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 }

export interface Job {
  tasks: WalkTask[]
  needles: WireNeedle[]
  collector: Collector
  /** Whether it is to stop: looked at now and then, and when a worker has news. */
  stopped: () => boolean
}

interface Running extends Job {
  queue: WalkTask[]
  /** Tells how it ended: null, or what failed. */
  done: (failure: string | null) => void
}

export class Pool {
  readonly #program: string
  readonly #workers: Worker[] = []
  readonly #idle = new Set<Worker>()
  readonly #waiting: Running[] = []
  readonly #flags = new Int32Array(new SharedArrayBuffer(8))
  readonly #most: number
  readonly #counts = new Float64Array(new SharedArrayBuffer(MOST_WORKERS * 16))
  #running: Running | null = null
  #stopping: NodeJS.Timeout | null = null

  /** `program`: the reader's own bundle, which runs as a worker when it is not the main thread. */
  constructor(program: string, most = MOST_WORKERS) {
    this.#most = most
    this.#program = program
  }

  /** Walks the tasks and all below them, one job after the other. null when all was walked, else what failed. */
  run(job: Job): Promise<string | null> {
    return new Promise((resolve) => {
      this.#waiting.push({ ...job, queue: [...job.tasks], done: resolve })
      if (this.#running === null) this.#begin()
    })
  }

  /** How far the job that runs is; null: this one waits. */
  progress(collector: Collector): WireProgress | null {
    if (this.#running?.collector !== collector) return null
    let [items, bytes] = [0, 0]
    for (const index of this.#workers.keys()) {
      items += this.#counts[2 * index] ?? 0
      bytes += this.#counts[2 * index + 1] ?? 0
    }
    return { items, bytes }
  }

  /** Passes on that the job is to stop. A worker that then does not come to rest is ended. */
  check(): void {
    if (this.#running?.stopped() !== true || this.#stopping !== null) return
    this.#running.queue.length = 0
    Atomics.store(this.#flags, 1, 1)
    this.#stopping = setTimeout(() => {
      this.#lost('a thread of the reader had to be ended')
    }, GRACE_MS)
  }

  #begin(): void {
    const job = this.#waiting.shift() ?? null
    this.#running = job
    if (job === null) return
    const count = Math.min(this.#most, availableParallelism())
    while (this.#workers.length < count) this.#workers.push(this.#start(this.#workers.length))
    Atomics.store(this.#flags, 1, 0)
    this.#counts.fill(0)
    this.#idle.clear()
    for (const worker of this.#workers) {
      say(worker, { op: 'job', needles: job.needles })
      this.#idle.add(worker)
    }
    this.#deal()
  }

  #start(index: number): Worker {
    const shared: Shared = { flags: this.#flags.buffer, counts: this.#counts.buffer, index }
    const worker = new Worker(this.#program, { workerData: shared, resourceLimits: LIMITS })
    worker.on('message', (message: FromWorker) => {
      if (this.#workers.includes(worker)) this.#hear(worker, message)
    })
    worker.on('error', () => {
      if (this.#workers.includes(worker)) this.#lost('a thread of the reader died')
    })
    return worker
  }

  #hear(worker: Worker, message: FromWorker): void {
    const job = this.#running
    if (job === null) return
    if (message.op === 'give') {
      if (!job.stopped()) job.queue.push(...message.tasks)
    } else {
      job.collector.add(message.gathered)
      this.#idle.add(worker)
    }
    this.check()
    this.#deal()
  }

  #deal(): void {
    const job = this.#running
    if (job === null) return
    for (const worker of this.#idle) {
      const task = job.queue.shift()
      if (task === undefined) break
      this.#idle.delete(worker)
      say(worker, { op: 'walk', task })
    }
    Atomics.store(this.#flags, 0, this.#idle.size)
    if (this.#idle.size === this.#workers.length) this.#finish(null)
  }

  /** A worker that died had part of the trees, nobody knows which: the job failed, and the others end with it. */
  #lost(reason: string): void {
    for (const worker of this.#workers.splice(0)) void worker.terminate()
    this.#finish(reason)
  }

  #finish(failure: string | null): void {
    const job = this.#running
    if (this.#stopping !== null) clearTimeout(this.#stopping)
    this.#stopping = null
    this.#running = null
    job?.done(failure)
    this.#begin()
  }
}

function say(worker: Worker, message: ToWorker): void {
  worker.postMessage(message)
}
