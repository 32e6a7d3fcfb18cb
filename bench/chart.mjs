/** Pure: results as one SVG picture: times of the large image, memory, and growth with the number of secrets. */
import { bytes, integer, median, seconds } from './stats.mjs'
import { layersMs, wallMs } from './targets.mjs'

const WIDTH = 760
const MARGIN = 24
const LABELS = 300
const VALUES = 84
const BAR = 16
const STEP = 26
const MEMORY_LIMIT = 250e6

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .quiet { fill: #59636e; font-size: 12px }
  .ours { fill: #1a7f37 }
  .other { fill: #afb8c1 }
  .limit { stroke: #cf222e; stroke-dasharray: 3 3 }
  .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .ours { fill: #3fb950 }
    .other { fill: #656c76 }
    .limit { stroke: #ff7b72 }
    .page { fill: #0d1117 }
  }`

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const round = (value) => Math.round(value * 10) / 10

/** A whole SVG document; parts that were not measured are left out. */
export function chart({ parts, machine }) {
  const panels = [times(parts), scanners(parts), memory(parts), secrets(parts)].filter((each) => each.bars.length > 0)
  let y = MARGIN
  const drawn = panels.map((each) => {
    const text = panel(each, y)
    y += 52 + each.bars.length * STEP
    return text
  })
  const where = `${machine.cores} cores, ${machine.cpu}, Docker ${machine.docker}, warm caches; medians. How: docs/performance.md`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + MARGIN}" width="${WIDTH}" role="img">
<title>How long tmpfs-check takes, and how much memory</title>
<style>${STYLE}
</style>
<rect class="page" width="100%" height="100%" rx="6"/>
${drawn.join('\n')}
<text class="quiet" x="${MARGIN}" y="${y + 4}">${escape(where)}</text>
</svg>
`
}

function panel({ title, bars, most, limit, shown }, top) {
  const scale = (WIDTH - 2 * MARGIN - LABELS - VALUES) / most
  const left = MARGIN + LABELS
  const lines = bars.map(({ label, value, ours }, index) => {
    const y = top + 30 + index * STEP
    const width = Math.max(1, round(value * scale))
    return `<text x="${left - 10}" y="${y + 12}" text-anchor="end">${escape(label)}</text>
<rect class="${ours ? 'ours' : 'other'}" x="${left}" y="${y}" width="${width}" height="${BAR}" rx="2"/>
<text x="${left + width + 8}" y="${y + 12}">${escape(shown(value))}</text>`
  })
  if (limit !== undefined) {
    const x = round(left + limit * scale)
    lines.push(`<line class="limit" x1="${x}" x2="${x}" y1="${top + 24}" y2="${top + 30 + bars.length * STEP}"/>`)
  }
  return `<text class="title" x="${MARGIN}" y="${top + 14}">${escape(title)}</text>\n${lines.join('\n')}`
}

/** Drops what was not measured, and finds the scale. */
function data(title, all, options) {
  const bars = all.filter((each) => Number.isFinite(each.value))
  return { title, bars, most: Math.max(options.limit ?? 0, ...bars.map((each) => each.value)), ...options }
}

function times({ big }) {
  if (big === undefined) return { bars: [] }
  const bars = [
    { label: 'tmpfs-check, host view', value: layersMs(big.times.walk), ours: true },
    { label: 'find | xargs cat', value: median(big.times.cat ?? []) },
    { label: 'tar | cat', value: median(big.times.tar ?? []) },
    { label: 'docker save | cat', value: median(big.times.save) },
    { label: 'tmpfs-check by docker save, whole check', value: wallMs(big.times.archive), ours: true }
  ]
  return data(`Reading an image of ${bytes(big.bytes)} in ${integer(big.files)} files`, bars, { shown: seconds })
}

function scanners({ medium, peers }) {
  if (medium === undefined || peers === undefined) return { bars: [] }
  const bars = [
    { label: 'tmpfs-check, whole check', value: wallMs(medium.times.walk), ours: true },
    { label: 'by docker save, whole check', value: wallMs(medium.times.archive), ours: true },
    ...peers.found.filter((each) => each.code !== 124).map(({ name, ms }) => ({ label: name, value: ms }))
  ]
  return data(`An image of ${bytes(medium.bytes)}, beside other scanners`, bars, { shown: seconds })
}

function memory({ big, medium }) {
  const ways = [
    ['host view', 'walk'],
    ['docker save', 'archive']
  ]
  const bars = [medium, big].flatMap((image) =>
    image === undefined
      ? []
      : ways.map(([label, way]) => ({
          label: `${label}, ${bytes(image.bytes)}`,
          value: image.memory[way].ours,
          ours: true
        }))
  )
  return data('Peak memory of all processes together (limit: 250 MB)', bars, { shown: bytes, limit: MEMORY_LIMIT })
}

function secrets({ needles }) {
  const bars = (needles?.rows ?? []).map((row) => ({
    label: `${integer(row.secrets)} ${row.secrets === 1 ? 'secret' : 'secrets'} (${integer(row.needles)} needles)`,
    value: layersMs(row.walk),
    ours: true
  }))
  return data('The large image by host view, by secrets searched for at once', bars, { shown: seconds })
}
