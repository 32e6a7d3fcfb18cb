import { describe, expect, it } from '@jest/globals'
import type { Form, Hit } from '../../src/evidence.js'
import { Matcher } from '../../src/scan/matcher.js'
import { containerConfig, healthLog, history, imageConfig, withoutInherited } from '../../src/sources/engine-config.js'
import { mergeCoverage } from '../../src/sources/engine-context.js'
import { fieldOf, searchJson, WHOLE_DOCUMENT } from '../../src/sources/engine-json.js'

const SECRET = 'tmpfscheck4f8a2b'
const SPACED = 'correct horse battery'

function searchFor(...values: string[]): { matcher: Matcher; clean: (text: string) => string } {
  const form: Form = 'raw'
  const needles = values.map((value, secret) => ({ secret, form, bytes: Buffer.from(value) }))
  return {
    matcher: new Matcher(needles),
    clean: (text) => values.reduce((clean, value) => clean.replaceAll(value, '[secret]'), text)
  }
}

const fields = (hits: readonly Hit[]): string[] => hits.map(fieldOf).sort()

describe('searchJson', () => {
  const look = (document: unknown, ...values: string[]): string[] =>
    fields(searchJson(document, searchFor(...values), (field) => ({ kind: 'image-config', field })).hits)

  it('names the field', () => {
    const document = {
      Config: {
        Env: ['PATH=/bin', `TOKEN=${SECRET}`, SECRET],
        Cmd: ['run', `--password=${SECRET}`],
        Labels: { note: SECRET, 'com.example.note': SECRET },
        Healthcheck: { Test: ['CMD-SHELL', `curl -u ${SECRET}`] }
      }
    }
    expect(look(document, SECRET)).toEqual([
      'Config.Cmd[1]',
      'Config.Env[2]',
      'Config.Env[TOKEN]',
      'Config.Healthcheck.Test[1]',
      'Config.Labels[com.example.note]',
      'Config.Labels[note]'
    ])
  })

  it('searches names and does not show the secret in one', () => {
    expect(look({ Config: { Labels: { [`x-${SECRET}`]: 'y' } } }, SECRET)).toEqual(['Config.Labels[x-[secret]]'])
    expect(look({ Config: { Env: [`A${SECRET}=y`] } }, SECRET)).toEqual(['Config.Env[A[secret]]'])
  })

  it('finds a secret with a space across the words of a command', () => {
    expect(look({ Config: { Cmd: ['login', 'correct', 'horse', 'battery'] } }, SPACED)).toEqual(['Config.Cmd'])
    expect(look({ Config: { Cmd: ['login', SPACED] } }, SPACED)).toEqual(['Config.Cmd[1]'])
    expect(look({ Config: { Cmd: ['correct', 'horse', 'batter'] } }, SPACED)).toEqual([])
  })

  it('finds lines of a secret spread over a list', () => {
    expect(look({ A: ['first line', 'second line'] }, 'first line\nsecond line')).toEqual(['A'])
  })

  it('finds what only the whole text shows', () => {
    expect(look({ auths: { host: { auth: 'abcd' } } }, '{"host":{"auth":"abcd"}}')).toEqual([WHOLE_DOCUMENT])
  })

  it('searches numbers', () => {
    expect(look({ Size: 1234567890 }, '1234567890')).toEqual(['Size'])
  })

  it('tells one hit a secret, form and field', () => {
    expect(look({ A: `${SECRET} ${SECRET}` }, SECRET)).toEqual(['A'])
  })

  it('counts what it looked at', () => {
    const found = searchJson({ A: ['bc', 1, true, null] }, searchFor(SECRET), (field) => ({
      kind: 'image-config',
      field
    }))
    expect(found).toMatchObject({ hits: [], items: 4 })
    expect(found.bytes).toBeGreaterThan(0)
  })
})

describe('imageConfig', () => {
  it('gives hits and a complete row', () => {
    const scan = imageConfig({ Config: { Env: [`T=${SECRET}`] } }, searchFor(SECRET))
    expect(scan.hits).toEqual([
      { secret: 0, form: 'raw', view: 'engine', location: { kind: 'image-config', field: 'Config.Env[T]' } }
    ])
    expect(scan.coverage).toMatchObject({ source: 'image-config', view: 'engine', state: 'complete', reason: null })
  })

  it('tells the builder’s container only where the config does not', () => {
    const env = [`T=${SECRET}`]
    const scan = imageConfig({ ContainerConfig: { Env: env, Cmd: [SECRET] }, Config: { Env: env } }, searchFor(SECRET))
    expect(fields(scan.hits)).toEqual(['Config.Env[T]', 'ContainerConfig.Cmd[0]'])
  })

  it.each([null, undefined, 'text'])('fails on %p', (document) => {
    const { coverage, hits } = imageConfig(document, searchFor(SECRET))
    expect(hits).toEqual([])
    expect(coverage).toMatchObject({ state: 'failed', items: 0, reason: 'the engine did not answer (docker inspect)' })
  })
})

