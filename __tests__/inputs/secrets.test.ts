import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { maskSecrets } from '../../src/inputs/masks.js'
import { InputErrors, NOT_SHOWN } from '../../src/inputs/problems.js'
import { INPUTS } from '../../src/inputs/table.js'
import { Secret } from '../../src/secrets/secret.js'
import { errorsOf, makeWorkspace, problemsOf, read } from './helpers.js'

const VALUE = 'correct horse = battery'

describe('declared secrets', () => {
  it('keep their value byte for byte', () => {
    const { secrets } = read({ tmpfs: '/t', secrets: `a=${VALUE}  \r\nb= 12345678\n\nc.d-e==12345678\t` })
    expect(secrets.map((secret) => [secret.name, secret.value.bytes().toString(), secret.origin])).toEqual([
      ['a', `${VALUE}  `, 'given'],
      ['b', ' 12345678', 'given'],
      ['c.d-e', '=12345678\t', 'given']
    ])
  })

  it('come from the environment, with all their lines', () => {
    const key = '-----BEGIN KEY-----\r\nabc\n-----END KEY-----\n'
    const { secrets } = read({ tmpfs: '/t', 'secret-envs': 'key=TLS_KEY' }, { TLS_KEY: key })
    expect(secrets[0]?.value.bytes().toString()).toBe(key)
  })

  it('come from files, byte for byte', () => {
    const bytes = Buffer.from([0, 1, 2, 255, 254, 10, 13, 128, 9])
    const workspace = makeWorkspace({ 'keys/raw': bytes })
    const { secrets } = read({ tmpfs: '/t', 'secret-files': 'raw=keys/raw' }, { GITHUB_WORKSPACE: workspace })
    expect(secrets[0]?.value.bytes()).toEqual(bytes)
  })

  it.each([
    ['NAME alone', { secrets: 'pw' }, /pw has no value.*forks/],
    ['an empty value', { secrets: 'pw=' }, /pw has no value.*forks/],
    ['a missing variable', { 'secret-envs': 'pw=NO_SUCH' }, /variable is missing or empty/],
    ['an empty variable', { 'secret-envs': 'pw=EMPTY' }, /variable is missing or empty/],
    ['a variable with a line end only', { 'secret-envs': 'pw=NEWLINE' }, /variable is missing or empty/],
    ['an empty file', { 'secret-files': 'pw=empty' }, /file is empty/]
  ])('%s makes a canary stand in, with a notice', (_, inputs: Record<string, string>, notice) => {
    const workspace = makeWorkspace({ empty: '' })
    const { secrets, notices } = read(
      { tmpfs: '/t', ...inputs },
      { GITHUB_WORKSPACE: workspace, EMPTY: '', NEWLINE: '\r\n' }
    )
    expect(secrets).toMatchObject([{ name: 'pw', origin: 'canary' }])
    expect(secrets[0]?.value.bytes().length).toBeGreaterThanOrEqual(32)
    expect(notices).toEqual([expect.stringMatching(notice)])
  })

  it('get a canary of their own each', () => {
    const values = read({ tmpfs: '/t', secrets: 'a\nb' }).secrets.map((secret) => secret.value.bytes().toString())
    expect(values[0]).not.toBe(values[1])
  })

  it('print as their name only', () => {
    const inputs = read({ tmpfs: '/t', secrets: `a=${VALUE}` })
    expect(JSON.stringify(inputs) + String(inputs.secrets[0]?.value)).not.toContain(VALUE)
  })

  const names = ['../x', 'a/b', 'a..b', '1a', '-a', '', ' ', 'a b', 'a:b', 'ä', `a${'x'.repeat(128)}`, '# note', 'a ']
  it.each(names)('called %j are refused', (name) => {
    const [problem, ...more] = problemsOf({ tmpfs: '/t', secrets: `${name}=${VALUE}` })
    expect(more).toEqual([])
    expect(problem).toMatchObject({
      input: 'secrets',
      message: expect.stringMatching(/line 1 does not begin with a name/)
    })
  })

  it.each([
    ['secrets', '7 bytes', 'pw=1234567', /fewer than 8 bytes/],
    ['secrets', 'true', 'pw=true', /fewer than 8 bytes/],
    ['secrets', 'blanks only', `pw=${' '.repeat(20)}`, /different characters/],
    ['secrets', 'zeros', 'pw=0000000000', /different characters/],
    ['secret-envs', '7 bytes and a newline', 'pw=SHORT', /fewer than 8 bytes/],
    ['secret-envs', 'no name of a variable', 'pw=$SHORT', /names no environment variable/],
    ['secret-envs', 'a value', `pw=${VALUE}`, /names no environment variable/],
    ['secret-envs', 'no =', 'pw', /has no `=`/],
    ['secret-envs', 'invalid UTF-8', 'pw=BROKEN', /not valid UTF-8/],
    ['secret-files', 'no =', 'pw', /has no `=`/],
    ['secret-files', 'a missing file', 'pw=nowhere', /is missing/],
    ['secret-files', 'a path that is a value', `pw=${VALUE}`, /is missing/],
    ['secret-files', 'a directory', 'pw=.', /no regular file/],
    ['secret-files', 'no path', 'pw=', /no regular file/],
    ['secret-files', 'a NUL', 'pw=a\u0000b', /is missing/],
    ['secret-files', '64 KiB and one byte', 'pw=big', /more than 64 KiB/],
    ['secret-files', 'a dangling link', 'pw=link', /is missing/],
    ['secret-files', 'a pipe', 'pw=pipe', /no regular file/],
    ['secrets', 'the same name twice', `pw=${VALUE}\npw=${VALUE}`, /declared twice/]
  ])('%s with %s are refused', (input, _, text, message) => {
    const workspace = makeWorkspace({ big: 'abc'.repeat(22_000).slice(0, 65_537) })
    symlinkSync('nowhere', join(workspace, 'link'))
    execFileSync('mkfifo', [join(workspace, 'pipe')])
    const env = { GITHUB_WORKSPACE: workspace, SHORT: '1234567\n', BROKEN: 'a\u{fffd}bcdefghijk' }
    const problems = problemsOf({ tmpfs: '/t', [input]: text }, env)
    expect(problems).toEqual([
      { input, received: '', message: expect.stringMatching(message), yaml: expect.stringContaining(`${input}: |`) }
    ])
  })

  it('of 64 KiB are taken', () => {
    const workspace = makeWorkspace({ big: 'abc'.repeat(22_000).slice(0, 65_536) })
    expect(read({ tmpfs: '/t', 'secret-files': 'pw=big' }, { GITHUB_WORKSPACE: workspace }).secrets).toHaveLength(1)
  })

  it('share no name across the three inputs', () => {
    const inputs = { tmpfs: '/t', secrets: `pw=${VALUE}`, 'secret-envs': 'pw=X', 'secret-files': 'pw=Dockerfile' }
    expect(problemsOf(inputs, { X: VALUE }).map(({ input }) => input)).toEqual(['secret-envs', 'secret-files'])
  })

  it('are no more than 500', () => {
    const names500 = Array.from({ length: 500 }, (_, index) => `s${index}`).join('\n')
    expect(read({ tmpfs: '/t', secrets: names500 }).secrets).toHaveLength(500)
    expect(problemsOf({ tmpfs: '/t', secrets: `${names500}\nlast` })[0]?.message).toMatch(/more than 500/)
  })

  it.each([
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['e884898da28047151d0e56f8dc6292773603d0d6'],
    ['AKIAIOSFODNN7EXAMPLEwJalrXUtnFEMI']
  ])('are not named after a token that was pasted without a name: %s', (token) => {
    const error = errorsOf({ tmpfs: '/t', secrets: token })
    expect(error.problems[0]?.message).toMatch(/looks like a value/)
    expect(error.render()).not.toContain(token)
  })

  it('are not shown when a value of several lines is pasted', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASC+BKcwggSjAgEAAoIBAQC7\n-----END KEY-----'
    const text = errorsOf({ tmpfs: '/t', secrets: `key=${key}` }).render()
    for (const line of key.split('\n')) expect(text).not.toContain(line)
    expect(text).toContain('secret-envs')
  })
})

