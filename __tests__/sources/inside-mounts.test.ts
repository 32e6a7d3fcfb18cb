import { describe, expect, it } from '@jest/globals'
import type { EffectiveMount, TmpfsSpec } from '../../src/evidence.js'
import type { ToolClaims } from '../../src/sources/inside-claims.js'
import { compareViews, lasting, type InsideView, type KernelView } from '../../src/sources/inside-compare.js'
import { insideMounts } from '../../src/sources/inside-mounts.js'
import { contextOf, fakeCli, runHere, searchOf, sections } from './engine-fake-cli.js'

const MOUNTINFO = [
  '78 51 0:39 / / rw,relatime master:5 - overlay overlay rw,lowerdir=/l,upperdir=/u',
  '80 78 0:43 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755',
  '94 80 0:47 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k',
  '95 78 254:0 /docker/volumes/my-data/_data /app rw,relatime - ext4 /dev/vda rw,discard',
  '98 95 0:48 / /app/tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=16k,mode=1770',
  '99 98 0:49 /run/x /app/tmp/NAME ro - tmpfs tmpfs rw',
  '60 98 254:0 /srv/logs /app/tmp/my\\040logs rw - ext4 /dev/vda rw',
  '61 78 0:50 / /cache rw - tmpfs tmpfs rw',
  '62 78 0:51 / /over rw - tmpfs tmpfs rw',
  '63 78 254:0 /srv/over /over rw - ext4 /dev/vda rw',
  ''
].join('\n')

const spec = (path: string): TmpfsSpec => ({
  path,
  text: path,
  syntax: 'tmpfs',
  size: null,
  sizePercent: null,
  mode: null,
  uid: null,
  gid: null,
  readOnly: false,
  flags: [],
  other: []
})

const HELP = '(host access would do without: run on a Linux runner with sudo)'

type Parts = [string, string][]

const GOOD: Parts = [
  ['mountinfo', MOUNTINFO],
  ['mount', 'overlay on / type overlay (rw)\ntmpfs on /app/tmp type tmpfs (rw,nosuid,size=16k,mode=1770)\n'],
  ['mount.code', '0'],
  ['0.real', '/app/tmp\n'],
  ['0.names', 'x/.hid/'],
  ['0.status', '1770 0 7\n'],
  ['0.status.code', '0'],
  ['0.long', ''],
  ['0.long.code', '127'],
  ['0.stat', '1770 0 7\n'],
  ['0.stat.code', '0'],
  ['0.statfs', '1021994\n'],
  ['0.statfs.code', '0'],
  ['0.df', 'Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 16 4 12 25% /app/tmp\n'],
  ['0.df.code', '0'],
  ['0.ls', '.hid\nx\n'],
  ['0.ls.code', '0'],
  ['file0', 'content'],
  ['file0.code', '0']
]

const answer = (change: Record<string, string | null>): Parts =>
  GOOD.flatMap(([label, content]): Parts => {
    const given = change[label]
    return given === null ? [] : [[label, given ?? content]]
  })

function look(change: Record<string, string | null> = {}, path = '/app/tmp'): ReturnType<typeof insideMounts> {
  const cli = fakeCli((_, marker) => ({ stdout: sections(marker, answer(change)) }))
  return insideMounts(contextOf(cli), [spec(path)], ['/app/tmp/x', '/app/tmp/y'])
}

const EFFECTIVE: EffectiveMount = {
  view: 'inside',
  resolvedPath: '/app/tmp',
  fstype: 'tmpfs',
  size: 16384,
  mode: '1770',
  uid: 0,
  gid: 7,
  flags: ['rw', 'nosuid', 'nodev', 'noexec', 'relatime']
}
const CLAIMS: ToolClaims = {
  mount: { fstype: 'tmpfs', size: 16384 },
  stat: { mode: '1770', uid: 0, gid: 7 },
  statFs: '1021994',
  df: 16384,
  files: ['.hid', 'x'],
  unreadable: []
}

