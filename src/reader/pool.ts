/** Worker threads that share one walk: whoever has nothing to do gets half of what a busy one still has on its stack. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { WalkItem } from '../scan/walk.js'
import type { Collector } from './collector.js'
import type { WireNeedle, WireTotals } from './protocol.js'
import type { FromWorker, ToWorker } from './worker.js'

const MOST_WORKERS = 4
/** A worker needs little: one buffer, the tables of the matcher, and what is on its stack. */
const WORKER_HEAP_MB = 96

interface Job {
  needles: WireNeedle[]
  queue: WalkItem[]
  collector: Collector
  done: (failure: string | null) => void
}

export class Pool {
  readonly #workers: Worker[] = []
  readonly #shared = new Int32Array(new SharedArrayBuffer(4))
  readonly #idle = new Set<Worker>()
  readonly #waiting: Job[] = []
  readonly #program: string
  #job: Job | null = null
  #reports = 0

  /** `program`: the reader's own bundle, which runs as a worker when it is not the main thread. */
  constructor(program: string) {
    this.#program = program
  }

  /** Walks the items and all below them; null when everything was walked, else what failed. One job after the other. */
  run(items: WalkItem[], needles: WireNeedle[], collector: Collector): Promise<string | null> {
    return new Promise((resolve) => {
      this.#waiting.push({ needles, queue: items, collector, done: resolve })
      if (this.#job === null) this.#begin()
    })
  }

  #begin(): void {
    this.#job = this.#waiting.shift() ?? null
    if (this.#job === null) return
    const count = Math.min(MOST_WORKERS, availableParallelism())
    while (this.#workers.length < count) this.#workers.push(this.#start())
    this.#idle.clear()
    for (const worker of this.#workers) {
      this.#say(worker, { op: 'job', needles: this.#job.needles })
      this.#idle.add(worker)
    }
    this.#deal()
  }

  #start(): Worker {
    const worker = new Worker(this.#program, {
      workerData: this.#shared.buffer,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB, maxYoungGenerationSizeMb: 4 }
    })
    worker.on('message', (message: FromWorker) => {
      if (this.#workers.includes(worker)) this.#hear(worker, message)
    })
    worker.on('error', () => {
      this.#lost()
    })
    return worker
  }

  #say(worker: Worker, message: ToWorker): void {
    worker.postMessage(message)
  }

  #hear(worker: Worker, message: FromWorker): void {
    const job = this.#job
    if (job === null) return
    if (message.op === 'hit') job.collector.hit(message.hit)
    else if (message.op === 'give') {
      job.queue.push(...message.items)
      this.#deal()
    } else if (message.op === 'idle') {
      this.#idle.add(worker)
      this.#deal()
    } else this.#report(job, message.totals)
  }

  #deal(): void {
    const job = this.#job
    if (job === null) return
    for (const worker of this.#idle) {
      const item = job.queue.pop()
      if (item === undefined) break
      this.#idle.delete(worker)
      this.#say(worker, { op: 'walk', item })
    }
    Atomics.store(this.#shared, 0, job.queue.length > 0 ? 0 : this.#idle.size)
    if (this.#idle.size < this.#workers.length || job.queue.length > 0) return
    this.#reports = 0
    Atomics.store(this.#shared, 0, 0)
    for (const worker of this.#workers) this.#say(worker, { op: 'report' })
  }

  #report(job: Job, totals: WireTotals): void {
    job.collector.merge(totals)
    this.#reports += 1
    if (this.#reports === this.#workers.length) this.#finish(null)
  }

  /** A worker that died had part of the tree, nobody knows which: the job failed, and the others end with it. */
  #lost(): void {
    for (const worker of this.#workers.splice(0)) void worker.terminate()
    if (this.#job !== null) this.#finish('a worker thread of the reader died')
  }

  #finish(failure: string | null): void {
    const job = this.#job
    this.#job = null
    job?.done(failure)
    this.#begin()
  }
}
