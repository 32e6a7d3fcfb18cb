/** Pure: results as Markdown. */
import { bytes, integer, median, seconds, spread, table, times } from './stats.mjs'
import { layersMs, targets, wallMs } from './targets.mjs'

const IMAGES = ['big', 'medium', 'million-files', 'one-file', 'hundred-layers']
const percent = (share) => (Number.isFinite(share) ? `± ${((share * 100) / 2).toFixed(0)} %` : '–')

/** Everything that was measured, as one text. */
export function markdown(results) {
  const { parts } = results
  return [
    machine(results),
    section('The numbers to hold', held(parts)),
    section('Images', images(parts)),
    section('Memory', memory(parts)),
    section('Secrets at once', needles(parts.needles)),
    section('A usual image', small(parts.small)),
    section('Other scanners', peers(parts)),
    section('The matcher alone', matcher(parts.matcher))
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}

function section(title, body) {
  return body === '' ? '' : `## ${title}\n\n${body}`
}

function machine({ machine: m, when, quick }) {
  const size = quick ? ' **Small images (`--quick`): not the figures of this page.**' : ''
  return (
    `Measured ${when} on ${m.cores} cores (${m.cpu}), ${bytes(m.memory)} of memory, Linux ${m.kernel}, Docker ${m.docker} ` +
    `with the ${m.store} store, Node.js ${m.node}. Warm caches: each measurement ran once unmeasured, and then in turn with ` +
    `the others; a figure is the median.${size}`
  )
}

function held(parts) {
  const mark = { true: 'held', false: '**missed**', null: '–' }
  const rows = targets(parts).map(({ what, must, is, held: ok }) => [what, must, is, mark[ok]])
  return table(['what', 'must', 'is', ''], rows)
}

function images(parts) {
  return IMAGES.flatMap((name) => (parts[name] === undefined ? [] : [image(parts[name])])).join('\n\n')
}

function image({ what, layers, files, bytes: size, times: runs }) {
  const save = median(runs.save)
  const row = (label, values, speed = true) => {
    const middle = median(values ?? [])
    const against = Number.isFinite(middle) ? times(middle / save) : '–'
    return [label, seconds(middle), percent(spread(values ?? [])), against, speed ? rate({ files, size }, middle) : '']
  }
  const of = (list, field) => list.map((each) => each[field])
  const state = [...runs.walk, ...runs.archive].find((each) => each.state !== 'complete')
  const note = state === undefined ? '' : `\n\nNot read to the end: ${state.reason}.`
  const rows = [
    row('tmpfs-check, host view: the layers', of(runs.walk, 'layersMs')),
    row('the whole check', of(runs.walk, 'wallMs'), false),
    row('tmpfs-check, `layers: archive`: the layers', of(runs.archive, 'layersMs')),
    row('the whole check', of(runs.archive, 'wallMs'), false),
    row('`docker save | cat`', runs.save),
    row('`tar | cat` of the layer directories', runs.tar),
    row('`find | xargs cat` of them', runs.cat)
  ]
  const title = `**${what}** (${integer(layers)} layers, ${integer(files)} files, ${bytes(size)})`
  return `${title}\n\n${table(['', 'median', 'spread', 'of `docker save`', 'rate'], rows)}${note}`
}

/** By bytes, or by files where these are empty. */
function rate({ files, size }, ms) {
  if (!Number.isFinite(ms)) return '–'
  return size > 1000 * files ? `${integer(size / 1000 / ms)} MB/s` : `${integer((files / ms) * 1000)} files/s`
}

function memory(parts) {
  const rows = IMAGES.filter((name) => parts[name] !== undefined).flatMap((name) =>
    ['walk', 'archive'].map((way) =>
      memoryRow(`${parts[name].what}, ${way === 'walk' ? 'host view' : '`docker save`'}`, parts[name].memory[way])
    )
  )
  if (parts.small !== undefined) rows.push(memoryRow('the microservice', parts.small.memory))
  if (rows.length === 0) return ''
  const head = ['', 'ours, peak', 'main process', 'reader', 'helper', '`docker` client beside it']
  const text =
    'Peak of all our processes together, sampled every 50 ms in runs of their own (PSS: a page that two of them share counts once). ' +
    'The engine’s own client is not ours and stands apart.'
  return `${text}\n\n${table(head, rows)}`
}

function memoryRow(label, { ours, parts, docker }) {
  const { main = 0, reader = 0, ...others } = parts
  const rest = Object.values(others).reduce((sum, value) => sum + value, 0)
  return [label, bytes(ours), bytes(main), bytes(reader), bytes(rest), bytes(docker)]
}

function needles(part) {
  if (part === undefined) return ''
  const [first] = part.rows
  const cells = (row, way) => [seconds(layersMs(row[way])), times(layersMs(row[way]) / layersMs(first[way]))]
  const rows = part.rows.map((row) => [
    integer(row.secrets),
    integer(row.needles),
    ...cells(row, 'walk'),
    ...cells(row, 'archive')
  ])
  const head = ['secrets', 'needles', 'large image, host view', '', 'middle image, `docker save`', '']
  return `Each secret is searched for in all its forms, and each form is a needle.\n\n${table(head, rows)}`
}

function small(part) {
  if (part === undefined) return ''
  const row = (label, values) => [label, seconds(median(values)), percent(spread(values))]
  const rows = [
    row('check of `examples/microservice-fixed`, image already built', part.wallMs),
    row('`dist/index.js` to its first line', part.firstLineMs),
    row('of that, Node.js itself (`node -e`)', part.nodeMs)
  ]
  const stages = part.timings.map(({ stage, ms }) => `${stage} ${seconds(ms)}`).join(', ')
  return `${table(['', 'median', 'spread'], rows)}\n\nStages of the last run: ${stages}.`
}

function peers(parts) {
  if (parts.peers === undefined) return ''
  const { found, missing } = parts.peers
  const rows = found.map(({ name, version, what, ms, code, memory: peak }) => [
    `${name} ${version}: ${what}`,
    code === 124 ? `not done after ${seconds(ms)}` : seconds(ms),
    bytes(peak.ours),
    code
  ])
  if (parts.medium !== undefined) {
    const { walk, archive } = parts.medium.times
    const { memory: peak } = parts.medium
    rows.unshift(
      ['tmpfs-check, host view: the whole check', seconds(wallMs(walk)), bytes(peak.walk.ours), 0],
      ['tmpfs-check, `layers: archive`: the whole check', seconds(wallMs(archive)), bytes(peak.archive.ours), 0]
    )
  }
  const absent = missing.length === 0 ? '' : `\n\nNot on this machine: ${missing.join(', ')}.`
  return `On the middle image.\n\n${table(['', 'time', 'peak memory', 'exit code'], rows)}${absent}`
}

function matcher(part) {
  return part === undefined ? '' : `MB/s over one warm MiB.\n\n${part.table}`
}
