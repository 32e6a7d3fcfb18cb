import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { choose, cut, emptyFiles, randomFiles, type Listed } from '../../bench/layers.mjs'

const list: Listed[] = [
  { path: '/usr/a', size: 100, file: true },
  { path: '/usr/b', size: 200, file: true },
  { path: '/usr/c', size: 0, file: false },
  { path: '/usr/large', size: 70_000, file: true },
  { path: '/usr/larger', size: 90_000, file: true }
]

describe('choose', () => {
  it('takes small files again until there are enough, then large ones, then filler', () => {
    const { chosen, filler } = choose(list, { files: 5, bytes: 100_000 })
    expect(chosen.map(({ path, copy }) => `${path} ${copy}`)).toEqual([
      '/usr/a 1',
      '/usr/b 1',
      '/usr/c 1',
      '/usr/a 2',
      '/usr/b 2',
      '/usr/c 2',
      '/usr/a 3',
      '/usr/large 1'
    ])
    expect(filler).toBe(100_000 - 700 - 70_000)
  })

  it('makes do with nothing', () => {
    expect(choose([], { files: 5, bytes: 1000 })).toEqual({ chosen: [], filler: 1000 })
  })
})

describe('cut', () => {
  it('keeps all files, in order, and no two copies in one layer', () => {
    const { chosen } = choose(list, { files: 6, bytes: 100_000 })
    const runs = cut(chosen, 2)
    expect(runs.flat()).toHaveLength(chosen.length)
    for (const run of runs) expect(new Set(run.map((entry) => entry.copy)).size).toBe(1)
  })
})

describe('layers of our own making', () => {
  it.each([
    ['random', randomFiles('folder', 2, 1000), ['folder/0.bin', 'folder/1.bin'], 2 * (512 + 1024) + 1024],
    ['empty', emptyFiles(3), ['empty/0/0.txt', 'empty/0/1.txt', 'empty/0/2.txt'], 3 * 512 + 1024]
  ])('%s files are a whole ustar archive', async (_, stream, names, length) => {
    const bytes = await buffer(stream)
    expect(bytes).toHaveLength(length)
    const step = (length - 1024) / names.length
    names.forEach((name, index) => {
      const header = bytes.subarray(index * step, index * step + 512)
      expect(header.toString('latin1', 0, name.length + 1)).toBe(`${name}\0`)
      const sum = Number.parseInt(header.toString('latin1', 148, 154), 8)
      header.fill(' ', 148, 156)
      expect(header.reduce((total, byte) => total + byte, 0)).toBe(sum)
    })
  })
})
