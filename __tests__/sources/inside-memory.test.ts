import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { insideMemory, type MemoryScan } from '../../src/sources/inside-memory.js'
import {
  contextOf,
  fakeCli,
  runHere,
  searchOf,
  sections,
  tarOf,
  type FakeAnswer,
  type FakeCli
} from './engine-fake-cli.js'

const SECRET = 'tmpfscheck4f8a2b'
const MOUNTINFO = [
  '78 51 0:39 / / rw - overlay overlay rw',
  '80 78 0:43 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755',
  '94 80 0:47 / /dev/shm rw - tmpfs shm rw,size=65536k',
  '98 78 0:48 / /run/secrets rw - tmpfs tmpfs rw,size=16k',
  '99 98 0:49 /x /run/secrets/NAME ro - tmpfs tmpfs rw',
  '60 98 254:0 /srv /run/secrets/disk rw - ext4 /dev/vda rw',
  ''
].join('\n')

/** Answers the script that lists mounts, then `tar`, then the shell that reads. */
function engine(
  tar: FakeAnswer | FakeAnswer[],
  options: { mounts?: FakeAnswer; shell?: (marker: string) => FakeAnswer } = {}
): FakeCli {
  const tars = Array.isArray(tar) ? [...tar] : null
  return fakeCli((args, marker) => {
    if (args.includes('tar')) return tars === null ? (tar as FakeAnswer) : (tars.shift() ?? { code: 2 })
    const script = args.find((word) => word.includes('mountinfo'))
    if (script === undefined) return options.shell?.(marker) ?? { code: 127 }
    return (
      options.mounts ?? {
        stdout: sections(marker, [
          ['mountinfo', MOUNTINFO],
          ['0', '/run/secrets\n']
        ])
      }
    )
  })
}

const look = (cli: FakeCli): Promise<MemoryScan> =>
  insideMemory(contextOf(cli), {
    search: searchOf(SECRET),
    declared: ['/var/run/secrets'],
    delivered: ['/var/run/secrets/NAME']
  })

const FILES = [
  { name: './run/secrets/', type: 'directory' as const },
  { name: './run/secrets/NAME', content: SECRET },
  { name: './run/secrets/d/own', content: `x${SECRET}` },
  { name: './run/secrets/disk/f', content: SECRET },
  { name: './run/secrets/l', type: 'symlink' as const, linkname: SECRET },
  { name: './dev/', type: 'directory' as const },
  { name: './dev/shm/s.gz', content: gzipSync(SECRET) }
]

