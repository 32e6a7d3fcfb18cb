import { describe, expect, it } from '@jest/globals'
import type { Coverage, Evidence, TmpfsSpec } from '../../src/evidence.js'
import { explain } from '../../src/run/explain.js'
import { missingFiles } from '../../src/run/expect-files.js'
import { absolute, CONTROL, hostCoverage, hostHits, unreadItems } from '../../src/run/host-scan.js'
import { passwdUsers } from '../../src/run/passwd.js'
import { redactEvidence } from '../../src/run/redact-evidence.js'
import { EngineError } from '../../src/docker/errors.js'
import { Matcher } from '../../src/scan/matcher.js'
import type { WireHit, WireTotals } from '../../src/reader/protocol.js'

const tmpfs = [{ path: '/app/tmp' }] as TmpfsSpec[]

describe('missingFiles', () => {
  it.each<[string, string[]]>([
    ['pgpass', []],
    ['*.json', ['*.json']],
    ['/app/tmp/sub/*', []],
    ['/other/x', ['/other/x']],
    ['.hidden', []]
  ])('looks for %s', (glob, expected) => {
    expect(missingFiles([glob], tmpfs, ['/app/tmp/pgpass', '/app/tmp/sub/a', '/app/tmp/.hidden'])).toEqual(expected)
  })
})

describe('passwdUsers', () => {
  it('takes one user a uid and leaves out lines of another shape', () => {
    const text = 'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\nbroken\napp:x:1000:1001::/:/bin/sh\n'
    expect(passwdUsers(text)).toEqual([
      { uid: 0, gid: 0, name: 'root' },
      { uid: 1000, gid: 1001, name: 'app' }
    ])
  })
})

const hit = (overrides: Partial<WireHit>): WireHit => ({
  secret: 0,
  form: 'raw',
  part: 'content',
  offset: 5,
  key: 0,
  path: 'a',
  ...overrides
})

describe('hostHits', () => {
  it('tells the same of two pieces once, with the lower offset, and never the control value', () => {
    const hits = hostHits(
      [hit({ offset: 90 }), hit({ offset: 7 }), hit({ secret: CONTROL }), hit({ part: 'name' })],
      (wire) => ({
        kind: 'image-config',
        field: `${wire.part} ${String(wire.offset)}`
      })
    )
    expect(hits.map((each) => each.location)).toEqual([
      { kind: 'image-config', field: 'content 7' },
      { kind: 'image-config', field: 'name 5' }
    ])
  })
})

describe('hostCoverage', () => {
  const totals: WireTotals = { items: 2, bytes: 3, dropped: 0, shortfalls: [], moreShortfalls: 0 }

  it('is complete only without a shortfall', () => {
    expect(hostCoverage('layers', totals, 0)).toMatchObject({
      state: 'complete',
      reason: null,
      view: 'host',
      items: 2,
      bytes: 3
    })
    const short = { ...totals, shortfalls: [{ key: 0, path: '/x', reason: 'could not be opened (EACCES)' }] }
    expect(hostCoverage('layers', short, 0)).toMatchObject({
      state: 'partial',
      reason: '/x could not be opened (EACCES)'
    })
    expect(hostCoverage('layers', { ...totals, moreShortfalls: 1 }, 0).state).toBe('partial')
  })

  it('tells single items only where nothing else is missing', () => {
    const items = (paths: string[], moreShortfalls = 0): Coverage['unread'] => {
      const shortfalls = paths.map((path) => ({ key: 0, path, reason: 'is broken' }))
      const short = { ...totals, shortfalls, moreShortfalls }
      return hostCoverage('layers', short, 0, unreadItems(short)).unread
    }
    expect(items(['opt/a.zip!b', '/c'])).toEqual([
      { path: '/opt/a.zip!b', reason: 'is broken' },
      { path: '/c', reason: 'is broken' }
    ])
    expect(items([])).toBeUndefined()
    expect(items(['opt/a.zip', ''])).toBeUndefined()
    expect(items(['opt/a.zip'], 1)).toBeUndefined()
  })
})

describe('absolute', () => {
  it.each([
    ['', 'a/b', '/a/b'],
    ['/app/tmp', '/x', '/app/tmp/x'],
    ['/', 'x', '/x'],
    ['/app/', '', '/app']
  ])('joins %p and %p', (base, path, expected) => {
    expect(absolute(base, path)).toBe(expected)
  })
})

describe('redactEvidence', () => {
  it('takes secrets out of values and keys, and leaves our own words', () => {
    const matcher = new Matcher([{ secret: 0, form: 'raw', bytes: Buffer.from('hunter2222') }])
    const evidence = {
      coverage: [{ source: 'layers', reason: 'x hunter2222 y' }],
      hits: [{ location: { kind: 'layer', path: '/a/hunter2222' } }],
      image: { configInstructions: { 'Env:hunter2222': { file: 'Dockerfile' } } },
      needed: ['layers'],
      count: 3,
      nothing: null
    } as unknown as Evidence
    const text = JSON.stringify(redactEvidence(evidence, matcher))
    expect(text).not.toContain('hunter2222')
    expect(text).toContain('"source":"layers"')
    expect(text).toContain('/a/[secret]')
    expect(text).toContain('Env:[secret]')
  })
})

describe('explain', () => {
  it('lets our errors speak and says nothing of the message of others', () => {
    const engine = new EngineError('NO_ENGINE', { phase: 'preflight', message: 'No engine.', remedy: 'start it' })
    expect(explain(engine)).toEqual({ message: 'preflight: No engine.\n\nstart it', exitCode: 4 })
    const other = explain(new TypeError('secret hunter2222'))
    expect(other.exitCode).toBe(4)
    expect(other.message).toContain('TypeError')
    expect(other.message).not.toContain('hunter2222')
  })
})
