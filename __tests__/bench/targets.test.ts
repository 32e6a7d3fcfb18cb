import { describe, expect, it } from '@jest/globals'
import { targets } from '../../bench/targets.mjs'
import { held } from './support.js'

describe('targets', () => {
  it('are held by results that hold them', () => {
    const lines = targets(held().parts)
    expect(lines.filter((line) => line.held !== true)).toEqual([])
    expect(lines.map((line) => line.is)).toEqual([
      '0.43 ×',
      '17.1 × faster',
      '1.05 ×',
      '120 MB',
      '1.09 ×',
      '1.09 ×',
      '1.25 ×',
      '1.25 ×',
      '1.50 ×',
      '2.00 s',
      '0.100 s',
      '2.40 s'
    ])
  })

  it('are unknown where nothing was measured', () => {
    const lines = targets({})
    expect(lines).toHaveLength(12)
    expect(lines.every((line) => line.held === null && line.is === 'not measured')).toBe(true)
  })

  it.each<[string, number, (parts: ReturnType<typeof held>['parts']) => void]>([
    ['a slow walk', 0, (parts) => parts.big?.times.tar?.splice(0, 1, 2900)],
    ['a fast engine', 1, (parts) => parts.big?.times.save.splice(0, 3, 19_000)],
    ['a slow archive', 2, (parts) => parts.big?.times.archive.splice(0, 1, big())],
    ['memory', 3, (parts) => Object.assign(parts.big?.memory.archive ?? {}, { ours: 2.51e8 })],
    ['memory that grows', 5, (parts) => Object.assign(parts.big?.memory.archive ?? {}, { ours: 1.4e8 })],
    ['many needles', 6, (parts) => parts.needles?.rows[1]?.walk.splice(0, 1, big())],
    [
      'a matcher that slows down',
      8,
      ({ matcher }) => {
        if (matcher !== undefined) matcher.table = matcher.table.replace('2000', '1400')
      }
    ],
    ['a slow start', 10, (parts) => parts.small?.firstLineMs.splice(0, 1, 151)]
  ])('are missed by %s', (_, index, spoil) => {
    const { parts } = held()
    spoil(parts)
    expect(targets(parts)[index]?.held).toBe(false)
  })
})

function big(): { layersMs: number; wallMs: number; state: string; reason: null } {
  return { layersMs: 100_000, wallMs: 100_000, state: 'complete', reason: null }
}
