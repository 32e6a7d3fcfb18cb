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
  inputs?: Record<string, string>
}

const COMMON = { tmpfs: '/app/tmp:size=64k,mode=1777', secrets: 'token', 'host-access': 'none' }
const MANY_FILES = `sh -c 'for i in $(seq 500); do echo $i >/var/$i; done; exec keep'`

/** By the sources that nobody could look at without the answer. */
const TAKEN: Record<string, Taken> = {
  'layers and attestations': { subcommand: 'save', faults: ['fails', 'empty', 'truncated', 'killed'] },
  'image config': { subcommand: 'image', faults: ['fails', 'empty', 'truncated', 'late'] },
  history: { subcommand: 'history', faults: ['fails', 'empty', 'truncated', 'late', 'hangs'] },
  'build log': { subcommand: 'build', faults: ['fails', 'killed'] },
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
    for (const [source, { subcommand, faults, inputs }] of Object.entries(TAKEN)) {
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

/** A reader that stops answering after so many answers, by ending or by talking nonsense. */
function breakReader(options: RunOptions, answers: number, last: string): void {
  const dist = join(options.workspace.bind, 'dist')
  cpSync(DIST, dist, { recursive: true })
  renameSync(join(dist, 'reader/index.js'), join(dist, 'reader/whole.js'))
  const lines = [
    "import { spawn } from 'node:child_process'",
    "import { createInterface } from 'node:readline'",
    "import { fileURLToPath } from 'node:url'",
    "const whole = fileURLToPath(new URL('whole.js', import.meta.url))",
    "const child = spawn(process.execPath, [whole, ...process.argv.slice(2)], { stdio: ['inherit', 'pipe', 'inherit'] })",
    `let left = ${answers}`,
    "createInterface({ input: child.stdout }).on('line', (line) => {",
    "  if (left-- > 0) process.stdout.write(line + '\\n')",
    `  else { ${last} }`,
    '})',
    "child.on('close', () => process.exit(1))"
  ]
  writeFileSync(join(dist, 'reader/index.js'), lines.join('\n'))
  options.dist = dist
}

const LAST = {
  'it ends': "child.kill('SIGKILL'); process.exit(1)",
  'it ends as if all were well': "child.kill('SIGKILL'); process.exit(0)",
  'it talks nonsense': "process.stdout.write('{\\n')"
}

describe('taken away from the host view, by a reader that breaks', () => {
  for (const answers of [1, 3, 6, 10, 15, 25]) {
    for (const [how, last] of Object.entries(LAST)) {
      test.concurrent(`after ${answers} answers ${how}`, async () => {
        const inputs = { ...COMMON, 'host-access': 'auto' }
        await withRun({ engine: engine('classic'), inputs, lines: [] }, async (options) => {
          breakReader(options, answers, last)
          const result = await runAction(options)
          expect(result.outputs['outcome']).toBe('inconclusive')
          expect(result.exitCode).not.toBe(0)
        })
      })
    }
  }

  test.concurrent('one that never starts is no host access, and so an error where that is required', async () => {
    const inputs = { ...COMMON, 'host-access': 'required' }
    await withRun({ engine: engine('classic'), inputs, lines: [] }, async (options) => {
      breakReader(options, 0, 'process.exit(1)')
      const result = await runAction(options)
      expect([result.outputs['outcome'], result.exitCode]).toEqual(['inconclusive', 4])
    })
  })
})
