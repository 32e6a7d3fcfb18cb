import { describe, expect, it } from '@jest/globals'
import { buildCommand, createCommand, tmpfsArgs, type CreateRequest } from '../../src/docker/args.js'
import type { TmpfsSpec } from '../../src/evidence.js'
import type { BuildInputs, RunInputs } from '../../src/inputs/types.js'

const identity = { id: '11111111-2222-3333-4444-555555555555', deadline: 1000 }
const labels = ['--label', `tmpfs-check.run=${identity.id}`, '--label', 'tmpfs-check.deadline=1000']

const spec = (overrides: Partial<TmpfsSpec> = {}): TmpfsSpec => ({
  path: '/app/tmp',
  text: '/app/tmp',
  syntax: 'tmpfs',
  size: null,
  sizePercent: null,
  mode: null,
  uid: null,
  gid: null,
  readOnly: false,
  flags: [],
  other: [],
  ...overrides
})

const run = (overrides: Partial<RunInputs> = {}): RunInputs => ({
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
  timeoutMs: 1000,
  ...overrides
})

const build = (overrides: Partial<BuildInputs> = {}): BuildInputs => ({
  context: '/repo',
  file: '/repo/Dockerfile',
  target: null,
  buildArgs: [],
  platform: null,
  pull: false,
  noCache: false,
  options: [],
  secrets: [],
  ...overrides
})

const request = (overrides: Partial<CreateRequest> = {}): CreateRequest => ({
  imageId: 'sha256:abc',
  image: { entrypoint: [], cmd: [] },
  tmpfs: [spec()],
  run: run(),
  files: [],
  variables: [],
  ...overrides
})

describe('tmpfsArgs', () => {
  it.each<[string, Partial<TmpfsSpec>, string[]]>([
    ['a bare path', {}, ['--tmpfs', '/app/tmp']],
    ['size and mode', { size: 16384, mode: '1770' }, ['--tmpfs', '/app/tmp:size=16384,mode=1770']],
    ['owner', { uid: 1000, gid: 1000 }, ['--tmpfs', '/app/tmp:uid=1000,gid=1000']],
    ['a percentage', { sizePercent: 10 }, ['--tmpfs', '/app/tmp:size=10%']],
    ['flags and others', { flags: ['exec'], other: ['nr_inodes=10'] }, ['--tmpfs', '/app/tmp:exec,nr_inodes=10']],
    ['read-only', { readOnly: true }, ['--tmpfs', '/app/tmp:ro']],
    ['read-only by word', { readOnly: true, flags: ['ro'] }, ['--tmpfs', '/app/tmp:ro']],
    [
      'the mount form',
      { syntax: 'mount', size: 16384, mode: '1770', readOnly: true },
      ['--mount', 'type=tmpfs,dst=/app/tmp,tmpfs-size=16384,tmpfs-mode=1770,readonly']
    ]
  ])('writes %s', (_, overrides, expected) => {
    expect(tmpfsArgs(spec(overrides))).toEqual(expected)
  })
})

describe('buildCommand', () => {
  it('labels and tags what it builds, and says the context last', () => {
    expect(buildCommand(build(), identity, { buildKit: false, secrets: [] })).toEqual({
      args: [
        'build',
        '--file',
        '/repo/Dockerfile',
        '--tag',
        `tmpfs-check:${identity.id}`,
        ...labels,
        '--force-rm',
        '--',
        '/repo'
      ],
      env: { DOCKER_BUILDKIT: '0' }
    })
  })

  it('keeps values of build arguments out of argv', () => {
    const { args, env } = buildCommand(build({ buildArgs: ['TOKEN=hunter22', 'FROM_ENV'] }), identity, {
      buildKit: true,
      secrets: []
    })
    expect(args.join(' ')).toContain('--build-arg TOKEN --build-arg FROM_ENV')
    expect(args.join(' ')).not.toContain('hunter22')
    expect(env).toEqual({ TOKEN: 'hunter22', DOCKER_BUILDKIT: '1' })
  })

  it('does not let a build argument steer the client', () => {
    const { args, env } = buildCommand(build({ buildArgs: ['DOCKER_HOST=tcp://x'] }), identity, {
      buildKit: false,
      secrets: []
    })
    expect(args).toContain('DOCKER_HOST=tcp://x')
    expect(env).not.toHaveProperty('DOCKER_HOST')
  })

  it('builds without the cache when the build is given secrets', () => {
    const secrets = [{ name: 'key', source: '/dev/shm/x/key', target: '' }]
    expect(buildCommand(build(), identity, { buildKit: true, secrets }).args).toContain('--no-cache')
    expect(buildCommand(build(), identity, { buildKit: true, secrets: [] }).args).not.toContain('--no-cache')
  })

  it('passes everything that was asked for', () => {
    const { args } = buildCommand(
      build({ target: 'app', platform: 'linux/arm64', pull: true, noCache: true, options: ['--ssh', 'default'] }),
      identity,
      { buildKit: true, secrets: [{ name: 'key', source: '/dev/shm/x/key', target: '' }] }
    )
    expect(args.slice(9)).toEqual([
      ...['--progress', 'plain', '--load', '--target', 'app', '--platform', 'linux/arm64', '--pull', '--no-cache'],
      ...['--secret', 'id=key,src=/dev/shm/x/key', '--ssh', 'default', '--', '/repo']
    ])
  })
})

describe('createCommand', () => {
  it('never pulls, never logs to disk, and names the image by ID after --', () => {
    expect(createCommand(request(), identity)).toEqual({
      args: ['create', ...labels, '--log-driver', 'none', '--pull', 'never', '--tmpfs', '/app/tmp', '--', 'sha256:abc'],
      env: {}
    })
  })

  it('keeps secret variables out of argv', () => {
    const { args, env } = createCommand(request({ variables: [{ name: 'KEY', value: 'line1\nline2' }] }), identity)
    expect(args).toContain('KEY')
    expect(args.join(' ')).not.toContain('line1')
    expect(env).toEqual({ KEY: 'line1\nline2' })
  })

  it('sets the swap limit with the memory limit, and passes the rest', () => {
    const { args } = createCommand(
      request({
        run: run({
          memory: 64,
          user: '1000',
          network: 'none',
          readOnly: true,
          options: ['--init'],
          command: ['a', 'b']
        }),
        files: [{ name: 'key', source: '/dev/shm/x/key', target: '/app/tmp/key' }]
      }),
      identity
    )
    expect(args.slice(11)).toEqual([
      ...['--mount', 'type=bind,src=/dev/shm/x/key,dst=/app/tmp/key,readonly', '--user', '1000', '--network', 'none'],
      ...['--memory', '64', '--memory-swap', '64', '--read-only', '--init', '--', 'sha256:abc', 'a', 'b']
    ])
  })

  it('wraps what the image runs to keep it alive', () => {
    const { args } = createCommand(
      request({ image: { entrypoint: ['/app'], cmd: ['serve'] }, run: run({ keepAlive: true }) }),
      identity
    )
    expect(args.slice(args.indexOf('--entrypoint'), args.indexOf('--entrypoint') + 2)).toEqual(['--entrypoint', 'sh'])
    expect(args.slice(-3)).toEqual(['tmpfs-check', '/app', 'serve'])
  })
})
