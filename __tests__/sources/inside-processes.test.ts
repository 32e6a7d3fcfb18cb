import { describe, expect, it } from '@jest/globals'
import { processes } from '../../src/sources/inside-processes.js'
import { FILE_BYTES } from '../../src/sources/inside-process-reader.js'
import { contextOf, fakeCli, searchOf, sections, type FakeAnswer, type FakeCli } from './engine-fake-cli.js'

const SECRET = 'tmpfscheck4f8a2b'
const SPACED = 'correct horse battery'

const status = (name: string, uid = 0): string =>
  `Name:\t${name}\nState:\tS (sleeping)\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t7\t7\t7\t7\n`

type Parts = [string, string][]

const process = (pid: number, name: string, parts: Parts, uid = 0): Parts => [[`p ${pid}`, status(name, uid)], ...parts]

const content = (label: string, text: string, code = '0'): Parts => [
  [label, text],
  [`${label}.code`, code]
]

/** Answers `docker top` and the script for each user. */
function engine(top: FakeAnswer, scripts: Record<string, Parts | FakeAnswer>): FakeCli {
  return fakeCli((args, marker) => {
    if (args[0] === 'top') return top
    const answer = scripts[args[3] ?? ''] ?? { code: 1 }
    return Array.isArray(answer) ? { stdout: sections(marker, answer) } : answer
  })
}

const TOP = { stdout: `PID                 COMMAND\n16998               sleep 600\n` }
const look = (cli: FakeCli): ReturnType<typeof processes> =>
  processes(contextOf(cli), { search: searchOf(SECRET, SPACED), declared: ['/app/tmp'] })

