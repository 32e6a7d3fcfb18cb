/** What is measured, part by part. Each returns plain data for results.json. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { cat, save, tar } from './baselines.mjs'
import { docker, inspect } from './images.mjs'
import { check } from './product.mjs'
import { inTurn } from './rounds.mjs'
import { countNeedles } from './typescript.mjs'

const run = promisify(execFile)

/** Numbers of secrets searched for at once: 15 make about 1,000 needles; 500 is the most that may be declared. */
const SECRETS = [1, 15, 100, 500]
const MICROSERVICE = 'tmpfs-check-bench/microservice-fixed:latest'

/** A check of an image that finds nothing: its layers are what takes the time. */
const inputs = (image, layers) => ({
  image,
  layers,
  tmpfs: '/secret:size=1m',
  secrets: 'bench_secret',
  'host-access': 'required',
  'fail-on': 'never'
})

/** One run of the product, as numbers. */
async function checked(bench, given, options = {}) {
  const { layers, wallMs, outcome, timings, memory } = await check({
    node: bench.node,
    program: bench.program,
    inputs: given,
    ...options
  })
  const view = given.layers === 'archive' ? 'engine' : 'host'
  if (layers.view !== view || layers.state === 'failed' || layers.state === 'skipped')
    throw new Error(`layers were not read by the ${view} view: ${layers.view}, ${layers.state}, ${layers.reason}`)
  const { durationMs, state, reason, items, bytes } = layers
  return { layersMs: durationMs, wallMs, state, reason, items, bytes, outcome, timings, memory }
}

/** Number of files and of bytes in them, by find. */
async function sizeOf(dirs) {
  const script = String.raw`find "$@" -type f -printf '%s\n' | awk '{ n++; sum += $1 } END { printf "%d %.0f", n, sum }'`
  const { stdout } = await run('bash', ['-c', script, 'bench', ...dirs])
  const [files, bytes] = stdout.split(' ').map(Number)
  return { files, bytes }
}

/** One image both ways, in turn with the machine's own tools; then once more each for memory. */
export async function measureImage(bench, name) {
  const image = await bench.image(name)
  const { dirs } = image
  const size = dirs.length > 0 ? await sizeOf(dirs) : { files: null, bytes: null }
  const disk = [
    { name: 'tar', run: () => tar(dirs) },
    { name: 'cat', run: () => cat(dirs) }
  ]
  const tasks = [
    ...(dirs.length > 0 ? disk : []),
    { name: 'walk', run: () => checked(bench, inputs(image.image, 'auto')) },
    { name: 'save', run: () => save(image.image) },
    {
      name: 'archive',
      run: () => checked(bench, inputs(image.image, 'archive')),
      rounds: bench.slowRounds,
      warm: false
    }
  ]
  const times = await inTurn(tasks, bench)
  bench.say('  memory')
  const memory = {}
  for (const [way, layers] of [
    ['walk', 'auto'],
    ['archive', 'archive']
  ])
    memory[way] = (await checked(bench, inputs(image.image, layers), { watch: true })).memory
  return { what: image.what, layers: image.layers, ...size, times, memory }
}

/** How cost grows with the number of secrets: the large image by walk, the middle one by docker save. */
export async function measureNeedles(bench) {
  const [big, medium] = [await bench.image('big'), await bench.image('medium')]
  const sets = SECRETS.map((count) => Array.from({ length: count }, () => randomBytes(16).toString('hex')))
  const given = (image, layers, values) => ({
    ...inputs(image.image, layers),
    secrets: values.map((value, index) => `secret_${index}=${value}`).join('\n'),
    deliver: 'none',
    // Nothing is delivered, so nothing settles.
    'wait-for': '1s'
  })
  const tasks = sets.flatMap((values) => [
    { name: `walk ${values.length}`, run: () => checked(bench, given(big, 'auto', values)), warm: values.length === 1 },
    { name: `archive ${values.length}`, run: () => checked(bench, given(medium, 'archive', values)), warm: false }
  ])
  const results = await inTurn(tasks, bench)
  const rows = sets.map((values) => ({
    secrets: values.length,
    needles: countNeedles(values),
    walk: results[`walk ${values.length}`],
    archive: results[`archive ${values.length}`]
  }))
  return { rows }
}

/** The check of an image of a usual size, already built, and how long until the program says anything. */
export async function measureSmall(bench) {
  if ((await inspect('python:3.13-slim')) === null) throw new Error('no image python:3.13-slim here: run script/engine')
  await docker('build', '--quiet', '--tag', MICROSERVICE, 'examples/microservice-fixed')
  const given = {
    image: MICROSERVICE,
    tmpfs: '/app/tmp:size=16k,mode=0700,uid=1000,gid=1000',
    secrets: 'db_password',
    'expect-files': 'pgpass',
    'read-only': 'true',
    memory: '128m'
  }
  const once = async (options) => {
    const result = await check({ node: bench.node, program: bench.program, inputs: given, ...options })
    if (result.outcome !== 'pass') throw new Error(`examples/microservice-fixed did not pass: ${result.outcome}`)
    return result
  }
  const nodeAlone = async () => {
    const started = performance.now()
    await run(bench.node, ['-e', 'console.log(1)'])
    return performance.now() - started
  }
  const { check: checks, node } = await inTurn(
    [
      { name: 'check', run: () => once() },
      { name: 'node', run: nodeAlone }
    ],
    { ...bench, rounds: Math.max(7, bench.rounds) }
  )
  const { memory } = await once({ watch: true })
  return {
    wallMs: checks.map((each) => each.wallMs),
    firstLineMs: checks.map((each) => each.firstLineMs),
    nodeMs: node,
    timings: checks.at(-1).timings,
    memory
  }
}

/** The matcher alone: what bench/matcher.mjs prints. */
export async function measureMatcher(bench) {
  const { stdout } = await run(bench.node, [new URL('matcher.mjs', import.meta.url).pathname])
  return { table: stdout.trim() }
}
