/** The measured images: what is in each, and how it is made when it is not there yet. No registry is asked. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { emptyFiles, imageFiles, randomFiles, usrLayers } from './layers.mjs'

/** Raised when an image made by an older recipe is no longer the one that is described. */
const RECIPE = '1'
const LABEL = 'tmpfs-check-bench.recipe'
/** script/engine sees to it that this one is there; it brings the program that the measured containers run. */
const BASE = 'busybox:1.36'
const MIB = 2 ** 20
const run = promisify(execFile)

/** Asks the engine for short text. */
export const docker = (...words) => run('docker', words, { maxBuffer: 64 * MIB })

const usr = (options) => () => usrLayers(options)
const many = (count, make) => () => Array.from({ length: count }, (_, index) => () => make(index))

/** By name: what it is, and the makers of its layers above the base. */
export const RECIPES = {
  big: {
    what: '3.2 GB in 150,000 files of /usr, 12 layers',
    layers: usr({ files: 150_000, bytes: 3.2e9, layers: 11 })
  },
  medium: { what: '300 MB in 15,000 files of /usr, 12 layers', layers: usr({ files: 15_000, bytes: 3e8, layers: 11 }) },
  'million-files': { what: '1,000,000 empty files', layers: many(1, () => emptyFiles(1_000_000)) },
  'one-file': { what: 'one file of 2 GB', layers: many(1, () => randomFiles('one', 1, 2e9)) },
  'hundred-layers': {
    what: '100 layers of 30 files of 100 kB',
    layers: many(99, (layer) => randomFiles(`layer-${layer}`, 30, 1e5))
  }
}

/** The same kinds, made in seconds: to try the measuring itself. */
export const QUICK_RECIPES = {
  big: { what: '300 MB in 15,000 files of /usr, 12 layers', layers: RECIPES.medium.layers },
  medium: { what: '30 MB in 1,500 files of /usr, 12 layers', layers: usr({ files: 1500, bytes: 3e7, layers: 11 }) },
  'million-files': { what: '20,000 empty files', layers: many(1, () => emptyFiles(20_000)) },
  'one-file': { what: 'one file of 50 MB', layers: many(1, () => randomFiles('one', 1, 5e7)) },
  'hundred-layers': {
    what: '20 layers of 30 files of 100 kB',
    layers: many(19, (layer) => randomFiles(`layer-${layer}`, 30, 1e5))
  }
}

/** The image of that name, made unless it is there. Returns { name, what, image, dirs } with the layers' directories. */
export async function ensureImage(name, { quick, folder, say }) {
  const recipe = (quick ? QUICK_RECIPES : RECIPES)[name]
  const image = `tmpfs-check-bench/${quick ? 'quick-' : ''}${name}:latest`
  let facts = await inspect(image)
  if (facts?.Config.Labels?.[LABEL] !== RECIPE) {
    say(`making ${image}: ${recipe.what}`)
    if (facts !== null) await docker('image', 'rm', '--force', image)
    await make(image, [imageFiles(docker, BASE), ...recipe.layers()], folder)
    facts = await inspect(image)
  }
  return { name, what: recipe.what, image, layers: facts.RootFS.Layers.length, dirs: layerDirs(facts) }
}

/** What `docker image inspect` says; null when there is no such image. */
export async function inspect(image) {
  try {
    return JSON.parse((await docker('image', 'inspect', '--', image)).stdout)[0]
  } catch (error) {
    if (/no such image/i.test(error.stderr ?? '')) return null
    throw error
  }
}

/** Directories of the layers, bottom first, as the classic overlay2 store names them; empty where the engine does not. */
function layerDirs(facts) {
  const data = facts.GraphDriver?.Data
  if (typeof data?.UpperDir !== 'string') return []
  return [...(data.LowerDir?.split(':').reverse() ?? []), data.UpperDir]
}

/** Packs the layers as `docker save` would, and loads them: much faster than a build. */
async function make(image, makers, folder) {
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'image-'))
  try {
    const diffIds = []
    for (const [index, maker] of makers.entries()) {
      await mkdir(join(work, `${index}`))
      diffIds.push(await writeLayer(await maker(), join(work, `${index}`, 'layer.tar')))
    }
    await writeFile(join(work, 'config.json'), JSON.stringify(config(diffIds)))
    const layers = makers.map((_, index) => `${index}/layer.tar`)
    await writeFile(
      join(work, 'manifest.json'),
      JSON.stringify([{ Config: 'config.json', RepoTags: [image], Layers: layers }])
    )
    await load(work)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function writeLayer(stream, path) {
  const hash = createHash('sha256')
  await pipeline(
    stream,
    async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(path, { highWaterMark: MIB })
  )
  return `sha256:${hash.digest('hex')}`
}

function config(diffIds) {
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch] ?? process.arch
  return {
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Cmd: ['sleep', '3600'], Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Labels: { [LABEL]: RECIPE } },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: diffIds.map((_, index) => ({ created: '1970-01-01T00:00:00Z', created_by: `bench layer ${index}` }))
  }
}

async function load(work) {
  const child = spawn('bash', ['-o', 'pipefail', '-c', 'tar -C "$0" -cf - . | docker load -q', work], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`docker load ended with ${code}`)
}
