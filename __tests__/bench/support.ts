import type { Peak } from '../../bench/memory.mjs'
import type { Results } from '../../bench/report.mjs'
import type { Checked, ImagePart } from '../../bench/targets.mjs'

const run = (layersMs: number, wallMs = layersMs + 2000): Checked => ({
  layersMs,
  wallMs,
  state: 'complete',
  reason: null
})
const peak = (ours: number): Peak => ({
  ours,
  oursRss: 2 * ours,
  parts: { main: ours / 2, reader: ours / 2 },
  docker: 3e7,
  samples: 9
})
const image = (what: string, size: number, memory: number): ImagePart => ({
  what,
  layers: 12,
  files: 150_000,
  bytes: size,
  times: {
    save: [41_000, 40_000, 99_000],
    tar: [5600],
    cat: [3000],
    walk: [run(2400)],
    archive: [run(41_000, 43_000)]
  },
  memory: { walk: peak(memory), archive: peak(memory) }
})

const TABLE = `| needles | longest | built in ms | random | zeros | indexOf, source code |
|---|---:|---:|---:|---:|---:|
| 10 needles | 35 | 1 | 3000 | 3000 | 500 |
| 1,000 needles | 40 | 3 | 2000 | 2500 | 3 |`

/** Results of a machine that holds every number. */
export function held(): Results {
  return {
    quick: false,
    when: '2026-01-02',
    machine: { cores: 2, cpu: 'a <CPU>', memory: 24e9, kernel: '6.1', docker: '20.10', store: 'overlay2', node: 'v24' },
    parts: {
      big: image('a large image', 3.2e9, 1.2e8),
      medium: image('a middle one', 3e8, 1.1e8),
      'million-files': image('many files', 2e6, 1e8),
      needles: {
        rows: [
          { secrets: 1, needles: 70, walk: [run(2400)], archive: [run(4000)] },
          { secrets: 15, needles: 1035, walk: [run(3000)], archive: [run(5000)] },
          { secrets: 500, needles: 35_000, walk: [run(9000)], archive: [run(9000)] }
        ]
      },
      small: {
        wallMs: [2000],
        firstLineMs: [100],
        nodeMs: [25],
        timings: [{ stage: 'engine', ms: 200 }],
        memory: peak(1e8)
      },
      peers: {
        found: [{ name: 'peer', version: '1.2.3', what: '`peer image`', ms: 1_200_000, code: 124, memory: peak(2e9) }],
        missing: ['other']
      },
      matcher: { table: TABLE }
    }
  }
}
