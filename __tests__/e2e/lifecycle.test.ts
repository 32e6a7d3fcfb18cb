/** Interrupted at any moment, the action leaves nothing behind; and dist needs nothing beside it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Action, DIST } from './support/action.js'
import { docker, dockerLines, engine, ENGINE_NAMES, type Engine } from './support/engines.js'
import { withFaults, type FakeDocker, type Faults } from './support/fake-docker.js'
import { existingVolumes, imagesWith, volumesOf } from './support/leftovers.js'
import { problemsAfter, runAction, type RunOptions } from './support/run.js'
import { withRun } from './support/simple.js'

// Without the mark of the run: the shell that stands for docker leaves its own child behind when it is killed.
const PAUSE = 'env -u E2E_RUN sleep 5'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const

/** Moments of a run, by the subcommand of docker that has just been asked for; the client is held up there. */
const MOMENTS: Record<string, { subcommand: string; faults: Faults; afterMs: number }> = {
  build: { subcommand: 'build', faults: {}, afterMs: 1500 },
  run: { subcommand: 'start', faults: {}, afterMs: 800 },
  scan: { subcommand: 'diff', faults: { diff: PAUSE, save: PAUSE, export: PAUSE }, afterMs: 300 }
}

for (const name of ENGINE_NAMES) {
  describe(`interrupted, ${name} store`, () => {
    for (const [moment, { subcommand, faults, afterMs }] of Object.entries(MOMENTS)) {
      for (const signal of SIGNALS) {
        test.concurrent(`${signal} at ${moment}: nothing is left`, async () => {
          const marker = `tmpfs-check-e2e-${moment}-${signal}-${process.pid}`
          const lines = moment === 'build' ? [`RUN : ${marker}`, `RUN : ${marker}; sleep 20`] : ['VOLUME /data']
          const inputs = { tmpfs: '/app/tmp:size=16k', 'host-access': moment === 'scan' ? 'none' : 'auto' }
          await withRun({ engine: engine(name), inputs, lines }, async (options, secret) => {
            options.inputs['secrets'] = `token=${secret.value.toString()}`
            const fake = withFaults(options, faults)
            const { exitCode, volumes } = await interrupt(options, { fake, subcommand, afterMs, signal })
            expect(exitCode).not.toBe(0)
            expect(await existingVolumes(options.engine, volumes)).toEqual([])
            expect(await containersOf(options.engine, marker)).toEqual([])
            if (moment === 'build') expect(await imagesWith(options.engine, marker)).toEqual([])
          })
        })
      }
    }
  })
}

interface Interruption {
  fake: FakeDocker
  subcommand: string
  afterMs: number
  signal: NodeJS.Signals
}

async function interrupt(
  options: RunOptions,
  { fake, subcommand, afterMs, signal }: Interruption
): Promise<{ exitCode: number; volumes: string[] }> {
  const action = new Action(options)
  const main = action.main()
  await fake.askedFor(subcommand)
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  const volumes = await volumesOf(options.engine, action.runId())
  action.kill(signal)
  const exitCode = await main
  expect(await action.post()).toBe(0)
  expect(await problemsAfter(action, options)).toEqual([])
  return { exitCode, volumes }
}

/** Containers whose command holds the marker: a build's own have no label. */
async function containersOf(of: Engine, marker: string): Promise<string[]> {
  const lines = await dockerLines(of, 'ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Command}}')
  return lines.filter((line) => line.includes(marker))
}

describe('what is not ours stays', () => {
  test('an image, a volume and a container that were there before', async () => {
    const of = engine('classic')
    const volume = `tmpfs-check-e2e-${process.pid}`
    await docker(of, 'volume', 'create', volume)
    const inputs = { tmpfs: '/app/tmp:size=16k', secrets: 'token', 'run-options': `-v ${volume}:/data` }
    try {
      await withRun({ engine: of, inputs: { ...inputs, image: 'tmpfs-check-e2e:busybox' } }, async (options) => {
        const other = await docker(of, 'create', 'tmpfs-check-e2e:busybox')
        try {
          const result = await runAction(options)
          expect([result.outputs['outcome'], result.exitCode]).toEqual(['pass', 0])
          expect(await dockerLines(of, 'ps', '--all', '--quiet', '--no-trunc')).toContain(other)
        } finally {
          await docker(of, 'rm', other)
        }
      })
      expect(await existingVolumes(of, [volume])).toEqual([volume])
      expect(await dockerLines(of, 'images', '--quiet', 'tmpfs-check-e2e:busybox')).toHaveLength(1)
    } finally {
      await docker(of, 'volume', 'rm', volume)
    }
  })
})

describe('on a runner', () => {
  test('dist alone is enough: it needs no node_modules', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tmpfs-check-e2e-dist-'))
    try {
      cpSync(DIST, folder, { recursive: true })
      const inputs = { tmpfs: '/app/tmp:size=16k', secrets: 'token' }
      await withRun({ engine: engine('classic'), inputs, lines: [] }, async (options) => {
        const result = await runAction({ ...options, dist: folder })
        expect([result.outputs['outcome'], result.exitCode]).toEqual(['pass', 0])
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('the secret is masked, and its value is in no command line', async () => {
    const inputs = { tmpfs: '/app/tmp:size=16k' }
    await withRun({ engine: engine('classic'), inputs, lines: [] }, async (options, secret) => {
      const value = secret.value.toString()
      options.inputs['secrets'] = `token=${value}`
      let masked = false
      const seen: string[] = []
      const result = await runAction({
        ...options,
        onRunner: true,
        during: async (action) => {
          while (action.running) {
            seen.push(...commandLinesWith(value))
            masked ||= action.stdout.includes(`::add-mask::${value}`)
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        }
      })
      expect([result.outputs['outcome'], result.exitCode, masked]).toEqual(['pass', 0, true])
      expect(seen).toEqual([])
    })
  })
})

/** Process numbers with the text in their command line. */
function commandLinesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text)
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
}
