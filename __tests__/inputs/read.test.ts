import { describe, expect, it } from '@jest/globals'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { INPUT_RULES, RULE_NAMES } from '../../src/inputs/rule-names.js'
import { INPUTS, NOT_SERVED } from '../../src/inputs/table.js'
import { errorsOf, makeWorkspace, problemsOf, read } from './helpers.js'

const SECRET = 'db=correct horse battery'

describe('readInputs', () => {
  it('fills in the defaults', () => {
    const workspace = makeWorkspace()
    const inputs = read({ tmpfs: '/t' }, { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: '/tmp' })
    expect(inputs).toEqual({
      build: {
        context: workspace,
        file: join(workspace, 'Dockerfile'),
        target: null,
        buildArgs: [],
        platform: null,
        pull: false,
        noCache: false,
        options: [],
        secrets: []
      },
      image: null,
      pull: false,
      platform: null,
      tmpfs: [expect.objectContaining({ path: '/t' })],
      secrets: [],
      deliver: 'file',
      discover: true,
      expectFiles: [],
      run: {
        entrypoint: null,
        command: null,
        env: [],
        user: null,
        network: null,
        memory: null,
        readOnly: false,
        options: [],
        waitFor: { kind: 'settled' },
        exercise: null,
        keepAlive: false,
        timeoutMs: 120_000
      },
      layers: 'auto',
      hostAccess: 'auto',
      failOn: 'inconclusive',
      ignore: [],
      summary: true,
      annotations: true,
      reportFile: '/tmp/tmpfs-check-report.json',
      workspace,
      temp: '/tmp',
      notices: []
    })
  })

  it('maps every input', () => {
    const workspace = makeWorkspace({ 'app/Dockerfile.prod': '' })
    const inputs = read(
      {
        tmpfs: '/t:size=1m',
        context: 'app',
        file: 'app/Dockerfile.prod',
        target: 'prod',
        'build-args': 'A=1\nB',
        platform: 'linux/amd64',
        pull: 'true',
        'no-cache': 'true',
        'build-options': '--network none',
        secrets: SECRET,
        deliver: 'none',
        'build-secrets': 'db',
        discover: 'false',
        'expect-files': 'a/*.json\n/t/**/x',
        entrypoint: '/start --flag',
        command: "run 'two words'",
        env: 'E=f',
        user: '1000:1000',
        network: 'none',
        memory: '64m',
        'read-only': 'true',
        'run-options': '--init',
        'wait-for': '5s',
        exercise: 'curl localhost',
        'keep-alive': 'true',
        timeout: '30s',
        layers: 'archive',
        'host-access': 'required',
        'fail-on': 'warning',
        ignore: 'mount-mode # why',
        summary: 'false',
        annotations: 'false',
        'report-file': 'out/report.json'
      },
      { GITHUB_WORKSPACE: workspace, B: 'set' }
    )
    expect(inputs.build).toEqual({
      context: join(workspace, 'app'),
      file: join(workspace, 'app/Dockerfile.prod'),
      target: 'prod',
      buildArgs: ['A=1', 'B'],
      platform: 'linux/amd64',
      pull: true,
      noCache: true,
      options: ['--network', 'none'],
      secrets: ['db']
    })
    expect(inputs.run).toEqual({
      entrypoint: '/start',
      command: ['--flag', 'run', 'two words'],
      env: ['E=f'],
      user: '1000:1000',
      network: 'none',
      memory: 64 * 2 ** 20,
      readOnly: true,
      options: ['--init'],
      waitFor: { kind: 'time', ms: 5000 },
      exercise: ['curl', 'localhost'],
      keepAlive: true,
      timeoutMs: 30_000
    })
    expect(inputs).toMatchObject({
      deliver: 'none',
      discover: false,
      expectFiles: ['/t/a/*.json', '/t/**/x'],
      layers: 'archive',
      hostAccess: 'required',
      failOn: 'warning',
      ignore: [{ rule: 'mount-mode', glob: null, until: null, reason: 'why' }],
      summary: false,
      annotations: false,
      reportFile: join(workspace, 'out/report.json'),
      notices: []
    })
  })

  it('counts an empty input as not given', () => {
    const empty = Object.fromEntries([...Object.keys(INPUTS), ...NOT_SERVED].map((name) => [name, ' \n']))
    expect(read({ ...empty, tmpfs: '/t' })).toEqual(read({ tmpfs: '/t' }))
  })

  it('takes platform and pull beside an image', () => {
    const inputs = read({ tmpfs: '/t', image: 'alpine', pull: 'true', platform: 'linux/amd64', context: '' })
    expect(inputs).toMatchObject({ build: null, image: 'alpine', pull: true, platform: 'linux/amd64' })
  })

  it.each(['context', 'file', 'target', 'build-args', 'no-cache', 'build-options', 'build-secrets'])(
    'refuses image beside %s, whatever its value',
    (name) => {
      const value =
        { context: '.', file: 'Dockerfile', 'no-cache': 'false', 'build-options': '--network=none' }[name] ?? 'db'
      const problems = problemsOf({ tmpfs: '/t', image: 'alpine', secrets: SECRET, [name]: value })
      expect(problems).toMatchObject([
        {
          input: 'image',
          message: expect.stringContaining(`\`${name}\``),
          yaml: expect.stringContaining('image: alpine')
        }
      ])
    }
  )

  it('puts the words after the entrypoint before the command', () => {
    expect(read({ tmpfs: '/t', entrypoint: 'sh -c "a b"' }).run).toMatchObject({
      entrypoint: 'sh',
      command: ['-c', 'a b']
    })
    expect(read({ tmpfs: '/t', entrypoint: 'sh' }).run).toMatchObject({ entrypoint: 'sh', command: null })
    expect(read({ tmpfs: '/t', entrypoint: "''", command: 'x' }).run).toMatchObject({ entrypoint: '', command: ['x'] })
    expect(problemsOf({ tmpfs: '/t', entrypoint: '-x' })[0]?.input).toBe('entrypoint')
  })

  it.each([
    [{ tmpsf: '/t' }, ['tmpsf'], /Did you mean `tmpfs`/],
    [{ tmpfs: '/t', build_args: 'A' }, ['build_args'], /`build-args`/],
    [{ tmpfs: '/t', 'build args': 'A' }, ['build_args'], /`build-args`/],
    [{ tmpfs: '/t', whatever: 'A' }, ['whatever'], /no such input. Inputs: tmpfs, context/],
    [{ tmpfs: '/t', constructor: 'A' }, ['constructor'], /no such input/],
    [{ tmpfs: '/t', container: 'web' }, ['container'], /not served yet/],
    [{ tmpfs: '/t', 'sarif-file': 'x', comment: 'never' }, ['sarif-file', 'comment'], /not served yet/],
    [{}, ['tmpfs'], /is required/]
  ])('refuses %j', (inputs: Record<string, string>, names, message) => {
    const problems = problemsOf(inputs)
    expect(problems.map(({ input }) => input)).toEqual(names)
    expect(problems[0]?.message).toMatch(message)
    expect(problems.every(({ yaml }) => yaml !== '')).toBe(true)
  })

  it.each([
    [{ context: 'nowhere' }, 'context', /no directory/],
    [{ context: 'Dockerfile' }, 'context', /no directory/],
    [{ context: 'https://github.com/a/b.git' }, 'context', /URL/],
    [{ context: 'git@github.com:a/b' }, 'context', /URL/],
    [{ file: 'nowhere' }, 'file', /no Dockerfile at nowhere/],
    [{ file: '.' }, 'file', /no Dockerfile/],
    [{ context: 'empty' }, 'file', /no Dockerfile at empty\/Dockerfile/],
    [{ 'build-secrets': 'nope' }, 'build-secrets', /not declared/],
    [{ discover: 'false' }, 'discover', /nothing to look for/],
    [{ 'wait-for': '2m' }, 'wait-for', /not shorter than `timeout` \(120s\)/],
    [{ secrets: 'a-b', deliver: 'env' }, 'deliver', /a-b cannot be the name/],
    [{ secrets: 'PATH', deliver: 'env' }, 'deliver', /docker client/],
    [{ secrets: 'DOCKER_HOST', deliver: 'env' }, 'deliver', /docker client/],
    [{ secrets: 'PW', env: 'PW=x', deliver: 'env' }, 'deliver', /under `env` too/],
    [{ secrets: 'sub', tmpfs: '/t\n/t/sub' }, 'deliver', /another tmpfs/],
    [{ secrets: 'sub', tmpfs: '/t\n/t/sub/x' }, 'deliver', /another tmpfs/],
    [{ 'expect-files': '/elsewhere/x' }, 'expect-files', /nothing under a tmpfs/],
    [{ 'expect-files': '/tx/y' }, 'expect-files', /nothing under a tmpfs/],
    [{ 'expect-files': '../x' }, 'expect-files', /may not hold/],
    [{ 'expect-files': '!x' }, 'expect-files', /has to be there/]
  ])('refuses %j', (inputs: Record<string, string>, input, message) => {
    const workspace = makeWorkspace({ 'empty/x': '' })
    const problems = problemsOf({ tmpfs: '/t', ...inputs }, { GITHUB_WORKSPACE: workspace })
    expect(problems).toMatchObject([{ input, message: expect.stringMatching(message) }])
  })

  it('suggests the Dockerfile that is meant from the context', () => {
    const workspace = makeWorkspace({ 'app/docker/Dockerfile': '' })
    const [problem] = problemsOf(
      { tmpfs: '/t', context: 'app', file: 'docker/Dockerfile' },
      { GITHUB_WORKSPACE: workspace }
    )
    expect(problem?.yaml).toBe('file: app/docker/Dockerfile')
  })

  it.each(['/t/**', '/t/x', 'x', '**/*.json', '/**/x', '/t'])('takes expect-files %s', (glob) => {
    expect(read({ tmpfs: '/t', 'expect-files': glob }).expectFiles).toHaveLength(1)
  })

  it('gives notice of what has no effect', () => {
    expect(read({ tmpfs: '/t', env: 'NO_SUCH_VARIABLE\nA=1', 'build-args': 'OTHER' }).notices).toEqual([
      expect.stringContaining('NO_SUCH_VARIABLE is not set'),
      expect.stringContaining('OTHER is not set')
    ])
    expect(read({ tmpfs: '/t:size=64m', memory: '32m' }).notices).toEqual([
      expect.stringContaining('/t may grow larger')
    ])
  })

  it('tells everything at once, with the YAML to paste', () => {
    const error = errorsOf({
      tmpfs: 'relative',
      image: 'a b',
      timeout: '90',
      secrets: '../x=12345678\nshort=abc',
      'fail-on': 'eror',
      nope: 'x'
    })
    expect(error.problems.map(({ input }) => input)).toEqual([
      'nope',
      'tmpfs',
      'image',
      'secrets',
      'timeout',
      'fail-on',
      'secrets'
    ])
    const text = error.render()
    expect(text).toMatch(/^7 things are wrong with the inputs\. Nothing was built, run or created\.\n1\. nope: /)
    for (const yaml of ['tmpfs: /relative', 'timeout: 90s', 'fail-on: error'])
      expect(text).toContain(`use:\n     ${yaml}`)
    expect(error.message).toBe(text)
  })
})

