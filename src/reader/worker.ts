/** A worker thread of the reader: walks what the pool gives it, and gives back what others could take. */
import { parentPort, workerData } from 'node:worker_threads'
import { Matcher } from '../scan/matcher.js'
import { Walker, type WalkItem } from '../scan/walk.js'
import { Collector } from './collector.js'
import type { WireHit, WireNeedle, WireTotals } from './protocol.js'
import { fromWire } from './needles.js'
import { dataRanges } from './sparse.js'

/** From the pool to a worker. */
export type ToWorker = { op: 'job'; needles: WireNeedle[] } | { op: 'walk'; item: WalkItem } | { op: 'report' }

/** From a worker to the pool. */
export type FromWorker =
  | { op: 'hit'; hit: WireHit }
  | { op: 'give'; items: WalkItem[] }
  | { op: 'idle' }
  | { op: 'totals'; totals: WireTotals }

/** Shared by all threads: [0] how many workers have nothing to do. */
export type Shared = Int32Array<SharedArrayBuffer>

/** Runs until its pool ends it. */
export function runWorker(): void {
  const port = parentPort
  if (port === null) throw new Error('not a worker')
  const shared = new Int32Array(workerData as SharedArrayBuffer)
  const post = (message: FromWorker): void => {
    port.postMessage(message)
  }
  let collector = new Collector((hit) => {
    post({ op: 'hit', hit })
  })
  let walker: Walker | null = null
  const begin = (needles: WireNeedle[]): void => {
    collector = new Collector((hit) => {
      post({ op: 'hit', hit })
    })
    const current = collector
    const sink = {
      get items(): number {
        return current.items
      },
      set items(count: number) {
        current.items = count
      },
      get bytes(): number {
        return current.bytes
      },
      set bytes(count: number) {
        current.bytes = count
      },
      hit: (key: number, hit: Omit<WireHit, 'key'>) => {
        current.hit({ ...hit, key })
      },
      shortfall: (key: number, path: string, reason: string) => {
        current.shortfall(key, path, reason)
      }
    }
    walker = new Walker(new Matcher(fromWire(needles)), sink, {
      wanted: () => Atomics.load(shared, 0),
      give: (items) => {
        post({ op: 'give', items })
      },
      dataRanges
    })
  }
  port.on('message', (message: ToWorker) => {
    if (message.op === 'job') begin(message.needles)
    else if (message.op === 'report') post({ op: 'totals', totals: collector.totals() })
    else {
      void walker?.walk(message.item).then(
        () => {
          post({ op: 'idle' })
        },
        (error: unknown) => {
          collector.shortfall(
            message.item.key,
            message.item.path,
            `walk failed (${error instanceof Error ? error.name : 'unknown error'})`
          )
          post({ op: 'idle' })
        }
      )
    }
  })
}
