import { describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Evidence, Finding } from '../../src/evidence.js'
import { assemble, MOST_BYTES } from '../../src/report/page.js'
import { renderSummary } from '../../src/report/summary.js'
import { lineAddress } from '../../src/report/summary/findings.js'
import {
  coverage,
  evidence,
  finding,
  HOSTILE,
  mountFinding,
  options,
  run,
  unreadFinding,
  verdict,
  warningFinding
} from './support.js'

/** The summary as it is meant to look. After a wanted change: UPDATE_GOLDEN=1, and read the difference. */
function golden(name: string, text: string): string {
  const file = new URL(`golden/${name}.md`, import.meta.url)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, text)
  return readFileSync(file, 'utf8')
}
const summary = (given: Evidence, findings: Finding[] = [], more = {}): string =>
  renderSummary(given, verdict(findings), { run, options: { ...options, ...more } })

const ignored = finding({ ignored: true, location: { kind: 'image-config', field: 'Env:TEST' } })
const failing = [mountFinding, finding(), finding({ form: 'raw' }), warningFinding, ignored]
const failingMounts = evidence().mounts.map((each) => ({
  ...each,
  effective: each.effective === null ? null : { ...each.effective, mode: '0755', resolvedPath: '/srv/tmp' },
  foreign: [{ path: '/app/tmp/sub', relation: 'below' as const, fstype: 'ext4', what: 'volume data' }],
  differences: [{ what: 'mode' as const, inside: '1770', kernel: '0755' }],
  imageContent: { items: 2, examples: ['/app/tmp/a', '/app/tmp/b'] }
}))
const unread: Evidence = evidence({
  subject: { kind: 'image', name: 'ghcr.io/octo/service:1' },
  engine: { ...evidence().engine, hostAccess: false, hostAccessReason: 'sudo -n is refused', runcVersion: null },
  image: null,
  container: {
    ...(evidence().container ?? fail()),
    state: 'exited',
    exitCode: 1,
    ready: false,
    readOnlyRoot: false,
    writableDiskMounts: ['/data'],
    lastLines: ['starting', 'no such file']
  },
  swap: null,
  mounts: evidence().mounts.map((each) => ({ ...each, effective: null, listed: false, ownUser: null })),
  hits: [],
  missingFiles: ['*.json'],
  coverage: [
    coverage('layers', { state: 'partial', reason: 'cut short at 1 GB' }),
    coverage('writable-layer', { state: 'failed', items: 0, bytes: 0, reason: 'permission denied' }),
    coverage('logs')
  ]
})

function fail(): never {
  throw new Error('the fixture is not as expected')
}

describe('the job summary', () => {
  it('of a pass', () => {
    const text = summary(evidence())
    expect(text).toBe(golden('pass', text))
  })

  it('of a fail', () => {
    const ignore = [{ rule: 'secret-in-layer', glob: '/app/*', until: '2027-01-01', reason: 'Test data only' }]
    const text = summary(evidence({ mounts: failingMounts }), failing, { ignore })
    expect(text).toBe(golden('fail', text))
  })

  it('of an inconclusive check, without repository or rules to link to', () => {
    const text = summary(unread, [unreadFinding], { repository: null, rulesUrl: null })
    expect(text).toBe(golden('inconclusive', text))
  })

  it('names every place, whatever was looked at', () => {
    const text = summary(evidence({ coverage: [], needed: ['logs'] }))
    for (const place of ['tmpfs mounts', 'other memory', 'attestations', 'volumes and binds', 'processes']) {
      expect(text).toContain(`| – | ${place} |`)
    }
    expect(text).toContain('| ? | container log |  |  |  |  |  |  | not looked at, although a pass needs it |')
  })

  it('shows a place by each view, and counts its findings once', () => {
    const views = evidence({
      coverage: [
        coverage('memory', { view: 'host' }),
        coverage('memory', { view: 'inside', state: 'failed', reason: 'no shell' })
      ]
    })
    const location: Finding['location'] = {
      kind: 'memory',
      mount: '/app/tmp',
      declared: true,
      path: '/app/tmp/x',
      part: 'content',
      offset: 0
    }
    const text = summary(views, [finding({ location })])
    expect(text).toMatch(/\| ✗ \| tmpfs contents \| host \|.*\| 1 error \|/)
    expect(text).toMatch(/\| \? \| tmpfs contents \| inside \|.*\| could not be read: no shell \|/)
  })
})