describe('report-file', () => {
  it('is one a step by default', () => {
    expect(read({ tmpfs: '/t' }, { RUNNER_TEMP: '/tmp', GITHUB_ACTION: '__self_2' }).reportFile).toBe(
      '/tmp/tmpfs-check-report-__self_2.json'
    )
    expect(read({ tmpfs: '/t' }, { RUNNER_TEMP: '/tmp', GITHUB_ACTION: '../../etc/x' }).reportFile).toBe(
      '/tmp/tmpfs-check-report-etcx.json'
    )
  })

  it('stays in the workspace and RUNNER_TEMP, links followed', () => {
    const workspace = makeWorkspace({ 'dir/x': '', 'old.json': '{}' })
    const temp = makeWorkspace()
    symlinkSync('/etc', join(workspace, 'out'))
    symlinkSync('dir', join(workspace, 'in'))
    symlinkSync('old.json', join(workspace, 'link.json'))
    const env = { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp }
    for (const path of ['r.json', 'old.json', 'new/deep/r.json', 'in/r.json', `${temp}/r.json`, 'a/../r.json']) {
      expect(read({ tmpfs: '/t', 'report-file': path }, env).reportFile).toMatch(/^\//)
    }
    for (const path of [
      '/etc/r.json',
      '../r.json',
      'out/r.json',
      'out/new/r.json',
      'dir',
      'link.json',
      '/',
      '.',
      'a\nb'
    ]) {
      expect([path, problemsOf({ tmpfs: '/t', 'report-file': path }, env)]).toMatchObject([
        path,
        [{ input: 'report-file' }]
      ])
    }
  })
})

describe('trust', () => {
  const event = (name: string, payload: unknown): Record<string, string> => {
    const workspace = makeWorkspace()
    mkdirSync(join(workspace, 'e'))
    writeFileSync(join(workspace, 'e/event.json'), typeof payload === 'string' ? payload : JSON.stringify(payload))
    return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: join(workspace, 'e/event.json'), GITHUB_REPOSITORY: 'org/app' }
  }
  const pull = (full_name: string | null): unknown => ({
    pull_request: { head: { repo: full_name === null ? null : { full_name } } }
  })
  const run = (full_name: string): unknown => ({ workflow_run: { head_repository: { full_name } } })

  it.each([
    ['pull_request_target', pull('fork/app')],
    ['pull_request_target', pull(null)],
    ['pull_request_target', {}],
    ['pull_request_target', 'no json'],
    ['pull_request_target', '[]'],
    ['workflow_run', run('fork/app')]
  ])('refuses real secrets on %s for %j', (name, payload) => {
    const env = event(name, payload)
    expect(problemsOf({ tmpfs: '/t', secrets: SECRET }, env)).toMatchObject([
      { input: 'secrets', yaml: 'secrets: |\n  db' }
    ])
    expect(read({ tmpfs: '/t', secrets: 'db' }, env).secrets[0]?.origin).toBe('canary')
    const ignored = read({ tmpfs: '/t', secrets: SECRET, ignore: 'untrusted-code # builds main only' }, env)
    expect(ignored.notices).toEqual([expect.stringContaining('builds main only')])
    expect(ignored.secrets[0]?.origin).toBe('given')
  })

  it('refuses them without an event file', () => {
    expect(
      problemsOf(
        { tmpfs: '/t', secrets: SECRET },
        { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REPOSITORY: 'org/app' }
      )
    ).toHaveLength(1)
  })

  it.each([
    ['pull_request_target', pull('org/app')],
    ['workflow_run', run('org/app')],
    ['pull_request', pull('fork/app')],
    ['push', {}]
  ])('takes them on %s for %j', (name, payload) => {
    expect(read({ tmpfs: '/t', secrets: SECRET }, event(name, payload)).secrets[0]?.origin).toBe('given')
  })
})

describe('rule names', () => {
  it('are unique and none is both a rule and a refusal of the inputs', () => {
    const all = [...RULE_NAMES, ...INPUT_RULES]
    expect(new Set(all).size).toBe(all.length)
  })
})
