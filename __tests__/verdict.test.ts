import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  SOURCES,
  type Coverage,
  type Evidence,
  type FailOn,
  type Finding,
  type IgnoreEntry,
  type UnreadItem
} from '../src/evidence.js'
import { RULE_NAMES } from '../src/inputs/rule-names.js'
import { decide, targetsOf, type Policy } from '../src/verdict.js'
import { anyEvidence } from './fixtures/any-evidence.js'
import { effective, evidence, hit, mount, row, secret, withCoverage } from './fixtures/evidence.js'

const POLICY: Policy = { failOn: 'inconclusive', ignore: [], today: '2026-11-24' }

function ignoring(...ignore: Partial<IgnoreEntry>[]): Policy {
  return { ...POLICY, ignore: ignore.map((each) => ({ rule: 'x', glob: null, until: null, reason: 'r', ...each })) }
}

const LAYER = {
  kind: 'layer',
  index: 1,
  digest: null,
  path: '/app/.cache/key',
  part: 'content',
  offset: 0,
  deleted: false
} as const
const passing = evidence()
const leaking = evidence({ hits: [...passing.hits, hit(LAYER)] })
const unread = withCoverage(passing, 'logs', [row('logs', { state: 'failed', reason: 'x' })])
const warned = evidence({ mounts: [mount({ effective: effective({ flags: ['rw'] }) })] })

describe('the outcome', () => {
  it.each<[string, Evidence, string]>([
    ['passes when all was read and nothing found', passing, 'pass'],
    ['passes with warnings', warned, 'pass'],
    ['fails with an error', leaking, 'fail'],
    ['is inconclusive when a source was not read', unread, 'inconclusive'],
    ['fails when both are so', withCoverage(leaking, 'logs', []), 'fail']
  ])('%s', (_, of, outcome) => {
    expect(decide(of, POLICY).outcome).toBe(outcome)
  })

  it('counts by severity', () => {
    const verdict = decide(withCoverage({ ...leaking, mounts: warned.mounts }, 'logs', []), POLICY)
    expect(verdict).toMatchObject({ errors: 1, warnings: 1, inconclusive: 1, ignored: 0 })
  })

  it('has no finding where nothing is wrong', () => {
    expect(decide(passing, POLICY).findings).toEqual([])
  })
})

describe('fail-on', () => {
  const table: [FailOn, { pass: boolean; warned: boolean; unread: boolean; leaking: boolean }][] = [
    ['warning', { pass: false, warned: true, unread: true, leaking: true }],
    ['inconclusive', { pass: false, warned: false, unread: true, leaking: true }],
    ['error', { pass: false, warned: false, unread: false, leaking: true }],
    ['never', { pass: false, warned: false, unread: false, leaking: false }]
  ]
  it.each(table)('%s', (failOn, expected) => {
    const fails = (of: Evidence): boolean => decide(of, { ...POLICY, failOn }).failStep
    expect({ pass: fails(passing), warned: fails(warned), unread: fails(unread), leaking: fails(leaking) }).toEqual(
      expected
    )
  })
})

