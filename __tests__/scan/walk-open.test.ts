import { closeSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { errorCode, frameBase, openBelow, pathAt, raw, toLatin1 } from '../../src/scan/walk-open.js'
import { directory, make } from './walk-support.js'

describe('openBelow', () => {
  it('goes down component by component, and through no link', () => {
    const outside = make(directory(), { inner: {} })
    const path = make(directory(), { a: { b: { found: '' } }, out: { link: outside }, file: '' })
    const root = openSync(path, 'r')
    const fd = openBelow(root, 'a/b')
    expect(readdirSync(pathAt(fd, null))).toEqual(['found'])
    closeSync(fd)
    const before = readdirSync('/proc/self/fd').length
    const codes = ['out', 'out/inner', 'file', 'a/nothing'].map((below) => {
      try {
        return openBelow(root, below)
      } catch (error) {
        return errorCode(error)
      }
    })
    expect(codes).toEqual(['ENOTDIR', 'ENOTDIR', 'ENOTDIR', 'ENOENT'])
    expect(readdirSync('/proc/self/fd').length).toBe(before)
    closeSync(root)
  })
})

describe('names', () => {
  it('are latin1 inside, bytes outside', () => {
    expect(raw('plain')).toBe('plain')
    expect(raw('\xff\xfe')).toEqual(Buffer.from([0xff, 0xfe]))
    expect(raw(toLatin1('é'))).toEqual(Buffer.from('é'))
  })
})

describe('frameBase', () => {
  it('is the path where nobody changes it and it is short, else the descriptor', () => {
    const of = { root: '/r', path: 'a/b', careful: false }
    expect(frameBase(7, of)).toBe('/r/a/b')
    expect(frameBase(7, { ...of, path: '' })).toBe('/r')
    expect(frameBase(7, { ...of, careful: true })).toBe('/proc/self/fd/7')
    expect(frameBase(7, { ...of, path: join(...Array<string>(40).fill('x'.repeat(100))) })).toBe('/proc/self/fd/7')
  })
})
