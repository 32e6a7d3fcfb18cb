/** Pure: the numbers to hold (DESIGN part 5), and whether results hold them. */
import { bytes, median, seconds, times } from './stats.mjs'

/** The middle time of a list of runs, in ms: of the layers alone, or of the whole process. */
export const layersMs = (runs) => median((runs ?? []).map((each) => each.layersMs))
export const wallMs = (runs) => median((runs ?? []).map((each) => each.wallMs))

/** One line: what, must, what is, and whether it holds; null: not measured. */
function line(what, must, value, limit, shown) {
  const known = Number.isFinite(value)
  return { what, must, is: known ? shown : 'not measured', held: known ? value <= limit : null }
}

/** Every line of the list, from the parts measured so far. */
export function targets(parts) {
  const { big, medium, needles, small } = parts
  const millions = parts['million-files']
  const walk = layersMs(big?.times.walk)
  const tar = median(big?.times.tar ?? [])
  const save = median(big?.times.save ?? [])
  const archive = wallMs(big?.times.archive)
  const rows = needles?.rows ?? []
  const [few, many] = [rows[0], rows.find((row) => row.needles >= 1000)]
  const peaks = [big, medium].flatMap((each) => [each?.memory.walk.ours, each?.memory.archive.ours])
  const growth = (way) => (big?.memory[way].ours ?? NaN) / (medium?.memory[way].ours ?? NaN)
  const needleGrowth = (way) => layersMs(many?.[way]) / layersMs(few?.[way])
  const counts = many === undefined ? 'needles' : `${many.needles} needles against ${few.needles}`
  const alone = matcherGrowth(parts.matcher?.table ?? '')
  return [
    line('large image by host view, against `tar | cat`', '≤ 0.8 ×', walk / tar, 0.8, times(walk / tar)),
    line('the same, against `docker save | cat`', '≥ 8 × faster', walk / save, 1 / 8, `${times(save / walk)} faster`),
    line(
      'large image by `docker save`, the whole check, against `docker save | cat`',
      '≤ 1.1 ×',
      archive / save,
      1.1,
      times(archive / save)
    ),
    line(
      'peak memory of all our processes, both ways, both images',
      '≤ 250 MB',
      Math.max(...peaks.map((peak) => peak ?? NaN)) / 1e6,
      250,
      bytes(Math.max(...peaks.map((peak) => peak ?? NaN)))
    ),
    ...['walk', 'archive'].map((way) =>
      line(
        `memory at ten times the size, ${way === 'walk' ? 'host view' : 'docker save'}`,
        '≤ 1.2 ×',
        growth(way),
        1.2,
        times(growth(way))
      )
    ),
    line(`${counts}, host view`, '≤ 2 ×', needleGrowth('walk'), 2, times(needleGrowth('walk'))),
    line(`${counts}, docker save`, '≤ 2 ×', needleGrowth('archive'), 2, times(needleGrowth('archive'))),
    line('1,000 needles against 10, the matcher alone on its worst text', '≤ 2 ×', alone, 2, times(alone)),
    line(
      'check of `examples/microservice-fixed`, image already built',
      '≤ 2.5 s',
      median(small?.wallMs ?? []) / 1000,
      2.5,
      seconds(median(small?.wallMs ?? []))
    ),
    line(
      '`dist/index.js` to its first line',
      '≤ 150 ms',
      median(small?.firstLineMs ?? []),
      150,
      seconds(median(small?.firstLineMs ?? []))
    ),
    line(
      '1,000,000 files by host view',
      '≤ 10 s',
      layersMs(millions?.times.walk) / 1000,
      10,
      seconds(layersMs(millions?.times.walk))
    )
  ]
}

/** How much slower 1,000 needles are than 10 on the text where that is worst, from the table of bench/matcher.mjs. */
function matcherGrowth(table) {
  const speeds = (name) => {
    const row = table.split('\n').find((line) => line.startsWith(`| ${name} |`))
    return row === undefined ? [] : row.split('|').slice(4, -2).map(Number)
  }
  const [few, many] = [speeds('10 needles'), speeds('1,000 needles')]
  return few.length === 0 ? NaN : Math.max(...few.map((speed, index) => speed / many[index]))
}
