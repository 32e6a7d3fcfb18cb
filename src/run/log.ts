/** The job log: one line a phase, with its result and time. Only our own words and cleaned foreign text go in. */
import { debug, info, notice, warning } from '@actions/core'

export interface Timing {
  stage: string
  ms: number
}

/** Writes to the job log and keeps how long each stage took. */
export class RunLog {
  readonly timings: Timing[] = []

  /** Runs one stage and logs how long it took; what it throws passes through. */
  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      const result = await work()
      this.#end('✓', name, started)
      return result
    } catch (error) {
      this.#end('✗', name, started)
      throw error
    }
  }

  #end(sign: string, stage: string, started: number): void {
    const ms = Math.round(performance.now() - started)
    this.timings.push({ stage, ms })
    info(`${sign} ${stage}, ${(ms / 1000).toFixed(1)} s`)
  }

  line(text: string): void {
    info(text)
  }

  notice(text: string): void {
    notice(text)
  }

  warning(text: string): void {
    warning(text)
  }

  debug(text: string): void {
    debug(text)
  }
}
