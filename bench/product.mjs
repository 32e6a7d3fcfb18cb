/** Runs the built action as a runner would, once, and reads what it says about itself. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { clearTimeout } from 'node:timers'
import { parseEntries } from '../script/lib/workflow-commands.mjs'
import { watchMemory } from './memory.mjs'

const DEADLINE_MS = 30 * 60_000

/**
 * Runs one check to its end. `node` and `program` are paths; `inputs` by name; `watch`: whether to sample memory, which
 * costs time, so that such a run is not timed. Returns { wallMs, firstLineMs, outcome, layers, timings, memory }.
 */
export async function check({ node, program, inputs, watch = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'tmpfs-check-bench-'))
  try {
    const { env, output } = environment(folder, inputs)
    const ran = await run({ node, program, env, watch })
    const outputs = parseEntries(readFileSync(output, 'utf8'))
    const path = outputs.get('report-file') ?? ''
    if (path === '') throw new Error(`the check wrote no report (exit code ${ran.exitCode}):\n${ran.text.slice(-2000)}`)
    const report = JSON.parse(readFileSync(path, 'utf8'))
    const layers = report.coverage.find((each) => each.source === 'layers')
    if (layers === undefined) throw new Error('the report tells of no layers')
    const { wallMs, firstLineMs, memory } = ran
    return { wallMs, firstLineMs, memory, outcome: report.outcome, layers, timings: report.timings }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function environment(folder, inputs) {
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STATE: 'state', GITHUB_STEP_SUMMARY: 'summary.md' }
  const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)]))
  for (const path of Object.values(paths)) writeFileSync(path, '')
  const machine = Object.entries(process.env).filter(([name]) => !/^(INPUT|STATE|GITHUB|RUNNER)_/.test(name))
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  return {
    env: {
      ...Object.fromEntries([...machine, ...given]),
      ...paths,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: process.cwd(),
      RUNNER_TEMP: folder
    },
    output: paths.GITHUB_OUTPUT
  }
}

async function run({ node, program, env, watch }) {
  const started = performance.now()
  const child = spawn(node, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const memory = watch ? watchMemory(child.pid) : null
  const deadline = setTimeout(() => child.kill('SIGTERM'), DEADLINE_MS)
  let firstLineMs = null
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      firstLineMs ??= performance.now() - started
      text += chunk
    })
  }
  try {
    const exitCode = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
    })
    return { wallMs: performance.now() - started, firstLineMs, exitCode, text, memory: memory?.stop() ?? null }
  } finally {
    clearTimeout(deadline)
    memory?.stop()
  }
}
