import { describe, expect, it } from '@jest/globals'
import type { ContainerFact, Evidence } from '../../src/evidence.js'
import { gapOf, gaps, isRead, mayPass } from '../../src/rules/coverage.js'
import { evidence, hit, memoryHit, row, secret, withCoverage } from '../fixtures/evidence.js'
import { describeRule } from './cases.js'
import { judge } from './support.js'

function withContainer(more: Partial<ContainerFact>): Evidence {
  const base = evidence()
  return { ...base, container: base.container === null ? null : { ...base.container, ...more } }
}

describeRule('container-exited', [
  { name: 'is silent for one that runs and is ready', evidence: evidence(), expected: [] },
  {
    name: 'tells exit code and last lines',
    evidence: withContainer({ state: 'exited', exitCode: 3, lastLines: ['one', 'two'] }),
    expected: [{ severity: 'inconclusive', message: /\(exit code 3\): .* Its last lines: one \| two$/ }]
  },
  {
    name: 'tells want of memory',
    evidence: withContainer({ state: 'exited', exitCode: 137, oomKilled: true }),
    expected: [{ severity: 'inconclusive', message: /killed for want of memory/ }]
  },
  {
    name: 'tells one that never started',
    evidence: withContainer({ state: 'never-started', exitCode: 127 }),
    expected: [{ severity: 'inconclusive', message: /^The container never started/ }]
  },
  {
    name: 'tells what it was not ready for',
    evidence: withContainer({ ready: false, readyReason: 'no line with "ready" within 2m' }),
    expected: [{ severity: 'inconclusive', message: /did not become ready: no line with "ready" within 2m\./ }]
  },
  {
    name: 'is not ready without a reason',
    evidence: withContainer({ ready: false }),
    expected: [{ severity: 'inconclusive', message: /did not become ready\./ }]
  },
  {
    name: 'tells that no container was seen',
    evidence: evidence({ container: null }),
    expected: [{ severity: 'inconclusive', message: /No container was seen/ }]
  }
])

describe('container-exited fixes', () => {
  it.each([
    [{ state: 'exited', exitCode: 0 }, 'keep-alive: true'],
    [{ state: 'exited', oomKilled: true }, 'memory: 512m'],
    [{ state: 'never-started' }, 'entrypoint:'],
    [{ ready: false }, 'wait-for:']
  ] as const)('for %j offer %s', (more, line) => {
    expect(judge('container-exited', withContainer(more))[0]?.fix).toContain(line)
  })
})

const discovered = secret({ name: '/app/tmp/x', origin: 'discovered', delivered: 'none' })
describeRule('nothing-proven', [
  { name: 'is silent when a declared secret is there', evidence: evidence(), expected: [] },
  {
    name: 'is silent when a whole file was discovered',
    evidence: evidence({ secrets: [discovered] }),
    expected: []
  },
  {
    name: 'is not content with a part',
    evidence: evidence({ secrets: [{ ...discovered, extent: 'part' }] }),
    expected: [{ severity: 'inconclusive', message: /No secret was ever seen under \/app\/tmp/ }]
  },
  {
    name: 'is not content with other memory',
    evidence: evidence({ hits: [memoryHit({ declared: false, mount: '/dev/shm' })] }),
    expected: [{ severity: 'inconclusive', message: /proves nothing/ }]
  },
  {
    name: 'is not content with a hit elsewhere',
    evidence: evidence({ hits: [hit({ kind: 'build-log', line: 1 })] }),
    expected: [{ severity: 'inconclusive', message: /proves nothing/ }]
  },
  {
    name: 'is not content with a hit of a secret that nobody knows',
    evidence: evidence({ secrets: [] }),
    expected: [{ severity: 'inconclusive', message: /proves nothing/ }]
  },
  {
    name: 'tells it too when memory could not be read',
    evidence: withCoverage(evidence({ hits: [] }), 'memory', [row('memory', { state: 'failed' })]),
    expected: [{ severity: 'inconclusive', message: /proves nothing/ }]
  }
])

const withItems = withCoverage(evidence(), 'layers', [
  row('layers', {
    state: 'partial',
    reason: 'x',
    unread: [
      { path: '/opt/a b[1].zip!c', reason: 'is encrypted' },
      { path: '/opt/d.gz', reason: 'is cut short' }
    ]
  })
])

