import { closeSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { FileSearch } from '../../src/scan/walk-file.js'
import { Matcher } from '../../src/scan/matcher.js'
import { errorCode } from '../../src/scan/walk-open.js'
import { directory, make, makeFifo, needle, SECRET } from './walk-support.js'

describe('opening with a look first', () => {
  const files = new FileSearch(new Matcher([needle()]), undefined)
  const path = (): string => make(directory(), { file: SECRET, sub: {}, link: { link: 'file' } })

  it('opens a regular file', () => {
    const opened = files.open(join(path(), 'file'), true)
    expect(opened?.stats?.size).toBe(SECRET.length)
    if (opened !== null) closeSync(opened.fd)
  })

  it('leaves what holds nothing unopened: a pipe would wait, a device notice', () => {
    const at = path()
    makeFifo(join(at, 'pipe'))
    const before = readdirSync('/proc/self/fd').length
    expect(files.open(join(at, 'pipe'), true)).toBeNull()
    expect(files.open('/dev/null', true)).toBeNull()
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })

  it.each(['sub', 'link'])('refuses what has taken the place of a file: %s', (name) => {
    let code = ''
    try {
      files.open(join(path(), name), true)
    } catch (error) {
      code = errorCode(error)
    }
    expect(code).toBe('is no regular file any more')
  })
})
