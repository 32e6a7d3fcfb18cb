/** What cannot be checked: a clear error that names the input or phase and the remedy, and nothing is created. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { DIST } from './support/action.js'
import { engine } from './support/engines.js'
import { FakeDocker } from './support/fake-docker.js'
import { imagesWith } from './support/leftovers.js'
import { runAction, type RunOptions, type RunResult } from './support/run.js'
import { withRun } from './support/simple.js'
import { plant } from './support/workspace.js'

const GOOD = { tmpfs: '/app/tmp:size=16k' }
const BAD_INPUT = 3
const ENGINE = 4

/** Runs it with the good inputs and these; an empty string takes an input away. */
async function attempt(
  inputs: Record<string, string>,
  change: (options: RunOptions, secret: string) => void | Promise<void> = () => undefined
): Promise<{ result: RunResult; asked: string[]; errors: string }> {
  const given = Object.fromEntries(Object.entries({ ...GOOD, ...inputs }).filter(([, value]) => value !== ''))
  return withRun({ engine: engine('classic'), inputs: given, lines: [] }, async (options, secret) => {
    const fake = new FakeDocker(options.workspace.bind)
    options.env = fake.env()
    await change(options, secret.value.toString())
    // What post asks for is no part of it: so the list is taken when main has ended, before post starts.
    let asked: string[] = []
    options.during = async (action) => {
      while (action.running) await new Promise((resolve) => setTimeout(resolve, 20))
      asked = fake.asked()
    }
    const result = await runAction(options)
    const errors = result.annotations.filter(({ name }) => name === 'error').map(({ message }) => message)
    return { result, asked, errors: errors.join('\n') }
  })
}

interface Bad {
  inputs: Record<string, string>
  /** What the error has to say: the input, and a word of the remedy. */
  says: (string | RegExp)[]
}

const BAD: Record<string, Bad> = {
  'no tmpfs': { inputs: { tmpfs: '' }, says: ['tmpfs', 'tmpfs: /'] },
  'relative path': { inputs: { tmpfs: 'relative/path' }, says: ['tmpfs', 'relative/path'] },
  'root as tmpfs': { inputs: { tmpfs: '/' }, says: ['tmpfs'] },
  'bad size': { inputs: { tmpfs: '/app/tmp:size=1x' }, says: ['tmpfs', 'size'] },
  'bad mode': { inputs: { tmpfs: '/app/tmp:mode=8999' }, says: ['tmpfs', 'mode'] },
  'unknown tmpfs option': { inputs: { tmpfs: '/app/tmp:noswap' }, says: ['tmpfs', 'noswap'] },
  'two specs for one path': {
    inputs: { tmpfs: '/app/tmp\n/app/tmp/:size=1m' },
    says: ['tmpfs', /twice|two|one path/i]
  },
  'misspelt input': { inputs: { tmpsf: '/app/tmp' }, says: ['tmpsf', /did you mean `?tmpfs/i] },
  'image and context': { inputs: { image: 'busybox:1.36', context: '.' }, says: ['image', 'context'] },
  'image like an option': { inputs: { image: '-v/:/h' }, says: ['image'] },
  'image like a path': { inputs: { image: '../containers/x' }, says: ['image'] },
  'image with a blank': { inputs: { image: 'a b' }, says: ['image'] },
  'short secret': { inputs: { secrets: 'token=abc' }, says: ['secrets', 'token', '8 bytes'] },
  'secret named like a path': { inputs: { secrets: '../x=0123456789abcdef' }, says: ['secrets'] },
  'no Dockerfile': { inputs: { file: 'missing/Dockerfile' }, says: ['file'] },
  'unsafe run option': { inputs: { 'run-options': '--privileged' }, says: ['run-options', '--privileged', 'ignore'] },
  'engine socket': { inputs: { 'run-options': '-v /var/run/docker.sock:/s' }, says: ['run-options'] },
  'added capability': { inputs: { 'run-options': '--cap-add SYS_ADMIN' }, says: ['run-options', '--cap-add'] },
  'namespace of the host': { inputs: { 'run-options': '--pid host' }, says: ['run-options', 'pid'] },
  'ignore without a reason': { inputs: { ignore: 'mount-size' }, says: ['ignore', 'reason'] },
  'ignore in the past': { inputs: { ignore: 'mount-size until=2020-01-01 # once' }, says: ['ignore', '2020-01-01'] },
  'unknown word': { inputs: { deliver: 'pigeon' }, says: ['deliver', 'file', 'env', 'none'] }
}

describe('bad input', () => {
  for (const [title, { inputs, says }] of Object.entries(BAD)) {
    test.concurrent(`${title}: an error, and docker is never called`, async () => {
      const { result, asked, errors } = await attempt(inputs)
      expect([result.exitCode, result.outputs['outcome'], asked]).toEqual([BAD_INPUT, 'inconclusive', []])
      for (const word of says) expect(errors).toMatch(word)
    })
  }

  test.concurrent('everything wrong is told at once', async () => {
    const { result, asked, errors } = await attempt({
      tmpfs: 'relative/path',
      tmpsf: '/app/tmp',
      image: '-v/:/h',
      timeout: 'soon',
      secrets: 'token=abc'
    })
    expect([result.exitCode, asked]).toEqual([BAD_INPUT, []])
    for (const word of ['tmpfs', 'tmpsf', 'image', 'timeout', 'secrets']) {
      expect(errors).toMatch(new RegExp(`\\d\\. ${word}:`))
    }
  })

  test.concurrent('a bad input that holds the secret is not shown', async () => {
    const { result } = await attempt({}, (options, secret) => {
      options.inputs['secrets'] = `token=${secret}`
      options.inputs['tmpfs'] = `${secret}/relative`
      options.inputs['command'] = `sh -c "${secret}`
    })
    expect(result.exitCode).toBe(BAD_INPUT)
  })
})

