import { describe, expect, it } from '@jest/globals'
import { parseMountinfo } from '../../src/kernel/mountinfo.js'
import { overlayBases, overlayDirs } from '../../src/kernel/overlay.js'

const options = (text: string): string[] =>
  parseMountinfo(`1 0 0:1 / / rw - overlay overlay rw,${text}`)[0]?.superOptions ?? []

describe('overlayDirs', () => {
  it('reads absolute and relative lists, top first', () => {
    expect(overlayDirs(options('lowerdir=/o/l/A:/o/l/B,upperdir=/o/id/diff,workdir=/o/id/work'))).toEqual({
      lower: ['/o/l/A', '/o/l/B'],
      upper: '/o/id/diff'
    })
    expect(overlayDirs(options('lowerdir=l/A:l/B,upperdir=id/diff,workdir=id/work'))).toEqual({
      lower: ['l/A', 'l/B'],
      upper: 'id/diff'
    })
    expect(overlayDirs(options('lowerdir=12/fs:11/fs,upperdir=/s/13/fs,workdir=/s/13/work')).lower).toEqual([
      '12/fs',
      '11/fs'
    ])
  })

  it('reads one option a directory, where colons are not escaped', () => {
    expect(overlayDirs(options('lowerdir+=/a:b,lowerdir+=/c\\134d,datadir+=/e\\054f,upperdir=/u'))).toEqual({
      lower: ['/a:b', '/c\\d', '/e,f'],
      upper: '/u'
    })
  })

  it('resolves escaped colons, backslashes, commas and blanks', () => {
    // A name `a:b` is given as `a\:b`, and the kernel writes the backslash as \134.
    expect(overlayDirs(options('lowerdir=/a\\134:b:/c\\134\\134d:/e\\040f\\054g')).lower).toEqual([
      '/a:b',
      '/c\\d',
      '/e f,g'
    ])
  })

  it('keeps data-only layers and a missing upper', () => {
    expect(overlayDirs(options('lowerdir=/a::/data'))).toEqual({ lower: ['/a', '/data'], upper: null })
  })

  it('refuses an overlay without lower directories', () => {
    expect(() => overlayDirs(options('upperdir=/u'))).toThrow(SyntaxError)
  })
})

describe('overlayBases', () => {
  it('takes what the host has mounted, and what lies above an absolute upper directory', () => {
    expect(overlayBases({ lower: ['l/A'], upper: 'id/diff' }, '/o/id/merged')).toEqual(['/o'])
    expect(overlayBases({ lower: ['1/fs'], upper: '/s/2/fs' }, '/run/x/rootfs')).toEqual(['/run', '/s'])
    expect(overlayBases({ lower: ['1/fs'], upper: '/s/2/fs' }, null)).toEqual(['/s'])
    expect(overlayBases({ lower: ['l/A'], upper: 'id/diff' }, null)).toEqual([])
  })
})