describe('an error', () => {
  const inputs = {
    secrets: `db=${VALUE}`,
    tmpfs: `/t:size=${VALUE}`,
    image: VALUE,
    file: `/x/${VALUE}`,
    target: VALUE,
    platform: VALUE,
    user: VALUE,
    network: VALUE,
    memory: VALUE,
    timeout: VALUE,
    'wait-for': VALUE,
    'fail-on': VALUE,
    ignore: VALUE,
    summary: VALUE,
    'report-file': `/${VALUE}`,
    'expect-files': `../${VALUE}`,
    'build-secrets': VALUE,
    'run-options': `--privileged ${VALUE}`,
    'build-options': `--push '${VALUE}`,
    env: `=${VALUE}`,
    'build-args': `=${VALUE}`,
    command: `'${VALUE}`,
    exercise: `'${VALUE}`,
    entrypoint: `-x '${VALUE}`,
    unknown: VALUE
  }

  it('never holds the value of a secret, wherever else it was given', () => {
    const error = errorsOf(inputs)
    const told = new Set(error.problems.map(({ input }) => input))
    expect(Object.keys(inputs).filter((name) => !told.has(name))).toEqual(['secrets', 'file'])
    for (const part of [VALUE, 'horse', 'battery']) {
      expect(error.render()).not.toContain(part)
      expect(error.message + String(error.stack) + JSON.stringify(error.problems)).not.toContain(part)
    }
    expect(error.render()).toContain(NOT_SHOWN)
  })

  it('holds nothing of what was given to inputs that may hold secrets, declared or not', () => {
    const text = errorsOf({
      tmpfs: '/t',
      env: 'A B=hunter2hunter2',
      command: `"hunter2hunter2`,
      'run-options': '--env=P=hunter2hunter2'
    }).render()
    expect(text).not.toContain('hunter2')
  })

  it('holds no workflow command and nothing but printable characters', () => {
    const text = errorsOf({
      tmpfs: '/t:size=##[add-mask]x\u001b[31m',
      'fail-on': '::error::x',
      file: 'a\u202eb',
      'tm::pfs': 'x'
    }).render()
    expect(text).toMatch(/^[ -~\n…]+$/)
    expect(text).not.toContain('##[')
    expect(text).not.toMatch(/^\s*::/m)
  })
})