describe('containerConfig', () => {
  it('leaves the health log to healthLog', () => {
    const inspect = { State: { Status: 'running', Health: { Status: 'healthy', Log: [{ Output: SECRET }] } } }
    expect(containerConfig(inspect, searchFor(SECRET)).hits).toEqual([])
    expect(healthLog(inspect, searchFor(SECRET)).hits).toHaveLength(1)
    expect(inspect.State.Health.Log).toHaveLength(1)
  })

  it('still searches the rest of the state', () => {
    const inspect = { State: { Error: SECRET, Health: { Status: SECRET, Log: [] } } }
    expect(fields(containerConfig(inspect, searchFor(SECRET)).hits)).toEqual(['State.Error', 'State.Health.Status'])
  })

  it('tells Path and Args only where the command does not', () => {
    const repeated = { Path: 'sh', Args: ['-c', SECRET], Config: { Cmd: ['sh', '-c', SECRET] } }
    expect(fields(containerConfig(repeated, searchFor(SECRET)).hits)).toEqual(['Config.Cmd[2]'])
    const alone = { Path: SECRET, Args: [SECRET], Config: { Cmd: null } }
    expect(fields(containerConfig(alone, searchFor(SECRET)).hits)).toEqual(['Args[0]', 'Path'])
  })

  it('fails without an answer', () => {
    expect(containerConfig(null, searchFor(SECRET)).coverage.state).toBe('failed')
  })
})

describe('withoutInherited', () => {
  it('keeps what the image does not have', () => {
    const search = searchFor(SECRET)
    const image = imageConfig({ Config: { Env: [`T=${SECRET}`] } }, search).hits
    const container = containerConfig({ Config: { Env: [`T=${SECRET}`, `U=${SECRET}`] } }, search).hits
    expect(fields(withoutInherited(container, image))).toEqual(['Config.Env[U]'])
    expect(fields(withoutInherited(container, []))).toEqual(['Config.Env[T]', 'Config.Env[U]'])
  })
})

describe('history', () => {
  it('finds each field', () => {
    const entries = [{ created_by: `ARG T=${SECRET}` }, {}, { comment: SECRET, author: SECRET, created_by: 'x' }]
    const scan = history(entries, searchFor(SECRET))
    expect(scan.hits.map((hit) => hit.location)).toEqual([
      { kind: 'history', index: 0, field: 'created_by' },
      { kind: 'history', index: 2, field: 'comment' },
      { kind: 'history', index: 2, field: 'author' }
    ])
    expect(scan.coverage).toMatchObject({ source: 'history', state: 'complete', items: 3 })
  })

  it('fails without entries', () => {
    expect(history(null, searchFor(SECRET)).coverage).toMatchObject({
      state: 'failed',
      reason: 'the engine did not answer (docker history)'
    })
  })
})

describe('healthLog', () => {
  const inspect = (...outputs: unknown[]): unknown => ({
    State: { Health: { Log: outputs.map((Output) => ({ Output })) } }
  })

  it('counts lines over all outputs', () => {
    const scan = healthLog(inspect('one\ntwo\n', 'three', `four\n${SECRET}`, SECRET), searchFor(SECRET))
    expect(scan.hits.map((hit) => hit.location)).toEqual([{ kind: 'log', stream: 'health', line: 5 }])
    expect(scan.coverage).toMatchObject({ source: 'logs', view: 'engine', state: 'complete', items: 4 })
    expect(scan.coverage.reason).toContain('last five')
  })

  it('is complete with nothing for a container without a health check', () => {
    for (const none of [{}, { State: {} }, { State: { Health: null } }, inspect(7)]) {
      const { coverage } = healthLog(none, searchFor(SECRET))
      expect(coverage).toMatchObject({ state: 'complete', items: 0, reason: null })
    }
  })

  it('fails without an answer', () => {
    expect(healthLog(null, searchFor(SECRET)).coverage.state).toBe('failed')
  })
})

describe('mergeCoverage', () => {
  const row = healthLog({}, searchFor(SECRET)).coverage

  it('adds up, and takes the worst state', () => {
    const merged = mergeCoverage([
      { ...row, items: 1, bytes: 2, durationMs: 3 },
      { ...row, items: 1, bytes: 2, durationMs: 3, state: 'partial', reason: 'a' },
      { ...row, state: 'skipped', reason: 'b' },
      { ...row, state: 'partial', reason: 'a' }
    ])
    expect(merged).toMatchObject({ state: 'partial', items: 2, bytes: 4, durationMs: 6, reason: 'a; b' })
    expect(mergeCoverage([row]).reason).toBeNull()
  })

  it('refuses none', () => {
    expect(() => mergeCoverage([])).toThrow(RangeError)
  })
})
