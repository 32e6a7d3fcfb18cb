import { describe, expect, it } from '@jest/globals'
import { Progress, progressLine, type Step } from '../../src/report/progress.js'

const step = (more: Partial<Step> = {}): Step => ({
  place: 'image layers',
  done: 4,
  total: 9,
  bytes: 180_000_000,
  totalBytes: 400_000_000,
  ...more
})

describe('a line of progress', () => {
  it.each([
    [step(), 'image layers 4/9, 180 MB, 90.0 MB/s, 2.4 s left'],
    [step({ totalBytes: null }), 'image layers 4/9, 180 MB, 90.0 MB/s, 2.5 s left'],
    [step({ totalBytes: null, total: null }), 'image layers 4, 180 MB, 90.0 MB/s'],
    [step({ bytes: 0, done: 0 }), 'image layers 0/9'],
    [step({ bytes: 500_000_000 }), 'image layers 4/9, 500 MB, 250 MB/s, 0 ms left']
  ])('%#', (given, expected) => {
    expect(progressLine(given, 2000)).toBe(expected)
  })
})

function told(terminal: boolean, at: readonly number[], steps: readonly Step[] = at.map(() => step())): string[] {
  let now = 0
  const written: string[] = []
  const progress = new Progress({ now: () => now, write: (text) => written.push(text), terminal })
  at.forEach((time, index) => {
    now = time
    progress.update(steps[index] ?? step())
  })
  progress.end()
  return written
}

describe('in a log', () => {
  it('is silent for work under 5 s', () => {
    expect(told(false, [0, 1000, 4999])).toEqual([])
  })

  it('says a line at most every 5 s', () => {
    const written = told(false, [0, 5000, 5100, 9900, 10_000, 10_100])
    expect(written).toHaveLength(2)
    expect(written[0]).toBe('… image layers 4/9, 180 MB, 36.0 MB/s, 6.1 s left\n')
  })

  it('starts a new clock for a new place', () => {
    expect(told(false, [0, 4000, 8000], [step(), step({ place: 'volumes' }), step({ place: 'volumes' })])).toEqual([])
  })
})

describe('on a terminal', () => {
  it('writes over its own line, and clears it at the end', () => {
    const written = told(true, [0, 50, 100, 150, 5000])
    expect(written).toHaveLength(3)
    expect(written[0]).toMatch(/^\r.\[K█████████░░░░░░░░░░░ image layers 4\/9/)
    expect(written.at(-1)).toBe('\r\u001b[K')
    expect(written.join('')).not.toContain('\n')
  })

  it('clears nothing when it showed nothing', () => {
    expect(told(true, [0])).toEqual([])
  })
})
