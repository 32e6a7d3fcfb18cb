/** What a walk asks of its surroundings: whether to go on, to let others have a turn, to give work away. */
import { setImmediate } from 'node:timers/promises'
import type { WalkOptions, WalkTask } from './walk-types.js'

export class Turns {
  readonly #options: WalkOptions
  #breathed = performance.now()

  constructor(options: WalkOptions) {
    this.#options = options
  }

  get stopped(): boolean {
    return this.#options.stopped?.() ?? false
  }

  /** How many others have nothing to do. */
  get wanted(): number {
    return this.#options.wanted?.() ?? 0
  }

  give(...tasks: WalkTask[]): void {
    this.#options.give?.(tasks)
  }

  /** Takes from the front of a list what others should get: all get the same, and one keeps a share. */
  takeShare<T>(list: T[]): T[] {
    const { wanted } = this
    return list.splice(0, Math.ceil((list.length * wanted) / (wanted + 1)))
  }

  /** Lets other events of the thread through, when it is time. */
  async pause(): Promise<void> {
    const { breatheMs } = this.#options
    if (breatheMs === undefined || performance.now() - this.#breathed < breatheMs) return
    await setImmediate()
    this.#breathed = performance.now()
  }
}