describe('what cannot be started', () => {
  test.concurrent('a Dockerfile that fails to build', async () => {
    const { result, errors } = await attempt({}, ({ workspace }) => {
      plant(workspace, 'Dockerfile', 'FROM tmpfs-check-e2e:busybox\nRUN echo so it goes && false\n')
    })
    expect([result.exitCode, result.outputs['outcome']]).toEqual([ENGINE, 'inconclusive'])
    expect(errors).toMatch(/build/)
    expect(errors).toMatch(/docker build/)
  })

  test.concurrent('one that fails after some steps: the images of these are gone too', async () => {
    const mark = `step-${randomBytes(8).toString('hex')}`
    const lines = ['FROM tmpfs-check-e2e:busybox AS first', `RUN echo ${mark}`, 'FROM first', `RUN echo ${mark} again`]
    const { result } = await attempt({}, ({ workspace }) => {
      plant(workspace, 'Dockerfile', [...lines, 'RUN false', ''].join('\n'))
    })
    expect(result.exitCode).toBe(ENGINE)
    expect(result.log).toContain('returned a non-zero code')
    expect(await imagesWith(engine('classic'), mark)).toEqual([])
  })

  test.concurrent('an image that is nowhere', async () => {
    const { result, errors } = await attempt({ image: 'localhost/tmpfs-check-e2e-nowhere:1' })
    expect([result.exitCode, result.outputs['outcome']]).toEqual([ENGINE, 'inconclusive'])
    expect(errors).toMatch(/image/)
  })

  test.concurrent('a command that is not in the image', async () => {
    const { result, errors } = await attempt({ command: '/no/such/program' })
    expect([result.exitCode, result.outputs['outcome']]).toEqual([ENGINE, 'inconclusive'])
    expect(errors).toMatch(/start/)
  })

  test.concurrent('no engine', async () => {
    const { result, errors } = await attempt({}, (options) => {
      options.engine = { ...options.engine }
      options.env = { ...options.env, DOCKER_HOST: `unix://${options.workspace.root}/nobody.sock` }
    })
    expect([result.exitCode, result.outputs['outcome']]).toEqual([ENGINE, 'inconclusive'])
    expect(errors).toMatch(/no docker engine/i)
    expect(errors).toMatch(/systemctl|runs-on/)
    expect(result.durationMs).toBeLessThan(15_000)
  })

  test.concurrent('no docker client', async () => {
    const { result, errors } = await attempt({}, (options) => {
      const bin = join(options.workspace.bind, 'bin')
      mkdirSync(bin)
      symlinkSync(execFileSync('sh', ['-c', 'command -v timeout'], { encoding: 'utf8' }).trim(), join(bin, 'timeout'))
      options.env = { PATH: bin }
    })
    expect([result.exitCode, result.outputs['outcome']]).toEqual([ENGINE, 'inconclusive'])
    expect(errors).toMatch(/docker/)
  })

  test.concurrent('an engine that refuses the socket', async () => {
    const isRoot = process.getuid?.() === 0
    const { result, errors } = await attempt({}, async (options) => {
      const path = join(options.workspace.root, 'refused.sock')
      await new Promise<void>((resolve) => createServer().unref().listen(path, resolve))
      chmodSync(path, 0)
      options.env = { ...options.env, DOCKER_HOST: `unix://${path}` }
      if (!isRoot) return
      // Root is refused nothing, so somebody else has to ask; and nobody else may read a folder of root's.
      options.uid = 65534
      options.dist = join(options.workspace.bind, 'dist')
      cpSync(DIST, options.dist, { recursive: true })
      for (const folder of [options.workspace.temp, options.workspace.tmp]) chmodSync(folder, 0o777)
    })
    expect([result.exitCode, result.outputs['outcome']]).toEqual([ENGINE, 'inconclusive'])
    expect(errors).toMatch(/permission denied|refuses/)
    expect(errors).toMatch(/usermod/)
  })
})

