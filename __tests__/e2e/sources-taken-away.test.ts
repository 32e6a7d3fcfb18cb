/**
 * Each source that a pass needs is taken away in turn, in each way: unreadable, empty, truncated, late, killed. Whatever is
 * missing, a program that keeps its secret in memory only must not pass: nobody has looked.
 */
import { cpSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { DIST } from './support/action.js'
import { engine, ENGINE_NAMES } from './support/engines.js'
import { FAULT, withFaults } from './support/fake-docker.js'
import { runAction, type RunOptions } from './support/run.js'
import { withRun } from './support/simple.js'

interface Taken {
  /** The subcommand that answers for the source. */
  subcommand: string
  faults: readonly (keyof typeof FAULT)[]
  /** The stores answer in different ways: with containerd too. What reads the other answers is the same code. */
  byStore?: true
  inputs?: Record<string, string>
}

const COMMON = { tmpfs: '/app/tmp:size=64k,mode=1777', secrets: 'token', 'host-access': 'none' }
const MANY_FILES = `sh -c 'for i in $(seq 500); do echo $i >/var/$i; done; exec keep'`

/** By the sources that nobody could look at without the answer. */
const TAKEN: Record<string, Taken> = {
  'layers and attestations': { subcommand: 'save', faults: ['fails', 'empty', 'truncated', 'killed'], byStore: true },
  'image config': { subcommand: 'image', faults: ['fails', 'empty', 'truncated', 'late'], byStore: true },
  history: { subcommand: 'history', faults: ['fails', 'empty', 'truncated', 'late', 'hangs'], byStore: true },
  'build log': { subcommand: 'build', faults: ['fails', 'killed'], byStore: true },
  'container config': { subcommand: 'container', faults: ['empty', 'truncated', 'late'] },
  'mounts, memory and processes': { subcommand: 'exec', faults: ['fails', 'empty', 'truncated', 'late', 'killed'] },
  'writable layer: names': { subcommand: 'diff', faults: ['fails', 'empty', 'truncated', 'killed', 'hangs'] },
  'writable layer: contents': { subcommand: 'cp', faults: ['fails', 'empty', 'truncated', 'killed'] },
  'writable layer: many contents': {
    subcommand: 'export',
    faults: ['fails', 'empty', 'truncated', 'killed'],
    inputs: { command: MANY_FILES }
  },
  volumes: { subcommand: 'cp', faults: ['fails', 'empty', 'truncated'], inputs: { 'run-options': '-v /data' } },
  logs: { subcommand: 'start', faults: ['fails', 'killed'] }
}

const WORDS: Record<keyof typeof FAULT, string> = {
  fails: 'fails',
  empty: 'says nothing, and that all is well',
  truncated: 'says half, and that all is well',
  late: 'is late',
  killed: 'is killed',
  hangs: 'hangs'
}

for (const name of ENGINE_NAMES) {
  describe(`taken away from the engine's answers, ${name} store`, () => {
    for (const [source, { subcommand, faults, byStore, inputs }] of Object.entries(TAKEN)) {
      if (name !== 'classic' && byStore !== true) continue
      for (const fault of faults) {
        test.concurrent(`${source}: docker ${subcommand} ${WORDS[fault]}`, async () => {
          await withRun({ engine: engine(name), inputs: { ...COMMON, ...inputs }, lines: [] }, async (options) => {
            const fake = withFaults(options, { [subcommand]: FAULT[fault] })
            const result = await runAction(options)
            expect(fake.asked()).toContain(subcommand)
            expect(result.outputs['outcome']).toBe('inconclusive')
            expect(result.exitCode).not.toBe(0)
          })
        })
      }
    }
  })
}

describe('nothing is wrong', () => {
  test('the same run passes when all of it is answered', async () => {
    for (const name of ENGINE_NAMES) {
      await withRun({ engine: engine(name), inputs: COMMON, lines: [] }, async (options) => {
        withFaults(options, {})
        expect((await runAction(options)).outputs['outcome']).toBe('pass')
      })
    }
  })
})

/** Puts code between the reader and the action, which is run for each `line`; `say` passes text on, `count` counts. */
function wrapReader(options: RunOptions, code: string): void {
  const dist = join(options.workspace.bind, 'dist')
  cpSync(DIST, dist, { recursive: true })
  renameSync(join(dist, 'reader/index.js'), join(dist, 'reader/whole.js'))
  const lines = [
    "import { spawn } from 'node:child_process'",
    "import { createInterface } from 'node:readline'",
    "import { fileURLToPath } from 'node:url'",
    "const whole = fileURLToPath(new URL('whole.js', import.meta.url))",
    "const child = spawn(process.execPath, [whole, ...process.argv.slice(2)], { stdio: ['inherit', 'pipe', 'inherit'] })",
    "const say = (text) => process.stdout.write(text + '\\n')",
    'let count = 0',
    `createInterface({ input: child.stdout }).on('line', (line) => { count++; ${code} })`,
    "child.on('close', () => process.exit(1))"
  ]
  writeFileSync(join(dist, 'reader/index.js'), lines.join('\n'))
  options.dist = dist
}

const LAST = {
  'it ends': "child.kill('SIGKILL'); process.exit(1)",
  'it ends as if all were well': "child.kill('SIGKILL'); process.exit(0)",
  'it talks nonsense': "say('{')"
}

describe('taken away from the host view, by a reader that breaks', () => {
  const inputs = { ...COMMON, 'host-access': 'auto' }

  for (const answers of [1, 3, 6, 10, 15, 25]) {
    for (const [how, last] of Object.entries(LAST)) {
      test.concurrent(`after ${answers} answers ${how}`, async () => {
        await withRun({ engine: engine('classic'), inputs, lines: [] }, async (options) => {
          wrapReader(options, `if (count > ${answers}) { ${last} } else say(line)`)
          const result = await runAction(options)
          expect(result.outputs['outcome']).toBe('inconclusive')
          expect(result.exitCode).not.toBe(0)
        })
      })
    }
  }

  test.concurrent('what it found arrives garbled', async () => {
    const command = "sh -c 'cat /app/tmp/token >/var/leak; exec keep'"
    await withRun({ engine: engine('classic'), inputs: { ...inputs, command }, lines: [] }, async (options) => {
      wrapReader(options, `say(line.includes('"hit"') ? '{' : line)`)
      const result = await runAction(options)
      expect(result.outputs['outcome']).not.toBe('pass')
      expect(result.exitCode).not.toBe(0)
    })
  })

  test.concurrent('one that never starts is an error where host access is required', async () => {
    const required = { ...COMMON, 'host-access': 'required' }
    await withRun({ engine: engine('classic'), inputs: required, lines: [] }, async (options) => {
      wrapReader(options, 'process.exit(1)')
      const result = await runAction(options)
      expect([result.outputs['outcome'], result.exitCode]).toEqual(['inconclusive', 4])
    })
  })
})