describe('ignore', () => {
  it('takes a finding out of the outcome, and keeps it', () => {
    const verdict = decide(leaking, ignoring({ rule: 'secret-in-layer' }))
    expect(verdict).toMatchObject({ outcome: 'pass', errors: 0, ignored: 1, failStep: false })
    expect(verdict.findings).toHaveLength(1)
    expect(verdict.findings[0]).toMatchObject({ rule: 'secret-in-layer', ignored: true, severity: 'error' })
  })

  it.each<[string, string | null, boolean]>([
    ['any place without a glob', null, true],
    ['the path itself', '/app/.cache/key', true],
    ['hidden names too', '/app/**', true],
    ['no deeper than it says', '/app/*', false],
    ['no other place', '/opt/**', false],
    ['nothing by a glob turned round', '!/opt/**', false]
  ])('matches %s', (_, glob, ignored) => {
    expect(decide(leaking, ignoring({ rule: 'secret-in-layer', glob })).ignored).toBe(ignored ? 1 : 0)
  })

  it('does not take one rule for another', () => {
    expect(decide(leaking, ignoring({ rule: 'secret-in-volume' })).outcome).toBe('fail')
  })

  it('lasts to the end of its last day', () => {
    const until = (day: string): string => decide(leaking, ignoring({ rule: 'secret-in-layer', until: day })).outcome
    expect(until('2026-11-23')).toBe('fail')
    expect(until('2026-11-24')).toBe('pass')
  })

  it('matches a field with brackets by its own name', () => {
    const field = 'Config.Env[DB_PASSWORD]'
    const of = evidence({ hits: [...passing.hits, hit({ kind: 'image-config', field })] })
    expect(decide(of, ignoring({ rule: 'secret-in-image-config', glob: field })).outcome).toBe('pass')
  })

  it('lets a source that was not read pass only by its name', () => {
    const by = (glob: string | null): string => decide(unread, ignoring({ rule: 'source-unread', glob })).outcome
    expect(by('logs')).toBe('pass')
    expect(by(null)).toBe('pass')
    expect(by('layers')).toBe('inconclusive')
    expect(decide(withCoverage(unread, 'layers', []), ignoring({ rule: 'source-unread', glob: 'logs' })).outcome).toBe(
      'inconclusive'
    )
  })

  describe('of single items that were not read', () => {
    const item = (path: string): UnreadItem => ({ path, reason: 'is broken' })
    const partial = (...paths: string[]): Coverage =>
      row('layers', { state: 'partial', reason: 'x', unread: paths.map(item) })
    const broken = withCoverage(passing, 'layers', [partial('/go/a.zip', '/go/b.zip!c')])
    const by = (of: Evidence, ...globs: (string | null)[]): string =>
      decide(of, ignoring(...globs.map((glob) => ({ rule: 'source-unread', glob })))).outcome

    it('tells each, and passes once each is accepted', () => {
      const found = decide(broken, POLICY).findings.map(({ location }) => location)
      expect(found).toEqual([
        { kind: 'source', source: 'layers', path: '/go/a.zip' },
        { kind: 'source', source: 'layers', path: '/go/b.zip!c' }
      ])
      expect(by(broken)).toBe('inconclusive')
      expect(by(broken, '/go/a.zip')).toBe('inconclusive')
      expect(by(broken, '/go/a.zip', '/go/b.zip?c')).toBe('pass')
      expect(by(broken, '/go/*')).toBe('pass')
      expect(by(broken, 'layers')).toBe('pass')
      expect(by(broken, null)).toBe('pass')
    })

    it('is no reason to accept that more is missing', () => {
      const worse = { ...partial('/go/a.zip'), state: 'failed' as const }
      expect(by(withCoverage(passing, 'layers', [worse]), '/go/*')).toBe('inconclusive')
      const others = [row('layers', { view: 'engine', state: 'partial' }), row('layers', { state: 'failed' })]
      for (const other of others) {
        expect(by(withCoverage(passing, 'layers', [partial('/go/a.zip'), other]), '/go/*')).toBe('inconclusive')
        expect(by(withCoverage(passing, 'layers', [other, partial('/go/a.zip')]), '/go/*')).toBe('inconclusive')
      }
    })

    it('is told of all views together', () => {
      const both = withCoverage(passing, 'layers', [partial('/go/a.zip'), { ...partial('/x'), view: 'engine' }])
      expect(by(both, '/go/*')).toBe('inconclusive')
      expect(by(both, '/go/*', '/x')).toBe('pass')
    })
  })

  it('lets nothing-proven and container-exited pass with a reason, counted', () => {
    const nothing = evidence({ secrets: [secret({ delivered: 'none' })], hits: [] })
    expect(decide(nothing, POLICY).outcome).toBe('inconclusive')
    expect(decide(nothing, ignoring({ rule: 'nothing-proven' }))).toMatchObject({ outcome: 'pass', ignored: 1 })
    const gone = evidence({ container: null })
    expect(decide(gone, ignoring({ rule: 'container-exited' }))).toMatchObject({ outcome: 'pass', ignored: 1 })
  })

  it('matches no glob against a finding without a place', () => {
    const gone = evidence({ container: null })
    expect(decide(gone, ignoring({ rule: 'container-exited', glob: '**' })).ignored).toBe(0)
  })
})

describe('findings', () => {
  const mixed = decide(withCoverage({ ...leaking, mounts: warned.mounts }, 'logs', []), POLICY).findings

  it('come errors first, then what is inconclusive, then warnings', () => {
    expect(mixed.map(({ rule }) => rule)).toEqual(['secret-in-layer', 'source-unread', 'mount-flags'])
  })

  it('stay in the order of the rules within a severity', () => {
    const of = evidence({
      mounts: [mount({ effective: effective({ mode: '0700' }) })],
      hits: [...passing.hits, hit({ kind: 'build-log', line: 1 }), hit(LAYER)]
    })
    expect(decide(of, POLICY).findings.map(({ rule }) => rule)).toEqual([
      'mount-mode',
      'secret-in-layer',
      'secret-in-build-log'
    ])
  })

  it('have the line of the instruction that made the layer', () => {
    expect(mixed[0]?.annotation).toEqual({ file: 'Dockerfile', startLine: 5, endLine: 8 })
  })
})

