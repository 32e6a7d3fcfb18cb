import { describe, expect, it } from '@jest/globals'
import { makeCanary } from '../../src/secrets/canary.js'
import { formsIn } from './support.js'

describe('makeCanary', () => {
  it('is recognisable, of letters and digits that no encoding changes', () => {
    const canary = makeCanary().toString('latin1')
    expect(canary).toMatch(/^tmpfscheck([a-z][0-9]){16}$/)
    expect(encodeURIComponent(canary)).toBe(canary)
  })

  it('is another each time, so that none is taken for another', () => {
    const first = makeCanary()
    for (let i = 0; i < 200; i++) {
      const other = makeCanary()
      for (const text of [other, other.toString('hex'), other.toString('base64'), `x${other.toString('latin1')}`]) {
        expect(formsIn(Buffer.from(text as string), first)).toEqual([])
      }
    }
  })
})
