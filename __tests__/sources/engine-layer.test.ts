import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseDiff, planRead } from '../../src/sources/engine-diff.js'
import { writableLayer, type WritableLayerRequest } from '../../src/sources/engine-layer.js'
import { volumes, type VolumeMount } from '../../src/sources/engine-volumes.js'
import { contextOf, fakeCli, searchOf, tarOf, type FakeAnswer, type FakeCli } from './engine-fake-cli.js'

const SECRET = 'tmpfscheck4f8a2b'

describe('planRead', () => {
  const plan = (diff: string[], mounts: string[] = []): unknown => planRead(parseDiff(diff.join('\n')), mounts)

  it('takes the top-most added paths and the changed leaves', () => {
    expect(
      plan([
        'C /etc',
        'A /etc/new',
        'A /w',
        'A /w/d',
        'A /w/d/f',
        'C /var',
        'C /var/log',
        'D /gone',
        'D /opt/x',
        'C /opt'
      ])
    ).toEqual({
      way: 'copy',
      paths: ['/etc/new', '/w', '/var/log']
    })
  })

  it('reads nothing where only mount points were made', () => {
    expect(plan(['A /data', 'C /run', 'A /run/s', 'A /run/s/NAME'], ['/data', '/run/s', '/run/s/NAME'])).toEqual({
      way: 'none'
    })
    expect(plan([])).toEqual({ way: 'none' })
  })

  it('exports for many paths, odd names, and mounts under another name', () => {
    const many = Array.from({ length: 51 }, (_, at) => `A /f${at}`)
    expect(plan(many)).toEqual({ way: 'export' })
    expect(plan(many.slice(1))).toMatchObject({ way: 'copy' })
    for (const odd of ['A /w/a', 'A /w/a\nA ', 'A /w/caf\u00e9', 'A /w/\u001b[0m']) {
      expect(plan(['A /w', odd])).toMatchObject({ way: odd === 'A /w/a' ? 'copy' : 'export' })
    }
    expect(plan(['A /run', 'A /run/NAME'], ['/var/run/NAME'])).toEqual({ way: 'export' })
  })

  it('names no path twice, and has every added path under one of those named', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`)
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 12 }), (paths) => {
        const made = planRead(parseDiff(paths.map((each) => `A ${each}`).join('\n')), [])
        if (made.way !== 'copy') throw new Error('a plain small diff is copied')
        expect(new Set(made.paths).size).toBe(made.paths.length)
        for (const each of paths) {
          const above = made.paths.filter((top) => each === top || each.startsWith(`${top}/`))
          expect(above).toHaveLength(1)
        }
      })
    )
  })
})

describe('parseDiff', () => {
  it('knows its paths exactly, also with a newline', () => {
    const diff = parseDiff('A /w\nA /w/a\nA \nA /w/a\nA /x\nD /gone\nC /etc\n')
    expect(diff.plain).toBe(false)
    expect(['/w', '/w/a\nA ', '/w/a\nA /x', '/etc'].map(diff.holds)).toEqual([true, true, true, true])
    expect(['/gone', '/nosuch', '/w/a\nB', '/e'].map(diff.holds)).toEqual([false, false, false, false])
  })
})

/** Answers `docker diff` with the rows, `docker cp` by path and `docker export` with all files. */
function engine(diff: string[], files: Record<string, Buffer | FakeAnswer>, exported?: Buffer): FakeCli {
  return fakeCli((args) => {
    if (args[0] === 'diff') return { stdout: `${diff.join('\n')}\n` }
    if (args[0] === 'export') return { stdout: exported ?? Buffer.alloc(0) }
    const answer = files[args[1]?.replace('c0ffee:', '') ?? '']
    if (answer === undefined) {
      return {
        code: 1,
        stderr: `Error response from daemon: Could not find the file ${args[1] ?? ''} in container c0ffee`
      }
    }
    return Buffer.isBuffer(answer) ? { stdout: answer } : answer
  })
}

async function look(cli: FakeCli, request: Partial<WritableLayerRequest> = {}): ReturnType<typeof writableLayer> {
  return writableLayer(contextOf(cli), {
    search: searchOf(SECRET),
    tmpfs: [],
    mounts: [],
    afterStop: false,
    readOnlyRoot: false,
    ...request
  })
}

describe('writableLayer', () => {
  it('searches added and changed files, their names and what lies under a mount', async () => {
    const cli = engine(['C /etc', 'C /etc/passwd', 'A /app', 'A /app/tmp', 'A /app/tmp/f', `A /${SECRET}.sock`], {
      '/etc/passwd': await tarOf([{ name: 'passwd', content: SECRET }]),
      '/app': await tarOf([
        { name: 'app/', type: 'directory' },
        { name: 'app/tmp/', type: 'directory' },
        { name: 'app/tmp/f', content: `x${SECRET}` },
        { name: 'app/image-file', content: SECRET }
      ]),
      [`/${SECRET}.sock`]: Buffer.alloc(1024)
    })
    const { hits, coverage } = await look(cli, { tmpfs: ['/app/tmp'], afterStop: true })
    const common = { kind: 'writable-layer', afterStop: true }
    expect(hits.map((hit) => hit.location)).toEqual(
      expect.arrayContaining([
        { ...common, path: '/etc/passwd', part: 'content', offset: 0, underMount: null },
        { ...common, path: '/app/tmp/f', part: 'content', offset: 1, underMount: '/app/tmp' },
        { ...common, path: `/${SECRET}.sock`, part: 'name', offset: null, underMount: null }
      ])
    )
    expect(hits).toHaveLength(3)
    expect(coverage).toMatchObject({ source: 'writable-layer', view: 'engine', state: 'complete' })
    expect(cli.calls[0]).toEqual(['diff', 'c0ffee'])
  })

  it('does not take a mounted file for the layer', async () => {
    const files = {
      '/w': await tarOf([
        { name: 'w/', type: 'directory' },
        { name: 'w/data/f', content: SECRET },
        { name: 'w/NAME', content: SECRET }
      ])
    }
    const diff = ['A /w', 'A /w/data', 'A /w/NAME']
    const known = await look(engine(diff, files), { mounts: ['/w/data', '/w/NAME'] })
    expect(known.hits).toEqual([])
    expect(known.coverage.items).toBe(3)
  })

  it('looks at a changed directory in itself only', async () => {
    const files = {
      '/opt': await tarOf([
        { name: 'opt/', type: 'directory' },
        { name: 'opt/f', content: SECRET }
      ])
    }
    const { hits, coverage } = await look(engine(['C /opt'], files))
    expect(hits).toEqual([])
    expect(coverage).toMatchObject({ state: 'complete', items: 1 })
  })

  it('exports when it must, and takes what the diff names', async () => {
    const exported = await tarOf([
      { name: 'w/a\nA /x', content: SECRET },
      { name: 'image', content: SECRET }
    ])
    const cli = engine(['A /w', 'A /w/a\nA ', 'A /w/a\nA /x'], {}, exported)
    const { hits, coverage } = await look(cli)
    expect(hits.map((hit) => hit.location)).toMatchObject([{ path: '/w/a\nA /x', part: 'content' }])
    expect(coverage.state).toBe('complete')
    expect(cli.calls.map(([verb]) => verb)).toEqual(['diff', 'export', 'cp', 'cp', 'cp'])
  })

  describe('the files that the engine makes for a container', () => {
    const hosts = async (): Promise<Record<string, Buffer>> => ({
      '/etc/hosts': await tarOf([{ name: 'hosts', content: `127.0.0.1 ${SECRET}` }])
    })

    it('are looked at, though no diff names them', async () => {
      const { hits, coverage } = await look(engine([], await hosts()))
      expect(hits.map((hit) => hit.location)).toMatchObject([
        { kind: 'writable-layer', path: '/etc/hosts', part: 'content', offset: 10 }
      ])
      expect(coverage).toMatchObject({ state: 'complete', items: 1 })
    })

    it.each([
      ['that nobody could write', { readOnlyRoot: true }],
      ["that the user's own mount covers", { mounts: ['/etc'] }]
    ])('are left alone: ones %s', async (_, request) => {
      expect((await look(engine([], await hosts()), request)).hits).toEqual([])
    })

    it('are not complete when one cannot be read', async () => {
      const { coverage } = await look(engine([], { '/etc/resolv.conf': { code: 1, stderr: 'denied' } }))
      expect(coverage).toMatchObject({ state: 'failed', reason: 'docker cp: exit code 1' })
    })
  })

  it('takes a file that is gone by now for nothing', async () => {
    expect((await look(engine(['A /gone'], {}))).coverage).toMatchObject({ state: 'complete', items: 0 })
  })

  it('is complete with nothing for no change', async () => {
    expect((await look(engine([], {}))).coverage).toMatchObject({ state: 'complete', items: 0 })
  })

  it('says what it cannot see', async () => {
    expect((await look(engine([], {}))).coverage.reason).toContain('leave out extended attributes and paths over 4096')
  })

  it.each([
    ['diff', fakeCli(() => ({ code: 1 })), 'failed', 'docker diff: exit code 1'],
    ['diff cut', fakeCli(() => ({ stdout: 'A /w\nA ' })), 'failed', 'docker diff: the answer was cut short'],
    ['diff late', fakeCli(() => ({ code: null })), 'failed', 'docker diff: deadline of 30 s'],
    ['diff broken', fakeCli(() => ({ breaks: true })), 'failed', 'docker diff: the output could not be read'],
    ['cp', engine(['A /f'], { '/f': { code: 1, stderr: 'denied' } }), 'failed', 'docker cp: exit code 1'],
    [
      'cp cut',
      engine(['A /f'], { '/f': Buffer.alloc(512) }),
      'failed',
      'docker cp: the archive was cut short or is broken'
    ],
    ['export cut', engine(['A /\u00e9'], {}), 'failed', 'docker export: the archive was cut short or is broken']
  ] as const)('is not complete: %s', async (_, cli, state, reason) => {
    expect((await look(cli)).coverage).toMatchObject({ state, reason })
  })

  it('is partial when one path of several failed', async () => {
    const cli = engine(['A /a', 'A /b'], { '/a': await tarOf([{ name: 'a', content: SECRET }]), '/b': { code: 1 } })
    const { hits, coverage } = await look(cli)
    expect(hits).toHaveLength(1)
    expect(coverage).toMatchObject({ state: 'partial', reason: 'docker cp: exit code 1' })
  })
})

describe('volumes', () => {
  const mount = (destination: string, type = 'volume'): VolumeMount => ({
    type,
    name: null,
    source: '/s',
    destination,
    rw: true
  })
  const find = (cli: FakeCli, list: VolumeMount[], delivered: string[] = []): ReturnType<typeof volumes> =>
    volumes(contextOf(cli), { search: searchOf(SECRET), volumes: list, delivered })

  it('searches volumes and binds, without what is mounted further down', async () => {
    const cli = engine([], {
      '/srv/data': await tarOf([
        { name: 'data/', type: 'directory' },
        { name: 'data/f', content: SECRET },
        { name: 'data/inner/f', content: SECRET },
        { name: 'data/NAME', content: SECRET }
      ]),
      '/srv/data/inner': await tarOf([{ name: 'inner/g', content: SECRET }]),
      '/etc/file': await tarOf([{ name: 'file', content: `x${SECRET}` }])
    })
    const list = [
      mount('/srv/data'),
      mount('/srv/data/inner', 'npipe'),
      mount('/etc/file', 'bind'),
      mount('/t', 'tmpfs')
    ]
    const { hits, coverage } = await find(cli, list, ['/srv/data/NAME'])
    expect(hits.map((hit) => hit.location)).toEqual([
      { kind: 'volume', destination: '/srv/data', type: 'volume', path: '/srv/data/f', part: 'content', offset: 0 },
      {
        kind: 'volume',
        destination: '/srv/data/inner',
        type: 'other',
        path: '/srv/data/inner/g',
        part: 'content',
        offset: 0
      },
      { kind: 'volume', destination: '/etc/file', type: 'bind', path: '/etc/file', part: 'content', offset: 1 }
    ])
    expect(coverage).toMatchObject({ source: 'volumes', view: 'engine', state: 'complete', items: 4, reason: null })
  })

  it('is complete with nothing for a container without any', async () => {
    expect((await find(engine([], {}), [])).coverage).toMatchObject({ state: 'complete', items: 0 })
  })

  it('is not complete when one cannot be read', async () => {
    const cli = engine([], { '/a': await tarOf([{ name: 'a', content: 'x' }]), '/b': { code: null } })
    expect((await find(cli, [mount('/a'), mount('/b')])).coverage).toMatchObject({
      state: 'failed',
      reason: 'docker cp of a volume: deadline of 30 s'
    })
    const cut = engine([], { '/a': (await tarOf([{ name: 'a', content: SECRET }])).subarray(0, 1024) })
    expect((await find(cut, [mount('/a')])).coverage.state).toBe('partial')
  })
})