describe('insideMounts', () => {
  it('gives the mount, what is foreign, the names, what tools claim, and contents', async () => {
    const found = await look()
    expect(found.mounts.get('/app/tmp')).toEqual(EFFECTIVE)
    expect(found.foreign.get('/app/tmp')).toMatchObject([
      { path: '/app', relation: 'over' },
      { path: '/app/tmp/my logs', relation: 'below' }
    ])
    expect(found.listing.get('/app/tmp')).toEqual(['x', '.hid'])
    expect(found.claims.get('/app/tmp')).toEqual(CLAIMS)
    expect([...found.contents]).toEqual([
      ['/app/tmp/x', Buffer.from('content')],
      ['/app/tmp/y', null]
    ])
    expect(found.table).toHaveLength(10)
    expect(found.coverage).toMatchObject({
      source: 'mounts',
      view: 'inside',
      state: 'complete',
      items: 1,
      reason: null
    })
  })

  it('follows the path to where it leads', async () => {
    const found = await look({}, '/link')
    expect(found.mounts.get('/link')).toEqual(EFFECTIVE)
  })

  it('tells a path without a mount by what it lies on', async () => {
    const found = await look({ '0.real': '/etc\n' })
    expect(found.mounts.get('/app/tmp')).toMatchObject({ fstype: 'overlay', size: null, resolvedPath: '/etc' })
  })

  it('takes mode and owner from ls where there is no stat', async () => {
    const found = await look({
      '0.status.code': '127',
      '0.stat.code': '127',
      '0.long.code': '0',
      '0.long': 'drwxr-s--T  2 3 4 40 Nov 24 20:22 /app/tmp/.\n'
    })
    expect(found.mounts.get('/app/tmp')).toMatchObject({ mode: '3750', uid: 3, gid: 4 })
    expect(found.claims.get('/app/tmp')?.stat).toBeNull()
    const all = await look({
      '0.status.code': '127',
      '0.long.code': '0',
      '0.long': '-rwSrw-rwx+ 2 3 4 40 Nov 24 20:22 f\n'
    })
    expect(all.mounts.get('/app/tmp')).toMatchObject({ mode: '4667' })
  })

  it('takes a tool that is missing or refuses for no claim', async () => {
    const codes = Object.fromEntries(
      ['mount', '0.stat', '0.statfs', '0.df', '0.ls'].map((tool) => [`${tool}.code`, '1'])
    )
    const found = await look(codes)
    expect(found.claims.get('/app/tmp')).toEqual({
      mount: null,
      stat: null,
      statFs: null,
      df: null,
      files: null,
      unreadable: []
    })
    expect(found.coverage.state).toBe('complete')
  })

  it('tells an answer that cannot be read from none', async () => {
    const found = await look({ '0.stat': 'all is well', '0.df': 'fine', '0.statfs': '' })
    expect(found.claims.get('/app/tmp')).toMatchObject({
      stat: null,
      df: null,
      statFs: null,
      unreadable: [
        { what: 'mode', text: 'all is well' },
        { what: 'fstype', text: '' },
        { what: 'size', text: 'fine' }
      ]
    })
    expect(found.mounts.get('/app/tmp')).toEqual(EFFECTIVE)
  })

  it.each([
    ['no mountinfo', { mountinfo: '' }, '/proc/self/mountinfo could not be read inside'],
    ['a strange mountinfo', { mountinfo: 'hello' }, '/proc/self/mountinfo could not be read inside'],
    ['a path that cannot be entered', { '0.real': '' }, '/app/tmp could not be entered inside'],
    [
      'no tool for the mode',
      { '0.status.code': '127' },
      'the image has neither stat nor ls to tell the mode of /app/tmp'
    ]
  ])('fails on %s', async (_, change, reason) => {
    const found = await look(change)
    expect(found.mounts.get('/app/tmp')).toBeNull()
    expect(found.coverage).toMatchObject({ state: 'failed' })
    expect(found.coverage.reason).toBe(`${reason} ${HELP}`)
  })

  it('is partial when the script ended early', async () => {
    const cli = fakeCli((_, marker) => ({ stdout: sections(marker, GOOD), code: 137 }))
    const found = await insideMounts(contextOf(cli), [spec('/app/tmp')])
    expect(found.coverage).toMatchObject({ state: 'partial', reason: `docker exec: exit code 137 ${HELP}` })
  })

  it('fails without a shell, and says what would help', async () => {
    const found = await insideMounts(contextOf(fakeCli(() => ({ code: 127 }))), [spec('/app/tmp')])
    expect(found.coverage.state).toBe('failed')
    expect(found.coverage.reason).toContain('host access would do without')
    expect(found.mounts.get('/app/tmp')).toBeNull()
  })

  it('runs for real by a shell', async () => {
    const cli = fakeCli((args, marker) => runHere(args, marker))
    const found = await insideMounts(contextOf(cli), [spec('/proc'), spec('/no/such')], ['/proc/self/cmdline'])
    expect(found.mounts.get('/proc')).toMatchObject({ fstype: 'proc', mode: '0555', resolvedPath: '/proc' })
    expect(found.listing.get('/proc')).toContain('self')
    expect(found.contents.get('/proc/self/cmdline')?.toString()).toContain('cat')
    expect(found.coverage).toMatchObject({
      state: 'partial',
      items: 1,
      reason: `/no/such could not be entered inside ${HELP}`
    })
  })
})