describe('insideMemory by tar', () => {
  it('searches the declared mounts and other memory, by the path as declared', async () => {
    const cli = engine({ stdout: await tarOf(FILES) })
    const { hits, files, contents, coverage } = await look(cli)
    const at = { kind: 'memory', mount: '/var/run/secrets', declared: true }
    expect(hits.map((hit) => hit.location)).toEqual([
      { ...at, path: '/var/run/secrets/NAME', part: 'content', offset: 0 },
      { ...at, path: '/var/run/secrets/d/own', part: 'content', offset: 1 },
      { ...at, path: '/var/run/secrets/l', part: 'link-target', offset: null },
      { kind: 'memory', mount: '/dev/shm', declared: false, path: '/dev/shm/s.gz!', part: 'content', offset: 0 }
    ])
    const file = { mount: '/var/run/secrets', mode: '4711', uid: 7, gid: 8, others: [] }
    expect(files).toEqual([
      { ...file, path: '/var/run/secrets/NAME', bytes: SECRET.length, delivered: true },
      { ...file, path: '/var/run/secrets/d/own', bytes: SECRET.length + 1, delivered: false }
    ])
    expect(contents.map(({ path, bytes }) => [path, bytes.toString()])).toEqual([
      ['/var/run/secrets/NAME', SECRET],
      ['/var/run/secrets/d/own', `x${SECRET}`]
    ])
    expect(coverage).toMatchObject([
      { source: 'memory', view: 'inside', state: 'complete', items: 4, reason: null },
      { source: 'other-memory', view: 'inside', state: 'complete', items: 2, reason: null }
    ])
    const words = cli.calls[1] ?? []
    expect(words.slice(words.indexOf('tar'))).toEqual(['tar', '-cf', '-', '-C', '/', './run/secrets', './dev'])
  })

  it('tries again when a file changed while it was read', async () => {
    const stdout = await tarOf(FILES)
    const changed = { stdout, code: 1 }
    const again = await look(engine([changed, changed, { stdout }]))
    expect(again.coverage[0]).toMatchObject({ state: 'complete', items: 4 })
    expect(again.hits).toHaveLength(4)
    const never = await look(engine([changed, changed, changed, { stdout }]))
    expect(never.coverage.map(({ state }) => state)).toEqual(['partial', 'partial'])
    expect(never.coverage[0]?.reason).toContain('tar inside the container: exit code 1 (host access would do without')
  })

  it('keeps large files out of discovery, and says so', async () => {
    const large = 'y'.repeat(1024 * 1024)
    const names = Array.from({ length: 9 }, (_, index) => ({ name: `./run/secrets/f${index}`, content: large }))
    const stdout = await tarOf([{ name: './run/secrets/larger', content: `${large}${SECRET}` }, ...names])
    const { hits, files, contents, coverage } = await look(engine({ stdout }))
    expect(hits).toHaveLength(1)
    expect(files).toHaveLength(10)
    expect(contents).toHaveLength(8)
    expect(coverage[0]).toMatchObject({ state: 'complete', reason: '2 files are too large for discovery' })
  })

  it('reads declared paths and /dev/shm when the mounts are not known, but is not complete elsewhere', async () => {
    const stdout = await tarOf([
      { name: './var/run/secrets/f', content: SECRET },
      { name: './dev/shm/', type: 'directory' }
    ])
    const { hits, coverage } = await look(engine({ stdout }, { mounts: { code: 127 } }))
    expect(hits).toHaveLength(1)
    expect(coverage).toMatchObject([{ state: 'complete' }, { state: 'partial' }])
    expect(coverage[1]?.reason).toContain('the mounts are not known')
  })

  it.each<[string, FakeAnswer]>([
    ['late', { code: null }],
    ['without an end', { stdout: Buffer.alloc(512) }],
    ['nothing', { stdout: '' }]
  ])('fails when tar is %s', async (_, tar) => {
    const { coverage } = await look(engine(tar))
    expect(coverage.map(({ state }) => state)).toEqual(['failed', 'failed'])
  })
})