describe('hostile names', () => {
  const all = evidence({
    subject: { kind: 'build', name: HOSTILE.join(' ') },
    secrets: HOSTILE.map((name) => ({ name, origin: 'given', extent: 'whole', delivered: 'file' })),
    missingFiles: HOSTILE,
    expectFiles: HOSTILE,
    mounts: HOSTILE.map((name) => ({
      ...(evidence().mounts[0] ?? fail()),
      declared: { ...(evidence().mounts[0] ?? fail()).declared, path: name, text: name, flags: [name] },
      foreign: [{ path: name, relation: 'over', fstype: name, what: name }],
      differences: [{ what: 'files', inside: name, kernel: name }],
      imageContent: { items: 1, examples: [name] }
    })),
    container: { ...(evidence().container ?? fail()), readyReason: HOSTILE.join(' '), lastLines: HOSTILE },
    coverage: HOSTILE.map((reason) => coverage('layers', { state: 'partial', reason }))
  })
  const findings = HOSTILE.flatMap((name) => [
    finding({
      secret: name,
      message: name,
      fix: name,
      location: { kind: 'layer', index: 0, digest: null, path: name, part: 'name', offset: null, deleted: false },
      annotation: { file: name, startLine: 1, endLine: 2 }
    }),
    finding({ ignored: true, secret: name, message: name })
  ])
  const text = summary(all, findings)
  const ours = /<\/?details(?: open)?>|<\/?summary>/g
  /** Lines that are not in a fenced block. */
  const lines = text.replace(/^ *(`{3,})[a-z]*\n[^]*?\n *\1$/gm, '').split('\n')

  it('has 28 of them', () => {
    expect(new Set(HOSTILE).size).toBe(28)
  })

  it('are never a workflow command, and nothing unseen', () => {
    expect(text).not.toMatch(/^\s*::|##\[/m)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  })

  it('open no tag, link, picture, heading, emphasis or comment', () => {
    const outside = lines
      .join('\n')
      .replace(ours, '')
      .replace(/`[^`\n]+`/g, '')
      .replace(/\]\(https:\/\/github\.com\/octo\/[^()\s]+\)/g, '')
    expect(outside).not.toMatch(/[<>`~]/)
    expect(outside).not.toMatch(/\]\(|!\[|:\/\//)
    expect(outside.match(/^#.*$/gm)).toEqual([
      '## ✗ tmpfs-check: fail',
      '### Where we looked',
      `### Findings (${HOSTILE.length})`
    ])
    expect(outside.replaceAll('****', '')).not.toMatch(/\*/)
  })

  it('end no fold before its end', () => {
    expect(text.match(/<details/g)).toHaveLength(text.match(/^<\/details>$/gm)?.length ?? 0)
  })

  it('add no cell to a row', () => {
    const rows = lines.filter((line) => line.startsWith('|'))
    const cells = (line: string): number => line.split('|').length
    const widths = rows.map(cells)
    rows.forEach((line, index) => {
      if (/^\| (---|---:)/.test(line)) return
      const head = rows
        .slice(0, index + 1)
        .findLastIndex((each, at) => rows[at + 1]?.startsWith('| ---') === true && each !== '')
      expect([line, widths[index]]).toEqual([line, widths[head]])
    })
  })
})

describe('the size of the summary', () => {
  const many = (count: number): Finding[] =>
    Array.from({ length: count }, (_, index) => finding({ message: `Finding ${index}.`, ignored: index % 2 === 1 }))

  it('shows 50 of 100,000 findings and says how many more', () => {
    const text = summary(evidence(), many(100_000))
    expect(Buffer.byteLength(text)).toBeLessThan(200_000)
    expect(text).toContain('### Findings (50,000)')
    expect(text).toContain('…and 49,950 more in the report.')
    expect(text).toContain('| … | and 49950 more in the report |')
    expect(text.match(/^\d+\. ✗/gm)).toHaveLength(50)
  })

  it('keeps below 900 KiB whatever the length of things', () => {
    const long = 'ü'.repeat(100_000)
    const findings = Array.from({ length: 200 }, (_, index) =>
      finding({ message: long, fix: `${index}${long}`, secret: long })
    )
    const secrets = Array.from({ length: 5000 }, () => ({
      name: long,
      origin: 'given' as const,
      extent: 'whole' as const,
      delivered: 'none' as const
    }))
    const mounts = Array.from({ length: 5000 }, () => evidence().mounts[0] ?? fail())
    const timings = Array.from({ length: 5000 }, () => ({ stage: long, ms: 1 }))
    const given = evidence({
      secrets,
      mounts,
      coverage: Array.from({ length: 500 }, () => coverage('layers', { reason: long }))
    })
    const text = renderSummary(given, verdict(findings), { run: { ...run, timings }, options })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES)
    expect(text).toMatch(/^## ✗/)
    expect(text.match(/<details/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0)
  })

  it('leaves out whole rows only', () => {
    const section = {
      head: 'head',
      rows: ['one row', 'two row', 'three'],
      foot: 'foot',
      most: 9,
      more: (left: number) => `+${left}`
    }
    expect(assemble([section])).toBe('head\none row\ntwo row\nthree\nfoot\n')
    expect(assemble([{ ...section, most: 1 }])).toBe('head\none row\n+2\nfoot\n')
    expect(assemble([section], 'headfoot'.length + 300 + 17)).toBe('head\none row\ntwo row\n+1\nfoot\n')
    expect(assemble([{ ...section, total: 10 }])).toBe('head\none row\ntwo row\nthree\n+7\nfoot\n')
  })
})

describe('addresses of lines', () => {
  const repository = { serverUrl: 'https://github.com', repository: 'o/r', sha: 'a'.repeat(40) }
  const range = { file: 'a b/c(d).py', startLine: 3, endLine: 3 }

  it('are those of GitHub', () => {
    expect(lineAddress(repository, range)).toBe(`https://github.com/o/r/blob/${'a'.repeat(40)}/a%20b/c%28d%29.py#L3`)
    expect(lineAddress(repository, { ...range, endLine: 5 })).toMatch(/#L3-L5$/)
  })

  it.each([
    [{ serverUrl: 'javascript:alert(1)' }, {}],
    [{ serverUrl: 'https://x/y z' }, {}],
    [{ repository: 'o/r/../x' }, {}],
    [{ sha: 'main' }, {}],
    [{}, { file: '../x' }],
    [{}, { file: 'a\n' }]
  ])('are not made of %j %j', (other, place) => {
    expect(lineAddress({ ...repository, ...other }, { ...range, ...place })).toBeNull()
  })
})