describe('compareViews', () => {
  const { clean } = searchOf('tmpfscheck4f8a2b')
  const kernel: KernelView = {
    mount: { ...EFFECTIVE, view: 'host' },
    files: ['x', '.hid'],
    contents: new Map([['/app/tmp/x', Buffer.from('content')]])
  }
  const inside: InsideView = {
    mount: EFFECTIVE,
    claims: CLAIMS,
    contents: new Map([['/app/tmp/x', Buffer.from('content')]])
  }
  const compare = (
    claims: Partial<ToolClaims>,
    changes: { kernel?: Partial<KernelView>; inside?: Partial<InsideView> } = {}
  ): unknown =>
    compareViews(
      { ...kernel, ...changes.kernel },
      { ...inside, claims: { ...CLAIMS, ...claims }, ...changes.inside },
      clean
    )

  it('finds no difference where there is none', () => {
    expect(compareViews(kernel, inside, clean)).toEqual([])
    expect(compareViews(kernel, { mount: null, claims: null, contents: new Map() }, clean)).toEqual([])
    const silent = { mount: null, stat: null, statFs: null, df: null, files: null, unreadable: [] }
    expect(
      compareViews(kernel, { mount: null, claims: silent, contents: new Map([['/app/tmp/x', null]]) }, clean)
    ).toEqual([])
  })

  it.each<[string, Partial<ToolClaims>, unknown]>([
    [
      'mount: another type',
      { mount: { fstype: 'ext4', size: null } },
      { what: 'fstype', inside: 'mount: ext4', kernel: 'tmpfs' }
    ],
    [
      'mount: nothing',
      { mount: { fstype: null, size: null } },
      { what: 'fstype', inside: 'mount: not listed', kernel: 'tmpfs' }
    ],
    [
      'mount: size',
      { mount: { fstype: 'tmpfs', size: 4096 } },
      { what: 'size', inside: 'mount: 4096 bytes', kernel: '16384 bytes' }
    ],
    ['stat -f', { statFs: '794c7630' }, { what: 'fstype', inside: 'stat -f: type 794c7630', kernel: 'tmpfs' }],
    ['stat: mode', { stat: { mode: '0700', uid: 0, gid: 7 } }, { what: 'mode', inside: 'stat: 0700', kernel: '1770' }],
    ['stat: owner', { stat: { mode: '1770', uid: 5, gid: 7 } }, { what: 'owner', inside: 'stat: 5:7', kernel: '0:7' }],
    ['df', { df: 8192 }, { what: 'size', inside: 'df: 8192 bytes', kernel: '16384 bytes' }],
    [
      'ls: hides',
      { files: ['x'] },
      { what: 'files', inside: 'ls: shows nothing else, hides 1 (.hid)', kernel: '2 names' }
    ],
    [
      'ls: makes',
      { files: ['x', '.hid', 'y', 'z'] },
      { what: 'files', inside: 'ls: shows 2 (y z), hides nothing else', kernel: '2 names' }
    ],
    [
      'what cannot be read',
      { unreadable: [{ what: 'mode', text: 'tmpfscheck4f8a2b\u001b' }] },
      { what: 'mode', inside: 'stat: [secret]?', kernel: '1770' }
    ]
  ])('finds a lie of %s', (_, claims, difference) => {
    expect(compare(claims)).toEqual([difference])
  })

  it('finds a tmpfs that is none', () => {
    const mount: EffectiveMount = { ...EFFECTIVE, fstype: 'overlay', size: null }
    expect(compare({ df: 99 }, { kernel: { mount } })).toEqual([
      { what: 'fstype', inside: 'mountinfo: tmpfs', kernel: 'overlay' },
      { what: 'fstype', inside: 'mount: tmpfs', kernel: 'overlay' },
      { what: 'fstype', inside: 'stat -f: type 1021994', kernel: 'overlay' }
    ])
    const plain = { mount: { fstype: null, size: null }, statFs: '794c7630' }
    expect(compare(plain, { kernel: { mount }, inside: { mount } })).toHaveLength(0)
  })

  it('finds other content, and does not show any', () => {
    const contents = new Map([['/app/tmp/x', Buffer.from('other')]])
    expect(compareViews(kernel, { ...inside, contents }, clean)).toEqual([
      { what: 'content', inside: 'cat: differs in 1 of 1 files', kernel: '1 files read' }
    ])
  })

  it('does not judge names that ls cannot show plainly', () => {
    expect(
      compare(
        { files: ['caf??', 'a?b'].map((name) => name.replace('??', '?')) },
        { kernel: { files: ['caf\u00e9', 'a\u0007b'] } }
      )
    ).toEqual([])
    expect(compare({ files: ['a', 'b'] }, { kernel: { files: ['a\nb'] } })).toEqual([])
    expect(compare({ files: [] }, { kernel: { files: Array.from({ length: 5000 }, (_, at) => `f${at}`) } })).toEqual([])
    expect(compare({ files: [] }, { kernel: { files: null } })).toEqual([])
  })

  it('keeps what lasts', () => {
    const one = { what: 'files', inside: 'a', kernel: 'b' } as const
    const two = { what: 'size', inside: 'a', kernel: 'b' } as const
    expect(lasting([one], [one, two])).toEqual([one])
    expect(lasting([], [one])).toEqual([])
  })
})
