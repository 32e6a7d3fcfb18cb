import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { containerUsers, insideAccess, parsePasswd, type AccessQuestion } from '../../src/sources/inside-access.js'
import { contextOf, fakeCli, runHere, sections, tarOf, type FakeAnswer } from './engine-fake-cli.js'

const QUESTIONS: AccessQuestion[] = [
  { uid: 1000, gid: 1000, path: '/t', kind: 'enter' },
  { uid: 0, gid: null, path: '/t/f', kind: 'read' },
  { uid: 1000, gid: 1000, path: '/t', kind: 'write' }
]

describe('insideAccess', () => {
  it('asks once a user and keeps the order', async () => {
    const cli = fakeCli((args, marker) =>
      args[3] === '0'
        ? { stdout: sections(marker, [['0', '0']]) }
        : {
            stdout: sections(marker, [
              ['0', '1'],
              ['1', '0']
            ])
          }
    )
    expect(await insideAccess(contextOf(cli), QUESTIONS)).toEqual([false, true, true])
    expect(cli.calls.map((args) => args[3]).sort()).toEqual(['0', '1000:1000'])
    expect(cli.calls.find((args) => args[3] === '0')?.slice(-2)).toEqual(['read', '/t/f'])
  })

  it.each<[string, (marker: string) => FakeAnswer]>([
    ['a failed script', (marker) => ({ stdout: sections(marker, [['0', '0']]), code: 1 })],
    ['a late one', () => ({ code: null })],
    [
      'an answer that is none',
      (marker) => ({
        stdout: sections(marker, [
          ['0', 'x'],
          ['1', '']
        ])
      })
    ]
  ])('does not know after %s', async (_, answer) => {
    const cli = fakeCli((_args, marker) => answer(marker))
    expect(await insideAccess(contextOf(cli), QUESTIONS)).toEqual([null, null, null])
  })

  it('tries to read by cat where there is no shell', async () => {
    const cat = (answer: FakeAnswer): ReturnType<typeof insideAccess> =>
      insideAccess(contextOf(fakeCli((args) => (args.includes('cat') ? answer : { code: 127 }))), QUESTIONS)
    expect(await cat({ stdout: 'content' })).toEqual([null, true, null])
    expect(await cat({ code: 1, stderr: 'cat: /t/f: Permission denied' })).toEqual([null, false, null])
    expect(await cat({ code: 1, stderr: 'cat: /t/f: Input/output error' })).toEqual([null, null, null])
    expect(await cat({ code: 126, stderr: 'exec: "cat": permission denied' })).toEqual([null, null, null])
  })

  it('has nothing to do without questions', async () => {
    const cli = fakeCli(() => ({ code: 1 }))
    expect(await insideAccess(contextOf(cli), [])).toEqual([])
    expect(cli.calls).toEqual([])
  })
})

describe('the script, by this machine’s shell', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'inside-access-'))
    mkdirSync(join(root, 'open'))
    writeFileSync(join(root, 'open', 'file with space'), 'x')
    mkdirSync(join(root, 'closed'))
    chmodSync(join(root, 'closed'), 0o000)
  })
  afterAll(() => {
    rmSync(root, { recursive: true })
  })

  it('tries what it is asked', async () => {
    const kinds = ['enter', 'read', 'write'] as const
    const paths = ['open', 'open/file with space', 'nosuch'].map((name) => join(root, name))
    const questions = paths.flatMap((path) => kinds.map((kind) => ({ uid: 0, gid: null, path, kind })))
    const cli = fakeCli((args, marker) => runHere(args, marker))
    expect(await insideAccess(contextOf(cli), questions)).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      false,
      false,
      false
    ])
  })

  it('does not block on a pipe', async () => {
    const cli = fakeCli((args, marker) => runHere(args, marker))
    const question = { uid: 0, gid: null, path: '/dev/null', kind: 'read' } as const
    expect(await insideAccess(contextOf(cli), [question])).toEqual([false])
  })
})

describe('containerUsers', () => {
  it('reads passwd by docker cp', async () => {
    const text = 'root:x:0:0:root:/root:/bin/sh\n# note\napp:x:1000:1001::/:\nbad:x:-1:0::/:\n+::::::\n'
    const cli = fakeCli(() => ({ stdout: Buffer.alloc(0) }))
    const stdout = await tarOf([{ name: 'passwd', content: text }])
    const reading = {
      ...cli,
      stream: fakeCli((args) => (args.includes('c0ffee:/etc/passwd') ? { stdout } : { code: 1 })).stream
    }
    expect(await containerUsers(contextOf(reading))).toEqual([
      { name: 'root', uid: 0, gid: 0 },
      { name: 'app', uid: 1000, gid: 1001 }
    ])
  })

  it('has none without a passwd, and does not know after a failure', async () => {
    const users = (answer: FakeAnswer): ReturnType<typeof containerUsers> =>
      containerUsers(contextOf(fakeCli(() => answer)))
    expect(await users({ code: 1, stderr: 'Error: Could not find the file /etc/passwd in container c0ffee' })).toEqual(
      []
    )
    expect(await users({ code: 1, stderr: 'no space left' })).toBeNull()
    expect(await users({ stdout: await tarOf([{ name: 'passwd/', type: 'directory' }]) })).toBeNull()
  })

  it('leaves out what is no user', () => {
    expect(parsePasswd('')).toEqual([])
    expect(parsePasswd('a:x:1:2\n')).toEqual([{ name: 'a', uid: 1, gid: 2 }])
  })
})