describe('processes', () => {
  it('searches command lines, environments and files without a name', async () => {
    const cli = engine(TOP, {
      '0': [
        ...process(1, 'server', [
          ...content('cmdline', `server\0--token=${SECRET}\0`),
          ...content('environ', `A=b\0T=${SECRET}\0`),
          ['f', '/memfd:x (deleted)'],
          ...content('fd', `in a memfd: ${SECRET}`),
          ['f', '/var/gone (deleted)'],
          ...content('fd', SECRET),
          ['f', '/app/tmp/gone (deleted)'],
          ...content('fd', SPACED)
        ]),
        ...process(8, `sh ${SECRET}`, [
          ...content('cmdline', 'login\0correct\0horse\0battery\0'),
          ...content('environ', '')
        ])
      ]
    })
    const { hits, coverage } = await look(cli)
    expect(hits.map(({ secret, location }) => ({ secret, ...location }))).toEqual([
      { secret: 0, kind: 'process', pid: 1, where: 'cmdline', detail: 'server' },
      { secret: 0, kind: 'process', pid: 1, where: 'environ', detail: 'server' },
      { secret: 0, kind: 'process', pid: 1, where: 'fd', detail: 'server, memfd' },
      { secret: 0, kind: 'process', pid: 1, where: 'fd', detail: 'server, unlinked file' },
      { secret: 1, kind: 'process', pid: 8, where: 'cmdline', detail: 'sh [secret]' }
    ])
    expect(coverage).toMatchObject({ source: 'processes', view: 'inside', state: 'complete', items: 2, reason: null })
    expect(coverage.bytes).toBeGreaterThan(100)
  })

  it('reads the processes of other users as themselves', async () => {
    const cli = engine(TOP, {
      '0': [
        ...process(1, 'init', [...content('cmdline', 'init\0'), ...content('environ', '')]),
        ...process(5, 'a', [...content('cmdline', 'a\0'), ['denied', '']], 1000),
        ...process(6, 'b', [...content('cmdline', 'b\0'), ['denied', '']], 1000)
      ],
      '1000:7': [
        ...process(5, 'a', [...content('cmdline', 'a\0'), ...content('environ', SECRET)], 1000),
        ...process(6, 'b', [...content('cmdline', 'b\0'), ...content('environ', '')], 1000)
      ]
    })
    const { hits, coverage } = await look(cli)
    expect(hits.map((hit) => hit.location)).toEqual([{ kind: 'process', pid: 5, where: 'environ', detail: 'a' }])
    expect(coverage).toMatchObject({ state: 'complete', items: 3 })
    expect(cli.calls[2]?.at(-1)).toBe('5 6')
  })

  const one = (parts: Parts): Record<string, Parts> => ({
    '0': process(1, 'a', [...content('cmdline', 'a\0'), ...parts])
  })

  it.each<[string, Record<string, Parts | FakeAnswer>, string]>([
    [
      'denied to its own user',
      { ...one([['denied', '']]), '0:7': process(1, 'a', [['denied', '']]) },
      'do not let their own user read'
    ],
    ['of a user that cannot run the shell', one([['denied', '']]), 'docker exec: exit code 1'],
    [
      'of a user that cannot be told',
      {
        '0': [
          ['p 1', 'x'],
          ['denied', '']
        ]
      },
      'the user of a process could not be told'
    ],
    ['without readlink', one([['unread', '']]), 'no readlink'],
    ['without cat', { '0': process(1, 'a', content('cmdline', '', '127')) }, 'lacks a tool'],
    [
      'of too many users',
      { '0': Array.from({ length: 9 }, (_, uid) => process(uid + 1, 'a', [['denied', '']], uid + 1)).flat() },
      'more than 8 users'
    ],
    [
      'with a command line that cannot be',
      { '0': process(1, 'a', content('cmdline', 'x'.repeat(4 * 1024 * 1024 + 1))) },
      'longer than can be'
    ]
  ])('is partial: %s', async (_, scripts, reason) => {
    const { coverage } = await look(engine(TOP, scripts))
    expect(coverage).toMatchObject({ view: 'inside', state: 'partial' })
    expect(coverage.reason).toContain(reason)
    expect(coverage.reason).toContain('host access would do without')
  })

  it('is partial with a large file without a name', async () => {
    const large = 'x'.repeat(FILE_BYTES)
    const { coverage } = await look(engine(TOP, one([['f', '/memfd:x'], ...content('fd', large)])))
    expect(coverage.state).toBe('partial')
    expect(coverage.reason).toContain('more than 64 MiB')
  })

  it('is partial when the script was cut short', async () => {
    const cli = fakeCli((args, marker) =>
      args[0] === 'top' ? TOP : { stdout: `\n${marker} p 1\n${status('a')}`, code: null }
    )
    expect((await look(cli)).coverage).toMatchObject({ view: 'inside', state: 'partial', items: 1 })
  })

  it('has command lines only without a shell', async () => {
    const { hits, coverage } = await look(
      engine({ stdout: `PID COMMAND\n7 run ${SECRET}\n 8 other\n` }, { '0': { code: 127 } })
    )
    expect(hits).toEqual([
      {
        secret: 0,
        form: 'raw',
        view: 'engine',
        location: { kind: 'process', pid: 7, where: 'cmdline', detail: 'docker top' }
      }
    ])
    expect(coverage).toMatchObject({ source: 'processes', view: 'engine', state: 'partial', items: 2 })
    expect(coverage.reason).toContain('command lines only: the image has no shell')
  })

  it('fails when neither can look', async () => {
    const { coverage } = await look(engine({ code: 1 }, {}))
    expect(coverage).toMatchObject({ view: 'engine', state: 'failed' })
    expect(coverage.reason).toContain('docker top: exit code 1')
  })

  it('adds what only docker top saw', async () => {
    const top = { stdout: `PID COMMAND\n7 run ${SECRET}\n8 ${SPACED}\n` }
    const cli = engine(top, {
      '0': process(1, 'a', [...content('cmdline', `run\0${SECRET}\0`), ...content('environ', '')])
    })
    const { hits } = await look(cli)
    expect(hits.map(({ secret, view }) => [secret, view])).toEqual([
      [0, 'inside'],
      [1, 'engine']
    ])
  })
})
