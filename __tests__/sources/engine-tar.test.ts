import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { ItemHit } from '../../src/scan/types.js'
import { scanTar, type TarEntry, type TarRequest } from '../../src/sources/engine-tar.js'
import { fakeCli, searchOf, tarOf, type FakeAnswer } from './engine-fake-cli.js'

const SECRET = 'tmpfscheck4f8a2b'

async function scan(
  answer: FakeAnswer,
  request: Partial<TarRequest> = {}
): Promise<{ end: Awaited<ReturnType<typeof scanTar>>; hits: ItemHit[] }> {
  const hits: ItemHit[] = []
  const command = fakeCli(() => answer).stream(['cp'], { timeoutMs: 1000 })
  const end = await scanTar(command, {
    ...searchOf(SECRET),
    pathOf: (name) => `/${name}`,
    wants: () => 'look',
    onHit: (hit) => hits.push(hit),
    ...request
  })
  return { end, hits }
}

describe('scanTar', () => {
  it('searches content, names, link targets and attributes', async () => {
    const stdout = await tarOf([
      { name: `dir-${SECRET}/`, type: 'directory' },
      { name: `dir-${SECRET}/plain`, content: 'nothing' },
      { name: 'content', content: `ab${SECRET}` },
      { name: 'link', type: 'symlink', linkname: `/x/${SECRET}` },
      { name: 'xattr', pax: { 'SCHILY.xattr.user.note': SECRET, comment: 'no' } }
    ])
    const { end, hits } = await scan({ stdout })
    expect(hits).toEqual([
      { secret: 0, form: 'raw', offset: 5, path: `/dir-${SECRET}`, part: 'name' },
      { secret: 0, form: 'raw', offset: 2, path: '/content', part: 'content' },
      { secret: 0, form: 'raw', offset: 3, path: '/link', part: 'link-target' },
      { secret: 0, form: 'raw', offset: expect.any(Number), path: '/xattr', part: 'xattr' }
    ])
    expect(end).toMatchObject({ items: 5, bytes: 'nothing'.length + 2 + SECRET.length, reason: null, stopped: false })
  })

  it('gives mode and owner', async () => {
    const entries: TarEntry[] = []
    const wants = (entry: TarEntry): 'look' => {
      entries.push(entry)
      return 'look'
    }
    await scan(
      { stdout: await tarOf([{ name: './a/b', content: 'x' }]) },
      { wants, pathOf: (name) => name.replace('.', '') }
    )
    expect(entries).toEqual([{ path: '/a/b', type: 'file', size: 1, mode: '4711', uid: 7, gid: 8 }])
  })

  it('searches inside archives, and says when one is broken', async () => {
    const packed = gzipSync(await tarOf([{ name: 'inner', content: SECRET }]))
    const stdout = await tarOf([{ name: 'a.tgz', content: packed }])
    const whole = await scan({ stdout })
    expect(whole.hits).toMatchObject([{ path: '/a.tgz!inner', part: 'content' }])
    expect(whole.end.reason).toBeNull()
    const long = gzipSync(randomBytes(200_000))
    const half = long.subarray(0, long.length / 2)
    const cut = await scan({ stdout: await tarOf([{ name: `${SECRET}.gz`, content: half }]) })
    expect(cut.end.reason).toMatch(/^\/\[secret\]\.gz/)
  })

  it('finds a secret in any chunks', async () => {
    const whole = await tarOf([{ name: 'f', content: `${'x'.repeat(700)}${SECRET}` }])
    const stdout = Array.from({ length: Math.ceil(whole.length / 7) }, (_, at) => whole.subarray(at * 7, at * 7 + 7))
    const { hits, end } = await scan({ stdout })
    expect(hits).toMatchObject([{ offset: 700 }])
    expect(end.reason).toBeNull()
  })

  it('passes over what is not wanted, and stops when told', async () => {
    const stdout = await tarOf([
      { name: 'a', content: SECRET },
      { name: 'b', content: SECRET },
      { name: 'c', content: SECRET }
    ])
    const passed = await scan({ stdout }, { wants: (entry) => (entry.path === '/b' ? 'look' : 'pass') })
    expect(passed.hits).toMatchObject([{ path: '/b' }])
    expect(passed.end).toMatchObject({ items: 1, reason: null })
    const stopped = await scan({ stdout }, { wants: (entry) => (entry.path === '/b' ? 'stop' : 'look') })
    expect(stopped.hits).toMatchObject([{ path: '/a' }])
    expect(stopped.end).toMatchObject({ items: 1, reason: null, stopped: true })
  })

  it('hands over content up to a size', async () => {
    const kept: [string, string | null][] = []
    const stdout = await tarOf([
      { name: 'small', content: '12345' },
      { name: 'large', content: '123456' },
      { name: 'd/', type: 'directory' }
    ])
    await scan(
      { stdout },
      { keepBytes: 5, onContent: ({ path }, content) => kept.push([path, content?.toString() ?? null]) }
    )
    expect(kept).toEqual([
      ['/small', '12345'],
      ['/large', null]
    ])
  })

  it('takes an empty archive, as docker cp makes of a socket', async () => {
    expect((await scan({ stdout: Buffer.alloc(1024) })).end).toMatchObject({ items: 0, reason: null })
  })

  const broken = 'the archive was cut short or is broken'
  it.each([
    ['nothing at all', (): Buffer => Buffer.alloc(0)],
    ['cut in an entry', (whole: Buffer): Buffer => whole.subarray(0, 600)],
    ['cut between entries', (whole: Buffer): Buffer => whole.subarray(0, 1024)],
    ['without its last block', (whole: Buffer): Buffer => whole.subarray(0, whole.length - 512)],
    ['no tar', (): Buffer => Buffer.from('x'.repeat(2048))]
  ])('is not complete: %s', async (_, cut) => {
    const stdout = cut(
      await tarOf([
        { name: 'a', content: SECRET },
        { name: 'b', content: SECRET }
      ])
    )
    expect((await scan({ stdout })).end.reason).toBe(broken)
  })

  it('is not complete when the command failed, whatever it said', async () => {
    const stdout = await tarOf([{ name: 'a', content: SECRET }])
    const { end, hits } = await scan({ stdout, code: 1, stderr: 'why' })
    expect(end).toMatchObject({ reason: 'exit code 1', stderr: 'why' })
    expect(hits).toHaveLength(1)
    expect((await scan({ stdout, code: null })).end.reason).toBe('deadline of 30 s')
    expect((await scan({ stdout: stdout.subarray(0, 700), breaks: true })).end.reason).toBe(broken)
  })
})
