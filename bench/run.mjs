/** `npm run bench`: builds the measured images, measures in turn, prints Markdown. See bench/README.md. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { docker, ensureImage } from './images.mjs'
import { findNode, ownNode } from './node.mjs'
import { readOptions } from './options.mjs'
import { publish } from './publish.mjs'
import { markdown } from './report.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'bench', 'out')
const say = (text) => console.error(text)

/** What the figures belong to. */
async function machine() {
  const { stdout } = await docker('info', '--format', '{{.ServerVersion}} {{.Driver}}')
  const [version, store] = stdout.trim().split(' ')
  const { length: cores, 0: cpu } = cpus()
  return { cores, cpu: cpu.model, memory: totalmem(), kernel: release(), docker: version, store, node: process.version }
}

async function measure(options) {
  const { measureImage, measureMatcher, measureNeedles, measureSmall } = await import('./parts.mjs')
  const { measurePeers } = await import('./peers.mjs')
  const program = resolve(process.env.BENCH_DIST ?? join(root, 'dist'), 'index.js')
  if (!existsSync(program)) throw new Error(`no ${program}: npm run build`)
  const images = new Map()
  const bench = {
    node: ownNode(folder),
    program,
    folder,
    say,
    rounds: options.rounds ?? (options.quick ? 5 : 3),
    image: async (name) => {
      if (!images.has(name)) images.set(name, await ensureImage(name, { quick: options.quick, folder, say }))
      return images.get(name)
    }
  }
  const special = { needles: measureNeedles, small: measureSmall, peers: measurePeers, matcher: measureMatcher }
  const sources = createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 12)
  const results = previous(options.quick) ?? { parts: {} }
  Object.assign(results, {
    quick: options.quick,
    when: new Date().toISOString().slice(0, 10),
    machine: await machine()
  })
  for (const part of options.only) {
    say(part)
    const measured = await (special[part] ?? ((given) => measureImage(given, part)))(bench)
    results.parts[part] = { ...measured, dist: sources }
    writeFileSync(file(options.quick), `${JSON.stringify(results, null, 2)}\n`)
  }
  return results
}

const file = (quick) => join(folder, quick ? 'quick-results.json' : 'results.json')

/** Parts that were measured before stay, so that one can be measured again alone. */
function previous(quick) {
  return existsSync(file(quick)) ? JSON.parse(readFileSync(file(quick), 'utf8')) : null
}

async function main() {
  const node = findNode()
  if (node !== process.execPath) {
    const { status } = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
    return status ?? 1
  }
  process.chdir(root)
  const options = readOptions(process.argv.slice(2))
  const results = await measure(options)
  console.log(markdown(results))
  if (options.publish) publish(root, results)
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`bench: ${error.message}`)
  process.exitCode = 1
}