describe('targetsOf', () => {
  const cases: [Finding['location'], ...string[]][] = [
    [LAYER, '/app/.cache/key'],
    [{ kind: 'history', index: 0, field: 'comment' }, 'comment'],
    [{ kind: 'attestation', digest: '', predicateType: 'https://x', offset: null }, 'https://x'],
    [{ kind: 'log', stream: 'health', line: 2 }, 'health'],
    [{ kind: 'process', pid: 1, where: 'fd', detail: 'memfd' }, 'memfd'],
    [{ kind: 'build-log', line: 12 }, '12'],
    [{ kind: 'mount', path: '/app/tmp' }, '/app/tmp'],
    [{ kind: 'source', source: 'logs' }, 'logs'],
    [{ kind: 'source', source: 'layers', path: '/a.zip' }, '/a.zip', 'layers'],
    [null]
  ]
  it.each(cases)('of %j', (location, ...targets) => {
    expect(targetsOf({ location })).toEqual(targets)
  })
})

/** What a source may look like without having been read to its end. */
const degraded = (source: Coverage['source']): fc.Arbitrary<Coverage[]> => {
  const rows = (minLength: number, ...states: Coverage['state'][]): fc.Arbitrary<Coverage[]> => {
    const one = fc.record({ state: fc.constantFrom(...states), reason: fc.option(fc.string()) })
    return fc.array(
      fc
        .tuple(one, fc.array(fc.record({ path: fc.string(), reason: fc.string() }), { maxLength: 2 }))
        .map(([each, unread]) => row(source, { ...each, unread })),
      { minLength, maxLength: 3 }
    )
  }
  const cutShort = fc
    .tuple(rows(1, 'partial', 'failed'), rows(0, 'complete', 'skipped'))
    .map((parts) => parts.flat())
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
  return fc.oneof(rows(0, 'skipped'), cutShort)
}

const anyIgnore: fc.Arbitrary<IgnoreEntry[]> = fc.array(
  fc.record({
    rule: fc.constantFrom(...RULE_NAMES),
    glob: fc.option(fc.oneof(fc.constantFrom('**', '/app/**', 'logs', '*'), fc.string({ maxLength: 12 }))),
    until: fc.option(fc.constantFrom('2020-01-01', '2026-11-24', '2030-01-01')),
    reason: fc.constant('r')
  }),
  { maxLength: 6 }
)

describe('whatever happens', () => {
  it('never passes with a needed source that was not read to its end', () => {
    const cases = fc
      .constantFrom(...SOURCES)
      .chain((source) => fc.record({ source: fc.constant(source), rows: degraded(source) }))
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom<FailOn>('warning', 'inconclusive', 'error', 'never'),
        ({ source, rows }, failOn) => {
          const verdict = decide(withCoverage(passing, source, rows), { ...POLICY, failOn })
          expect(verdict.outcome).not.toBe('pass')
          expect(verdict.findings.map(({ rule }) => rule)).toContain('source-unread')
        }
      ),
      { numRuns: 500 }
    )
  })

  it('never passes with such a source that was not ignored by name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SOURCES), anyIgnore, (source, ignore) => {
        const others = ignore.filter(({ rule }) => rule !== 'source-unread')
        expect(decide(withCoverage(passing, source, []), { ...POLICY, ignore: others }).outcome).not.toBe('pass')
      })
    )
  })

  it('loses no finding, whatever is ignored', () => {
    fc.assert(
      fc.property(anyEvidence, anyIgnore, (of, ignore) => {
        const verdict = decide(of, { ...POLICY, ignore })
        const { errors, warnings, inconclusive, ignored, findings } = verdict
        expect(errors + warnings + inconclusive + ignored).toBe(findings.length)
        expect(findings).toHaveLength(decide(of, POLICY).findings.length)
      }),
      { numRuns: 200 }
    )
  })

  it('throws at no evidence, passes at none with an error or a gap, and changes none', () => {
    fc.assert(
      fc.property(anyEvidence, (of) => {
        const before = JSON.stringify(of)
        const { outcome, errors, inconclusive, findings } = decide(of, POLICY)
        expect(outcome === 'pass').toBe(errors === 0 && inconclusive === 0)
        expect(findings.every(({ message, fix }) => message !== '' && fix !== '')).toBe(true)
        expect(JSON.stringify(of)).toBe(before)
      }),
      { numRuns: 500 }
    )
  })

  it('says the same twice', () => {
    fc.assert(
      fc.property(anyEvidence, (of) => {
        expect(decide(of, POLICY)).toEqual(decide(of, POLICY))
      }),
      { numRuns: 50 }
    )
  })

  it('lets each hit outside the declared memory stop a pass, unless it is of a part or an environment', () => {
    fc.assert(
      fc.property(anyEvidence, (of) => {
        const leaks = of.hits.some(
          ({ secret: index, location }) =>
            of.secrets[index]?.extent !== 'part' &&
            !(location.kind === 'memory' && location.declared) &&
            !(location.kind === 'process' && location.where === 'environ')
        )
        if (leaks) expect(decide(of, POLICY).outcome).toBe('fail')
      }),
      { numRuns: 300 }
    )
  })
})
