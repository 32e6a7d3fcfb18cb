import { describe, expect, it } from '@jest/globals'
import { bar, count, duration, mountSize, plural, rate, size } from '../../src/report/format.js'

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [12_345, '12.3 kB'],
    [412_000_000, '412 MB'],
    [999_600_000, '1.00 GB'],
    [3_340_000_000, '3.34 GB'],
    [5e15, '5000 TB']
  ])('size of %d', (bytes, expected) => {
    expect(size(bytes)).toBe(expected)
  })

  it.each([
    [0, '0 B'],
    [16_384, '16 KiB'],
    [67_108_864, '64 MiB'],
    [1000, '1000 B']
  ])('size of a mount of %d', (bytes, expected) => {
    expect(mountSize(bytes)).toBe(expected)
  })

  it.each([
    [0.4, '0 ms'],
    [850, '850 ms'],
    [999.7, '1.0 s'],
    [14_230, '14.2 s'],
    [99_949, '99.9 s'],
    [99_950, '1 min 40 s'],
    [125_000, '2 min 5 s']
  ])('duration of %d', (ms, expected) => {
    expect(duration(ms)).toBe(expected)
  })

  it('tells a rate only where there is enough to tell', () => {
    expect(rate(412_000_000, 3100)).toBe('133 MB/s')
    expect(rate(1000, 3100)).toBeNull()
    expect(rate(5_000_000, 0)).toBeNull()
  })

  it('groups digits and counts words', () => {
    expect([0, 999, 1000, 178_182, 1_234_567].map(count)).toEqual(['0', '999', '1,000', '178,182', '1,234,567'])
    expect([plural(1, 'error'), plural(0, 'error'), plural(2, 'entry', 'entries')]).toEqual([
      '1 error',
      '0 errors',
      '2 entries'
    ])
  })

  it('draws bars that never vanish and never grow too long', () => {
    expect([0, Number.NaN, 0.0001, 0.5, 1, 7].map((share) => bar(share, 4))).toEqual([
      '',
      '',
      '▏',
      '██',
      '████',
      '████'
    ])
  })
})