describeRule('source-unread', [
  { name: 'is silent when all was read', evidence: evidence(), expected: [] },
  {
    name: 'tells a source that failed, and why',
    evidence: withCoverage(evidence(), 'layers', [
      row('layers', { state: 'failed', reason: 'docker save ended with 1' })
    ]),
    expected: [
      { severity: 'inconclusive', message: /^Could not read the image's layers \(docker save ended with 1\): / }
    ]
  },
  {
    name: 'tells one that was cut short in one of its views',
    evidence: withCoverage(evidence(), 'layers', [
      row('layers'),
      row('layers', { view: 'engine', state: 'partial', reason: 'limit' })
    ]),
    expected: [{ severity: 'inconclusive', message: /^Could not read the image's layers to the end \(limit\)/ }]
  },
  {
    name: 'tells single items of one',
    evidence: withItems,
    expected: [
      {
        severity: 'inconclusive',
        message: /^Could not read all of .*a b\[1\]\.zip!c.* in the image's layers: it is encrypted\.$/
      },
      { severity: 'inconclusive', message: /d\.gz.*: it is cut short\.$/ }
    ]
  },
  {
    name: 'tells one that was left out',
    evidence: withCoverage(evidence(), 'logs', [row('logs', { state: 'skipped', reason: null })]),
    expected: [{ severity: 'inconclusive', message: /^Did not look at the container's log \(nobody said why\)/ }]
  },
  {
    name: 'tells one that nobody mentions',
    evidence: withCoverage(evidence(), 'volumes', []),
    expected: [{ severity: 'inconclusive', message: /^Nothing is known of the volumes and binds/ }]
  },
  {
    name: 'is content when another view was left out',
    evidence: withCoverage(evidence(), 'mounts', [row('mounts'), row('mounts', { view: 'inside', state: 'skipped' })]),
    expected: []
  },
  {
    name: 'does not ask for what is not needed',
    evidence: withCoverage(evidence({ needed: ['layers'] }), 'logs', [row('logs', { state: 'failed' })]),
    expected: []
  },
  {
    name: 'tells a control value that was not found',
    evidence: evidence({ controlFound: false }),
    expected: [
      { severity: 'inconclusive', message: /writable layer \(the control value planted there was not found\)/ }
    ]
  },
  {
    name: 'tells it also where the layer was not needed',
    evidence: evidence({ controlFound: false, needed: [] }),
    expected: [{ severity: 'inconclusive', message: /control value/ }]
  },
  { name: 'takes no control value for what coverage says', evidence: evidence({ controlFound: null }), expected: [] },
  {
    name: 'tells hits that were left out',
    evidence: evidence({ droppedHits: 7 }),
    expected: [{ severity: 'inconclusive', message: /7 hits more than are kept/ }]
  }
])

describe('source-unread fixes', () => {
  const broken = withCoverage(evidence(), 'memory', [row('memory', { state: 'failed' })])

  it('offer host access where there is none, and say why there is none', () => {
    const engine = { ...broken.engine, hostAccess: false, hostAccessReason: 'sudo needs a password' }
    const fix = judge('source-unread', { ...broken, engine })[0]?.fix
    expect(fix).toContain('host-access: required')
    expect(fix).toContain('sudo needs a password')
  })

  it('offer the line that accepts one item', () => {
    const fixes = judge('source-unread', withItems).map(({ fix }) => fix.split('\n').at(-1))
    expect(fixes).toEqual([
      expect.stringMatching(/^ {2}source-unread \/opt\/a\?b\?1\?\.zip\?c # ./),
      expect.stringMatching(/^ {2}source-unread \/opt\/d\.gz # ./)
    ])
  })

  it('offer to keep a container up that was gone', () => {
    const gone = { ...broken, container: withContainer({ state: 'exited' }).container }
    expect(judge('source-unread', gone)[0]?.fix).toContain('keep-alive: true')
  })
})

describe('the coverage helper', () => {
  it('knows the worst state, with its reason', () => {
    const rows = [row('logs', { state: 'skipped', reason: 'a' }), row('logs', { state: 'failed', reason: 'b' })]
    expect(gapOf(withCoverage(evidence(), 'logs', rows), 'logs')).toEqual({
      source: 'logs',
      state: 'failed',
      reason: 'b',
      unread: []
    })
  })

  it('lists each gap once', () => {
    const twice = withCoverage(evidence({ needed: ['logs', 'logs'] }), 'logs', [])
    expect(gaps(twice)).toEqual([{ source: 'logs', state: 'missing', reason: null, unread: [] }])
  })

  it('lets pass what is whole, and what was excused', () => {
    const broken = withCoverage(evidence(), 'logs', [])
    expect(mayPass(evidence(), new Set())).toBe(true)
    expect(mayPass(broken, new Set())).toBe(false)
    expect(mayPass(broken, new Set(['layers']))).toBe(false)
    expect(mayPass(broken, new Set(['logs']))).toBe(true)
    expect(mayPass(evidence({ droppedHits: 1 }), new Set())).toBe(false)
    expect(isRead(broken, 'logs')).toBe(false)
  })
})
