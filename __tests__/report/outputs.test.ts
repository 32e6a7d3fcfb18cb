import { describe, expect, it } from '@jest/globals'
import { OUTPUTS } from '../../src/inputs/outputs.js'
import { outputs } from '../../src/report/outputs.js'
import { evidence, finding, run, verdict } from './support.js'

describe('outputs', () => {
  it('are those of the contract', () => {
    const image = evidence().image
    if (image === null) throw new Error('the fixture has no image')
    const digest = `sha256:${'cd'.repeat(32)}`
    const given = evidence({ image: { ...image, repoDigest: `localhost:5000/a/b@${digest}` } })
    const values = outputs(given, verdict([finding(), finding({ ignored: true })]), {
      facts: run,
      reportFile: '/tmp/r.json'
    })
    expect(values).toEqual({
      outcome: 'fail',
      errors: '1',
      warnings: '0',
      inconclusive: '0',
      ignored: '1',
      'image-id': `sha256:${'ab'.repeat(32)}`,
      'image-digest': digest,
      'report-file': '/tmp/r.json',
      'duration-ms': '14230'
    })
    expect(Object.keys(values).sort()).toEqual(Object.keys(OUTPUTS).sort())
  })

  it('hold nothing that is not an ID or digest', () => {
    const image = evidence().image
    if (image === null) throw new Error('the fixture has no image')
    const odd = evidence({ image: { ...image, id: 'x\ny', repoDigest: 'a/b:latest' } })
    expect(outputs(odd, verdict(), { facts: run, reportFile: '' })).toMatchObject({
      'image-id': '',
      'image-digest': ''
    })
    expect(outputs(evidence({ image: null }), verdict(), { facts: run, reportFile: '' })).toMatchObject({
      outcome: 'pass',
      'image-id': ''
    })
  })
})
