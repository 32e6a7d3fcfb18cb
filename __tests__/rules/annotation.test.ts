import { describe, expect, it } from '@jest/globals'
import type { Finding, SourceRange } from '../../src/evidence.js'
import { annotationOf } from '../../src/rules/annotation.js'
import { evidence } from '../fixtures/evidence.js'

const range = (file: string, startLine: number, endLine = startLine): SourceRange => ({ file, startLine, endLine })
const FALLBACK = range('Dockerfile', 1)

function at(location: Finding['location'], annotation: SourceRange | null = null): Finding {
  const base = { rule: 'x', severity: 'error', ignored: false, secret: null, form: null, message: '', fix: '' } as const
  return { ...base, location, annotation }
}

const layer = (index: number | null): Finding['location'] => ({
  kind: 'layer',
  index,
  digest: null,
  path: '/x',
  part: 'content',
  offset: null,
  deleted: false
})

describe('annotationOf', () => {
  const cases: [string, Finding, SourceRange | null][] = [
    ['the line that holds the secret', at(layer(1), range('app/.env', 3)), range('app/.env', 3)],
    ['the instruction of the layer', at(layer(1)), range('Dockerfile', 5, 8)],
    ['the Dockerfile for a layer without one', at(layer(0)), FALLBACK],
    ['the Dockerfile for a layer that could not be told', at(layer(null)), FALLBACK],
    [
      'the instruction of the history entry',
      at({ kind: 'history', index: 1, field: 'created_by' }),
      range('Dockerfile', 5, 8)
    ],
    ['the Dockerfile for an entry out of range', at({ kind: 'history', index: 9, field: 'comment' }), FALLBACK],
    ['what set a variable', at({ kind: 'image-config', field: 'Config.Env[DB_PASSWORD]' }), range('Dockerfile', 3)],
    ['what set the command', at({ kind: 'image-config', field: 'Config.Cmd[1]' }), range('Dockerfile', 9)],
    ['the Dockerfile for another variable', at({ kind: 'image-config', field: 'Config.Env[PATH]' }), FALLBACK],
    [
      'the Dockerfile for a field that is no setting',
      at({ kind: 'image-config', field: '(whole document)' }),
      FALLBACK
    ],
    ['nothing inherited by the table of settings', at({ kind: 'image-config', field: 'Config.constructor' }), FALLBACK],
    [
      'the Dockerfile for an attestation',
      at({ kind: 'attestation', digest: '', predicateType: '', offset: null }),
      FALLBACK
    ],
    ['the Dockerfile for the build log', at({ kind: 'build-log', line: 1 }), FALLBACK],
    ['nothing for the running container', at({ kind: 'log', stream: 'stdout', line: 1 }), null],
    ['nothing for a mount', at({ kind: 'mount', path: '/app/tmp' }), null],
    ['nothing for a source', at({ kind: 'source', source: 'layers' }), null],
    ['nothing without a place', at(null), null]
  ]
  it.each(cases)('is %s', (_, finding, expected) => {
    expect(annotationOf(finding, evidence())).toEqual(expected)
  })

  it('is the Dockerfile when nothing is known of the image, and null outside of a build', () => {
    expect(annotationOf(at(layer(1)), evidence({ image: null }))).toEqual(FALLBACK)
    expect(annotationOf(at(layer(0)), evidence({ fallback: { dockerfile: null } }))).toBeNull()
  })

  it('finds labels by their name, dots and all', () => {
    const base = evidence()
    if (base.image === null) throw new Error('the fixture has an image')
    const image = { ...base.image, configInstructions: { 'Label:com.example.token': range('Dockerfile', 7) } }
    const finding = at({ kind: 'image-config', field: 'Config.Labels[com.example.token]' })
    expect(annotationOf(finding, { ...base, image })).toEqual(range('Dockerfile', 7))
  })
})
