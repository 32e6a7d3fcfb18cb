/** The job log: one line a stage, with its time, and a sign of life in long ones. Only our own words go in. */
import { info, notice } from '@actions/core'
import { Progress, type Step } from '../report/progress.js'

/** A stage says that it is still at work this often. */
const ALIVE_MS = 5000

export interface Timing {
  stage: string
  ms: number
}

/** Writes to the job log and keeps how long each stage took. */
export class RunLog {
  readonly timings: Timing[] = []
  readonly #progress: Progress
  #lastStep = 0

  /** `terminal`: whether what is written can be written over. */
  constructor(terminal: boolean) {
    const write = (text: string): void => {
      if (terminal) process.stdout.write(text)
      else info(text.trimEnd())
    }
    this.#progress = new Progress({ now: () => performance.now(), write, terminal })
  }

  /** Runs one stage and logs how long it took; what it throws passes through. */
  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const alive = setInterval(() => {
      const now = performance.now()
      if (now - this.#lastStep > ALIVE_MS) info(`… ${name}, ${Math.round((now - started) / 1000)} s`)
    }, ALIVE_MS)
    let sign = '✗'
    try {
      const result = await work()
      sign = '✓'
      return result
    } finally {
      clearInterval(alive)
      this.#progress.end()
      const ms = Math.round(performance.now() - started)
      this.timings.push({ stage: name, ms })
      info(`${sign} ${name}, ${(ms / 1000).toFixed(1)} s`)
    }
  }

  /** How far a long piece of work is: told rarely in a log, live on a terminal. */
  step(step: Step): void {
    this.#lastStep = performance.now()
    this.#progress.update(step)
  }

  notice(text: string): void {
    notice(text)
  }
}