describe('any inputs at all', () => {
  const piece = fc.constantFrom(
    VALUE,
    '/t',
    '..',
    '/',
    'x'.repeat(300),
    'x'.repeat(70_000),
    '##[',
    '::',
    '\n',
    '\r',
    '=',
    '#',
    '!(',
    '[',
    '{',
    '*',
    '-',
    '--',
    '"',
    '\\',
    'mount-mode',
    'file:',
    'log:',
    'image',
    '\u0000',
    '\u202e'
  )
  const text = fc.oneof(
    fc.string({ maxLength: 12, unit: 'binary' }),
    fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(' '))
  )
  const names = fc.constantFrom(...Object.keys(INPUTS).filter((name) => name !== 'secrets'), 'unknown')

  it('are accepted, or refused in printable words without a secret: nothing else is thrown', () => {
    let refused = 0
    fc.assert(
      fc.property(fc.dictionary(names, text, { maxKeys: 6 }), (given) => {
        try {
          read({ ...given, secrets: `db=${VALUE}` })
        } catch (error) {
          if (!(error instanceof InputErrors)) throw error
          refused++
          expect(error.render()).toMatch(/^[ -~\n…]+$/)
          expect(error.render()).not.toContain('horse')
          expect(error.render()).not.toMatch(/##\[|^\s*::/m)
        }
      }),
      { numRuns: 1500 }
    )
    expect(refused).toBeGreaterThan(500)
  })
})

describe('maskSecrets', () => {
  const masks = (given: string | Buffer, env: NodeJS.ProcessEnv = { GITHUB_ACTIONS: 'true' }): string[] => {
    const written: string[] = []
    const secret = {
      name: 'a',
      value: new Secret('a', typeof given === 'string' ? Buffer.from(given) : given),
      origin: 'given' as const
    }
    maskSecrets([secret], (mask) => written.push(mask), env)
    return written
  }

  it('says nothing outside of a runner, where that would be the leak', () => {
    expect(masks(VALUE, {})).toEqual([])
    expect(masks(VALUE, { GITHUB_ACTIONS: 'false' })).toEqual([])
  })

  it('asks for the value and for the forms that the runner does not derive', () => {
    const written = masks(VALUE)
    const bytes = Buffer.from(VALUE)
    expect(written).toEqual(
      expect.arrayContaining([
        VALUE,
        bytes.toString('hex'),
        bytes.toString('hex').toUpperCase(),
        bytes.toString('base64url'),
        Buffer.from(`${VALUE}\n`).toString('base64')
      ])
    )
    expect(new Set(written).size).toBe(written.length)
  })

  it('masks lines of 8 bytes and more, and no shorter one', () => {
    const written = masks('{\r\n  "key": "abcdefgh"\n}\npass\n1')
    expect(written).toContain('"key": "abcdefgh"')
    expect(written.filter((mask) => Buffer.byteLength(mask) < 8)).toEqual([])
    expect(written.filter((mask) => /[\r\n]/.test(mask))).toEqual([])
  })

  it('masks the encoded forms of a value that is no text', () => {
    const written = masks(Buffer.from([255, 0, 1, 2, 3, 4, 5, 6, 7]))
    expect(written).toContain('ff0001020304050607')
    expect(written.filter((mask) => !/^[ -~]+$/.test(mask))).toEqual([])
  })
})
