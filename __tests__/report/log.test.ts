import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/evidence.js'
import { lastLine, logLines, wantsColour } from '../../src/report/log.js'
import { coverage, evidence, finding, HOSTILE, mountFinding, run, unreadFinding, verdict } from './support.js'

const lines = (findings = [finding()], more = {}): string[] =>
  logLines(evidence(), verdict(findings), { run, colour: false, findings: false, ...more })

describe('the log', () => {
  it('has one line a place, and the verdict last', () => {
    expect(lines()).toEqual([
      '✓ tmpfs mounts, 1 item, 12 ms, no findings',
      '✓ tmpfs contents, 2 items, 4.10 kB, 12 ms, no findings',
      '✗ image layers, 178,182 items, 3.34 GB, 2.4 s (1.39 GB/s), 1 error',
      '✓ image configuration, 3 items, 500 B, 12 ms, no findings',
      '✓ image history, 3 items, 500 B, 12 ms, no findings',
      '– attestations, not looked at (the classic store keeps none)',
      '✓ build log, 31 items, 2.10 kB, 12 ms, no findings',
      '✓ container configuration, 3 items, 500 B, 12 ms, no findings',
      '✓ writable layer, 3 items, 500 B, 12 ms, no findings',
      '✓ volumes and binds, 0 items, 12 ms, no findings',
      '✓ processes, 3 items, 500 B, 12 ms, no findings',
      '✓ container log, 4 items, 120 B, 12 ms, no findings',
      'tmpfs-check: FAIL in 14.2 s (1 error)'
    ])
  })

  it('shows the findings with their fixes where there are no annotations', () => {
    const shown = lines([finding(), mountFinding], { findings: true })
    expect(shown.slice(12, 16)).toEqual([
      '✗ error secret-in-layer, db_password, base64, layer 2 of 2 /app/.env, examples/service/Dockerfile:5',
      '    The secret db_password is in an image layer, and everyone who can pull the image can read it.',
      '    RUN --mount=type=secret,id=db_password \\',
      '        ./configure'
    ])
    expect(lines(new Array<Finding>(25).fill(finding()), { findings: true }).at(-2)).toBe('and 5 more in the report')
  })

  it('says what was read in part or not at all', () => {
    const given = evidence({
      coverage: [
        coverage('layers', { state: 'partial', reason: 'cut short' }),
        coverage('logs', { state: 'failed', items: 0, bytes: 0, reason: 'a time-out' })
      ]
    })
    expect(logLines(given, verdict([unreadFinding]), { run, colour: false, findings: false })).toEqual([
      '? image layers, 3 items, 500 B, 12 ms, read in part (cut short)',
      '? container log, 0 items, 12 ms, could not be read (a time-out)',
      'tmpfs-check: INCONCLUSIVE in 14.2 s (1 inconclusive)'
    ])
  })

  it('says the verdict in words', () => {
    expect(lastLine(verdict(), 14_230)).toBe('tmpfs-check: PASS in 14.2 s')
    expect(lastLine(verdict())).toBe('tmpfs-check: PASS')
  })

  it('colours only when asked, and says the same without', () => {
    const coloured = lines([finding(), unreadFinding], { colour: true, findings: true })
    expect(coloured[2]).toContain('\u001b[31m✗\u001b[0m \u001b[36mimage layers\u001b[0m')
    expect(coloured.at(-1)).toContain('\u001b[31mFAIL\u001b[0m')
    const bare = coloured.map((line) =>
      line
        .split('\u001b')
        .map((part, index) => (index === 0 ? part : part.replace(/^\[[0-9;]*m/, '')))
        .join('')
    )
    expect(bare).toEqual(lines([finding(), unreadFinding], { findings: true }))
  })

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true]
  ])('colour with %j on a capable terminal (%s): %s', (env, capable, expected) => {
    expect(wantsColour(env, capable)).toBe(expected)
  })

  it('lets no name out of its line', () => {
    const given = HOSTILE.map((name) =>
      finding({
        message: name,
        fix: name,
        secret: name,
        location: { kind: 'mount', path: name },
        annotation: { file: name, startLine: 1, endLine: 1 }
      })
    )
    for (const one of given) {
      for (const line of lines([one], { findings: true })) expect(line).not.toMatch(/^\s*::|##\[|[\p{C}\p{Zl}\p{Zp}]/u)
    }
  })
})
