import { describe, expect, it } from '@jest/globals'
import type { ContainerFact, SourceName } from '../../src/evidence.js'
import { assurance } from '../../src/report/assurance.js'
import { coverage, evidence } from './support.js'

const container = (more: Partial<ContainerFact>): ContainerFact => {
  const known = evidence().container
  if (known === null) throw new Error('the fixture has no container')
  return { ...known, ...more }
}
const of = (source: SourceName, given = evidence()): string | undefined =>
  assurance(given).find((each) => each.source === source)?.absence

describe('what absence is worth', () => {
  it('is enforced where nothing can be written and go', () => {
    for (const source of ['layers', 'image-config', 'history', 'build-log', 'container-config', 'logs'] as const) {
      expect([source, of(source)]).toEqual([source, 'enforced'])
    }
  })

  it('depends on the root file system and the mounts on disk', () => {
    expect(of('writable-layer')).toBe('enforced')
    expect(of('volumes')).toBe('enforced')
    const open = evidence({ container: container({ readOnlyRoot: false, writableDiskMounts: ['/data'] }) })
    expect(of('writable-layer', open)).toBe('observed')
    expect(of('volumes', open)).toBe('observed')
    const unknown = evidence({ container: null })
    expect(of('writable-layer', unknown)).toBe('observed')
    expect(of('volumes', unknown)).toBe('observed')
  })

  it('is of a moment for processes, and as the engine kept it for the log of a given container', () => {
    expect(of('processes')).toBe('observed')
    expect(of('logs', evidence({ subject: { kind: 'container', name: 'x' } }))).toBe('observed')
  })

  it('is unknown where a view did not read to the end, and not told where nobody looked', () => {
    const given = evidence({
      coverage: [
        coverage('layers'),
        coverage('layers', { view: 'host', state: 'partial' }),
        coverage('volumes', { state: 'skipped' })
      ]
    })
    expect(assurance(given)).toEqual([{ source: 'layers', absence: 'unknown', reason: 'it was not read to its end' }])
  })

  it('is not told of places where secrets belong', () => {
    expect(of('memory')).toBeUndefined()
    expect(of('mounts')).toBeUndefined()
  })
})
