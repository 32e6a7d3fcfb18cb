import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { insideFacts, insideListing, type InsideFacts } from '../../src/sources/inside-facts.js'
import { contextOf, fakeCli, runHere, sections } from './engine-fake-cli.js'

const STATUS = 'Name:\ta\nUid:\t5\t1000\t5\t5\nGid:\t5\t7\t5\t5\nGroups:\t\nCapEff:\t0\nSigCgt:\t0000000000004002\n'
const SWAPS = 'Filename\tType\tSize\tUsed\tPriority\n/swapfile file 4194300 0 -2\n'

function facts(parts: [string, string][]): Promise<InsideFacts> {
  return insideFacts(contextOf(fakeCli((_, marker) => ({ stdout: sections(marker, parts) }))))
}

describe('insideFacts', () => {
  it('tells the main process', async () => {
    expect((await facts([['status', STATUS]])).main).toEqual({ uid: 1000, gid: 7, handlesTerm: true })
    expect((await facts([['status', STATUS.replace('4002', '0002')]])).main?.handlesTerm).toBe(false)
    expect((await facts([['status', 'Name:\ta\n']])).main).toBeNull()
  })

  it('tells swap by cgroup version 2 and 1', async () => {
    const swap = async (...parts: [string, string][]): Promise<unknown> =>
      (await facts([['swaps', SWAPS], ...parts])).swap
    expect(await swap(['swapMax', '0\n'])).toEqual({
      hostSwap: true,
      containerMaySwap: false,
      detail: 'memory.swap.max is 0'
    })
    expect(await swap(['swapMax', 'max\n'])).toMatchObject({ hostSwap: true, containerMaySwap: true })
    expect(await swap(['limit', '100\n'], ['memsw', '100\n'])).toMatchObject({ containerMaySwap: false })
    expect(await swap(['limit', '100\n'], ['memsw', '200\n'])).toMatchObject({ containerMaySwap: true })
    expect(await swap(['limit', 'a lie'], ['memsw', '200\n'], ['swapMax', ''])).toMatchObject({
      containerMaySwap: true
    })
    expect(await swap()).toMatchObject({ hostSwap: true, containerMaySwap: null })
    expect((await facts([['swaps', 'Filename\tType\n']])).swap?.hostSwap).toBe(false)
  })

  it('knows nothing without a shell', async () => {
    expect(await insideFacts(contextOf(fakeCli(() => ({ code: 127 }))))).toEqual({ main: null, swap: null })
  })

  it('runs for real by a shell', async () => {
    const { swap } = await insideFacts(contextOf(fakeCli((args, marker) => runHere(args, marker))))
    expect(typeof swap?.hostSwap).toBe('boolean')
  })
})

describe('insideListing', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'inside-facts-'))
    mkdirSync(join(root, 'a', '.b'), { recursive: true })
    mkdirSync(join(root, 'c'))
    writeFileSync(join(root, 'a', '.b', 'x\ny'), '1')
    symlinkSync('.', join(root, 'a', '..loop'))
  })
  afterAll(() => {
    rmSync(root, { recursive: true })
  })
  const list = (): ReturnType<typeof insideListing> =>
    insideListing(contextOf(fakeCli((args, marker) => runHere(args, marker))), [
      join(root, 'a'),
      join(root, 'c'),
      '/no/such'
    ])

  it('lists everything under the paths', async () => {
    const paths = (await list())?.paths.map((path) => path.slice(root.length))
    expect(paths).toEqual(['/a/.b', '/a/.b/x\ny', '/a/..loop'])
  })

  it('has a signature that changes with names, sizes and times', async () => {
    const signatures = [(await list())?.signature]
    expect((await list())?.signature).toBe(signatures[0])
    const file = join(root, 'a', '.b', 'x\ny')
    writeFileSync(file, '22')
    signatures.push((await list())?.signature)
    utimesSync(file, 1, 1)
    signatures.push((await list())?.signature)
    writeFileSync(join(root, 'c', 'new'), '')
    signatures.push((await list())?.signature)
    expect(new Set(signatures).size).toBe(4)
  })

  it('is null without a shell', async () => {
    expect(await insideListing(contextOf(fakeCli(() => ({ code: 126 }))), ['/a'])).toBeNull()
  })
})