describe('insideMemory by the shell', () => {
  const entry = (kind: string, path: string): [string, string] => [`entry ${kind}`, path]
  const file = (path: string, content: string, code = '0'): [string, string][] => [
    entry('file', path),
    ['stat', '640 3 4\n'],
    ['stat.code', '0'],
    ['long', ''],
    ['long.code', '127'],
    ['content', content],
    ['content.code', code]
  ]
  const byShell = (parts: [string, string][]): Promise<MemoryScan> =>
    look(engine({ code: 127 }, { shell: (marker) => ({ stdout: sections(marker, parts) }) }))

  it('reads files, links and names', async () => {
    const { hits, files, contents, coverage } = await byShell([
      entry('directory', '/run/secrets'),
      ...file('/run/secrets/own', `x${SECRET}`),
      ...file('/run/secrets/disk/f', SECRET),
      entry('link', '/run/secrets/l'),
      ['target', SECRET],
      ['target.code', '0'],
      entry('other', `/dev/shm/${SECRET}`)
    ])
    expect(hits.map(({ location }) => 'path' in location && [location.path, location.part])).toEqual([
      ['/var/run/secrets/own', 'content'],
      ['/var/run/secrets/l', 'link-target'],
      [`/dev/shm/${SECRET}`, 'name']
    ])
    expect(files).toMatchObject([
      { path: '/var/run/secrets/own', mode: '0640', uid: 3, gid: 4, bytes: SECRET.length + 1 }
    ])
    expect(contents).toHaveLength(1)
    expect(coverage).toMatchObject([
      { state: 'complete', items: 3 },
      { state: 'complete', items: 1 }
    ])
  })

  it('takes mode and owner from ls', async () => {
    const parts = file('/run/secrets/own', 'x').map(([label, text]): [string, string] =>
      label === 'stat'
        ? [label, '']
        : label === 'long'
          ? [label, '-rw-r----- 1 5 6 1 Nov 24 20:22 own\n']
          : [label, text]
    )
    expect((await byShell(parts)).files).toMatchObject([{ mode: '0640', uid: 5, gid: 6 }])
  })

  it.each<[string, [string, string][], string]>([
    ['a file that cat cannot read', file('/run/secrets/own', 'x', '1'), 'could not be read with cat'],
    [
      'no mode',
      file('/run/secrets/own', 'x').map(([label, text]) => [label, label === 'stat' ? '' : text]),
      'neither stat nor ls'
    ],
    [
      'a link without readlink',
      [entry('link', '/run/secrets/l'), ['target', ''], ['target.code', '127']],
      'cat or readlink'
    ]
  ])('is partial: %s', async (_, parts, reason) => {
    const { coverage } = await byShell(parts)
    expect(coverage[0]).toMatchObject({ state: 'partial' })
    expect(coverage[0]?.reason).toContain(reason)
  })

  it('fails without tar and shell', async () => {
    const { coverage } = await look(engine({ code: 126 }, { mounts: { code: 126 } }))
    expect(coverage.map(({ state }) => state)).toEqual(['failed', 'failed'])
    expect(coverage[0]?.reason).toContain('the image has no shell')
  })
})

describe('the scripts, by this machine’s shell', () => {
  let root = ''
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'inside-memory-')))
    mkdirSync(join(root, 'real', 'a dir', '.hidden'), { recursive: true })
    writeFileSync(join(root, 'real', 'a dir', '.hidden', 'x\ny'), SECRET)
    writeFileSync(join(root, 'real', 'packed'), gzipSync(`${SECRET} inside`))
    symlinkSync(`/no/${SECRET}`, join(root, 'real', '..odd'))
    symlinkSync('real', join(root, 'link'))
  })
  afterAll(() => {
    rmSync(root, { recursive: true })
  })

  const here = (tar: boolean): FakeCli =>
    fakeCli((args, marker) => (!tar && args.includes('tar') ? { code: 127 } : runHere(args, marker)))
  /** The directory is on disk here: the mounts are not to be known, so that it is taken for memory. */
  const lookHere = (tar: boolean): Promise<MemoryScan> => {
    const cli = here(tar)
    const stream: FakeCli['stream'] = (args, options) => {
      const words = args.map((word) =>
        word.replace('</proc/self/mountinfo', '</dev/null').replace('./dev/shm', './dev/null')
      )
      return cli.stream(
        words.map((word) => (word === '/dev/shm' ? '/no/such' : word)),
        options
      )
    }
    const declared = [join(root, 'link')]
    return insideMemory(contextOf({ ...cli, stream }), { search: searchOf(SECRET), declared, delivered: [] })
  }

  it.each([true, false])('find the same, with tar: %p', async (tar) => {
    const { hits, files, coverage } = await lookHere(tar)
    const found = hits.map(({ location }) =>
      'path' in location ? `${location.path.slice(root.length)} ${location.part}` : ''
    )
    expect(found.sort()).toEqual([
      '/link/..odd link-target',
      '/link/a dir/.hidden/x\ny content',
      '/link/packed! content'
    ])
    expect(files.map(({ path }) => path.slice(root.length)).sort()).toEqual([
      '/link/a dir/.hidden/x\ny',
      '/link/packed'
    ])
    expect(coverage[0]).toMatchObject({ source: 'memory', state: 'complete', items: 6, reason: null })
  })
})
