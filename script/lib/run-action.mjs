// Runs dist/index.js and then dist/post/index.js as a GitHub runner does: see script/run-action.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Log, parseEntries, showAnnotation, showSummary } from './workflow-commands.mjs'

const dist = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist')
const log = new Log()

/** { folder, keep, inputs }: the folder to write to, whether it stays, and the inputs as the runner passes them. */
function parseArguments(args) {
  const inputs = {}
  let folder
  for (let i = 0; i < args.length; i++) {
    const [name] = args[i].split('=', 1)
    if (args[i] === '--dir' && args[i + 1] !== undefined) folder = resolve(args[++i])
    else if (name === args[i] || name === '' || name.startsWith('-'))
      throw new Error(`expected INPUT=VALUE, got ${name}`)
    // Hyphens stay: the variable of build-args is INPUT_BUILD-ARGS.
    else inputs[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = args[i].slice(name.length + 1)
  }
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  return { folder: folder ?? mkdtempSync(join(tmpdir(), 'run-action-')), keep: folder !== undefined, inputs }
}

/** The files that the runner makes for one step, by the variable that names them. */
function makeFiles(folder) {
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_ENV: join(folder, 'env'),
    GITHUB_PATH: join(folder, 'path')
  }
  for (const file of Object.values(files)) writeFileSync(file, '')
  mkdirSync(join(folder, 'temp'), { recursive: true })
  return { ...files, RUNNER_TEMP: join(folder, 'temp') }
}

/** Runs one program of the action to its end; its exit code, or 128 + n when signal n ended it. */
async function run(program, env) {
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  // Ctrl-C reaches the child by itself (it is in our process group); we stay, for post has to run.
  const stay = () => undefined
  const forward = () => child.kill('SIGTERM')
  process.on('SIGINT', stay).on('SIGTERM', forward)
  const show = (text) => {
    const shown = log.line(text)
    if (shown !== undefined) console.log(shown)
  }
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', show)
  const code = await new Promise((done, fail) => {
    child.on('error', fail).on('close', (status, signal) => done(status ?? 128 + constants.signals[signal]))
  })
  process.off('SIGINT', stay).off('SIGTERM', forward)
  return code
}

function show(title, text) {
  if (text !== '') console.log(`\n── ${title}\n\n${log.mask(text)}`)
}

async function main() {
  if (!existsSync(join(dist, 'index.js'))) throw new Error('no dist/index.js: npm run build')
  const { folder, keep, inputs } = parseArguments(process.argv.slice(2))
  try {
    const files = makeFiles(folder)
    const machine = Object.entries(process.env).filter(([name]) => !/^(INPUT|STATE)_/.test(name))
    const env = { ...Object.fromEntries(machine), GITHUB_WORKSPACE: process.cwd(), GITHUB_ACTIONS: 'true', ...files }

    const code = await run(join(dist, 'index.js'), { ...env, ...inputs })
    const state = [...parseEntries(readFileSync(files.GITHUB_STATE, 'utf8'))].map(([name, value]) => [
      `STATE_${name}`,
      value
    ])
    const postCode = await run(join(dist, 'post/index.js'), { ...env, ...inputs, ...Object.fromEntries(state) })

    const outputs = [...parseEntries(readFileSync(files.GITHUB_OUTPUT, 'utf8'))].map(
      ([name, value]) => `${name}=${value}`
    )
    writeFileSync(join(folder, 'outputs.txt'), outputs.map((line) => `${line}\n`).join(''))
    show('Annotations', log.annotations.map(showAnnotation).join('\n'))
    show('Summary', showSummary(readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8')))
    show('Outputs', outputs.join('\n'))
    return code === 0 ? postCode : code
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`run-action: ${error.message}`)
  process.exitCode = 3
}
