import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import type { Evidence, Finding } from '../../src/evidence.js'
import { FORMS, SOURCES } from '../../src/evidence.js'
import { renderJson, reportObject, withheldReport } from '../../src/report/json.js'
import { evidence, finding, HOSTILE, mountFinding, run, unreadFinding, verdict, warningFinding } from './support.js'

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8')) as {
  $defs: { source: { enum: string[] }; form: { enum: string[] } }
}
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)
const errorsOf = (text: string): unknown => {
  validate(JSON.parse(text))
  return validate.errors ?? []
}

const LOCATIONS: Finding['location'][] = [
  { kind: 'layer', index: null, digest: null, path: '/a', part: 'name', offset: null, deleted: false },
  { kind: 'image-config', field: 'Env:TOKEN' },
  { kind: 'history', index: 3, field: 'created_by' },
  { kind: 'attestation', digest: 'sha256:x', predicateType: 'https://slsa.dev/provenance/v1', offset: 3 },
  { kind: 'build-log', line: 3 },
  { kind: 'container-config', field: 'Config.Env' },
  { kind: 'writable-layer', path: '/x', part: 'content', offset: 0, underMount: '/app/tmp', afterStop: true },
  { kind: 'volume', destination: '/data', type: 'bind', path: '/data/x', part: 'xattr', offset: null },
  { kind: 'memory', mount: '/dev/shm', declared: false, path: '/dev/shm/x', part: 'content', offset: 1 },
  { kind: 'log', stream: 'health', line: 2 },
  { kind: 'process', pid: 7, where: 'fd', detail: 'memfd' },
  { kind: 'mount', path: '/app/tmp' },
  { kind: 'source', source: 'volumes' },
  null
]

describe('the JSON report', () => {
  it('has the shape of the contract', () => {
    const report = reportObject(evidence(), verdict([finding()]), run)
    expect(report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'tmpfs-check', version: '1.0.0' },
      outcome: 'fail',
      subject: { kind: 'build', name: 'examples/service', imageId: `sha256:${'ab'.repeat(32)}`, digest: null },
      mounts: [
        {
          path: '/app/tmp',
          declared: { size: 16384, mode: '1770' },
          effective: {
            fstype: 'tmpfs',
            size: 16384,
            mode: '1770',
            uid: 0,
            gid: 0,
            flags: ['rw', 'nosuid', 'nodev', 'noexec', 'relatime']
          }
        }
      ],
      findings: [
        {
          rule: 'secret-in-layer',
          severity: 'error',
          ignored: false,
          secret: 'db_password',
          form: 'base64',
          location: { kind: 'layer', index: 1, path: '/app/.env', offset: 21, deleted: true },
          annotation: { file: 'examples/service/Dockerfile', startLine: 5, endLine: 8 }
        }
      ]
    })
    expect(report['coverage']).toContainEqual({
      source: 'layers',
      view: 'host',
      state: 'complete',
      items: 178_182,
      bytes: 3_340_000_000,
      durationMs: 2400,
      reason: null
    })
    expect(report['secrets']).toContainEqual({
      name: 'db_password',
      origin: 'canary',
      extent: 'whole',
      delivered: 'file'
    })
  })

  const bare: Evidence = {
    ...evidence(),
    image: null,
    container: null,
    swap: null,
    mounts: evidence().mounts.map((each) => ({ ...each, effective: null, ownUser: null, imageContent: null })),
    coverage: []
  }
  it.each([
    ['pass', renderJson(evidence(), verdict(), run)],
    ['fail', renderJson(evidence(), verdict([finding(), mountFinding, warningFinding]), run)],
    ['inconclusive', renderJson(bare, verdict([unreadFinding]), run)],
    [
      'every kind of location',
      renderJson(evidence(), verdict(LOCATIONS.map((location) => finding({ location }))), run)
    ],
    ['hostile names', renderJson(evidence(), verdict(HOSTILE.map((message) => finding({ message }))), run)],
    ['withheld', withheldReport('inconclusive', '1.0.0')]
  ])('is valid by the schema: %s', (_name, text) => {
    expect(errorsOf(text)).toEqual([])
  })

  it.each([
    ['another field', (report: Record<string, unknown>) => ({ ...report, snippet: 'x' })],
    ['another version', (report: Record<string, unknown>) => ({ ...report, schemaVersion: 2 })],
    ['another outcome', (report: Record<string, unknown>) => ({ ...report, outcome: 'ok' })],
    [
      'a value of a secret',
      (report: Record<string, unknown>) => ({ ...report, secrets: [{ name: 'a', origin: 'given', value: 'x' }] })
    ],
    ['no coverage', (report: Record<string, unknown>) => ({ ...report, coverage: undefined })]
  ])('is refused by the schema with %s', (_name, change) => {
    expect(errorsOf(JSON.stringify(change(reportObject(evidence(), verdict(), run))))).not.toEqual([])
  })

  it('knows every source and form', () => {
    expect(schema.$defs.source.enum).toEqual([...SOURCES])
    expect(schema.$defs.form.enum).toEqual([...FORMS])
  })

  it('does not tell how long a secret is by the size of its file', () => {
    const report = reportObject(evidence(), verdict(), run)
    expect(JSON.stringify(report['memoryFiles'])).not.toContain('bytes')
    expect(report['coverage']).toContainEqual(expect.objectContaining({ source: 'memory', bytes: 4096 }))
  })

  it('gives the registry digest alone', () => {
    const image = { ...(evidence().image ?? fail()), repoDigest: `ghcr.io/o/a@sha256:${'cd'.repeat(32)}` }
    expect(reportObject(evidence({ image }), verdict(), run)['subject']).toMatchObject({
      digest: `sha256:${'cd'.repeat(32)}`
    })
  })
})

function fail(): never {
  throw new Error('the fixture has no image')
}
