import { describe, expect, it } from '@jest/globals'
import { chart } from '../../bench/chart.mjs'
import { parseRollup } from '../../bench/memory.mjs'
import { markdown } from '../../bench/report.mjs'
import { median, seconds, spread, table } from '../../bench/stats.mjs'
import { held } from './support.js'

describe('stats', () => {
  it.each([
    [[], NaN],
    [[3], 3],
    [[9, 1, 2], 2],
    [[4, 1, 2, 3], 2.5]
  ])('median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('spread is a share of the median', () => {
    expect(spread([8, 10, 12])).toBeCloseTo(0.4)
  })

  it('writes nothing for what was not measured', () => {
    expect(seconds(NaN)).toBe('–')
  })

  it('keeps a bar inside its cell', () => {
    expect(table(['a', 'b'], [['x | y', 1]])).toBe('| a | b |\n|---|---:|\n| x \\| y | 1 |')
  })
})

describe('memory', () => {
  it('is read from smaps_rollup', () => {
    const text = '5581-7ffe ---p 00000000 00:00 0    [rollup]\nRss:   2048 kB\nPss:   1024 kB\nPss_Dirty:  4 kB\n'
    expect(parseRollup(text)).toEqual({ pss: 1024 * 1024, rss: 2048 * 1024 })
  })

  it('of a process that is gone is not known', () => {
    expect(parseRollup('')).toBeNull()
  })
})

describe('report', () => {
  it('tells every part and marks what is missed', () => {
    const results = held()
    results.parts.small?.firstLineMs.splice(0, 1, 200)
    const text = markdown(results)
    expect(text).toContain('| `dist/index.js` to its first line | ≤ 150 ms | 0.200 s | **missed** |')
    expect(text).toContain('| `docker save \\| cat` | 41.00 s |')
    expect(text).toContain('not done after 1200.00 s')
    expect(text).toContain('Not on this machine: other.')
  })

  it('says which place was not read to its end', () => {
    const results = held()
    Object.assign(results.parts.big?.times.walk[0] ?? {}, { state: 'partial', reason: 'a broken archive' })
    expect(markdown(results)).toContain('Not read to the end: a broken archive.')
  })

  it('leaves out what was not measured', () => {
    const text = markdown({ ...held(), parts: {} })
    expect(text.match(/^## .*/gm)).toEqual(['## The numbers to hold'])
  })
})

describe('chart', () => {
  it('draws a bar for each figure, and none for a peer that did not end', () => {
    const svg = chart(held())
    expect(svg.match(/<rect class="(ours|other)"/g)).toHaveLength(5 + 2 + 4 + 3)
    expect(svg).toContain('a &lt;CPU&gt;')
    expect(svg).not.toContain('NaN')
  })
})