describe('programs that do not behave', () => {
  const KEEP = 'while :; do sleep 1 & wait $!; done'

  test.concurrent('one that ends at once: inconclusive, with its exit code and how to keep it up', async () => {
    const { result } = await attempt({ command: "sh -c 'echo goodbye; exit 7'" })
    expect([result.outputs['outcome'], result.exitCode]).toEqual(['inconclusive', 2])
    const found = result.report?.findings.find(({ rule }) => rule === 'container-exited')
    expect(found?.message).toMatch(/7/)
    expect(`${found?.message ?? ''} ${found?.fix ?? ''}`).toMatch(/goodbye[\s\S]*keep-alive: true/)
  })

  test.concurrent('one that prints the secret as its last words', async () => {
    const { result } = await attempt({}, (options, secret) => {
      options.inputs['secrets'] = `token=${secret}`
      options.inputs['command'] = "sh -c 'cat /app/tmp/token; exit 1'"
    })
    expect(result.outputs['outcome']).toBe('fail')
    expect(result.report?.findings.map(({ rule }) => rule)).toContain('secret-in-logs')
  })

  test.concurrent('one that never gets ready: inconclusive, and says what was missing', async () => {
    const { result } = await attempt({ 'wait-for': 'file:/app/tmp/never', timeout: '4s' })
    expect([result.outputs['outcome'], result.exitCode]).toEqual(['inconclusive', 2])
    const found = result.report?.findings.find(({ rule }) => rule === 'container-exited')
    expect(found?.message).toMatch(/ready/)
    expect(result.durationMs).toBeLessThan(20_000)
  })

  test.concurrent('one that ignores SIGTERM: stopped all the same', async () => {
    const { result } = await attempt({ secrets: 'token', command: `sh -c 'trap "" TERM; ${KEEP}'` })
    expect([result.outputs['outcome'], result.exitCode]).toEqual(['pass', 0])
    expect(result.durationMs).toBeLessThan(25_000)
  })

  test.concurrent('one that floods its log: never a pass', async () => {
    const { result } = await attempt({ secrets: 'token', command: 'yes all the time', 'wait-for': '3s' })
    expect(result.outputs['outcome']).toBe('inconclusive')
    const logs = result.report?.coverage.filter(({ source }) => source === 'logs') ?? []
    expect(logs.map(({ state }) => state)).toContain('partial')
    expect(result.durationMs).toBeLessThan(60_000)
  })
})
