import { describe, expect, it } from '@jest/globals'
import { SOURCES, type Finding } from '../../src/evidence.js'
import { PLACES, placeOf, shownBytes, where } from '../../src/report/places.js'
import { coverage } from './support.js'

type Place = NonNullable<Finding['location']>
const file = { part: 'content', offset: 0 } as const

const CASES: [Place, string, { what: string; name: string | null; remark: string | null }][] = [
  [
    { kind: 'layer', index: 3, digest: null, path: '/a', part: 'link-target', offset: null, deleted: true },
    'layers',
    { what: 'layer 4 of 9', name: '/a', remark: 'in its link target, deleted later' }
  ],
  [
    { kind: 'layer', index: null, digest: null, path: '/a', ...file, deleted: false },
    'layers',
    { what: 'a layer', name: '/a', remark: null }
  ],
  [
    { kind: 'image-config', field: 'Env:A' },
    'image-config',
    { what: 'image configuration', name: 'Env:A', remark: null }
  ],
  [
    { kind: 'history', index: 2, field: 'comment' },
    'history',
    { what: 'image history, entry 3', name: 'comment', remark: null }
  ],
  [
    { kind: 'attestation', digest: 'd', predicateType: 'p', offset: 1 },
    'attestations',
    { what: 'attestation', name: 'p', remark: null }
  ],
  [{ kind: 'build-log', line: 4 }, 'build-log', { what: 'build log, line 4', name: null, remark: null }],
  [
    { kind: 'container-config', field: 'Args' },
    'container-config',
    { what: 'container configuration', name: 'Args', remark: null }
  ],
  [
    { kind: 'writable-layer', path: '/x', part: 'xattr', offset: null, underMount: '/t', afterStop: true },
    'writable-layer',
    { what: 'writable layer', name: '/x', remark: 'in an xattr, hidden under the mount, written while it stopped' }
  ],
  [
    { kind: 'volume', destination: '/d', type: 'bind', path: '/d/x', ...file },
    'volumes',
    { what: 'bind mount', name: '/d/x', remark: null }
  ],
  [
    { kind: 'volume', destination: '/d', type: 'volume', path: '/d/x', ...file },
    'volumes',
    { what: 'volume', name: '/d/x', remark: null }
  ],
  [
    { kind: 'volume', destination: '/d', type: 'other', path: '/d/x', ...file },
    'volumes',
    { what: 'mount on disk', name: '/d/x', remark: null }
  ],
  [
    { kind: 'memory', mount: '/t', declared: true, path: '/t/x', ...file },
    'memory',
    { what: 'tmpfs', name: '/t/x', remark: null }
  ],
  [
    { kind: 'memory', mount: '/m', declared: false, path: '/m/x', ...file },
    'other-memory',
    { what: 'other memory', name: '/m/x', remark: null }
  ],
  [{ kind: 'log', stream: 'stderr', line: 5 }, 'logs', { what: 'stderr, line 5', name: null, remark: null }],
  [
    { kind: 'log', stream: 'health', line: 5 },
    'logs',
    { what: 'health-check output, line 5', name: null, remark: null }
  ],
  [
    { kind: 'process', pid: 7, where: 'environ', detail: 'sh' },
    'processes',
    { what: 'environment of process 7', name: 'sh', remark: null }
  ],
  [{ kind: 'mount', path: '/t' }, 'mounts', { what: 'tmpfs mount', name: '/t', remark: null }],
  [{ kind: 'source', source: 'logs' }, 'logs', { what: 'container log', name: null, remark: null }]
]

describe('places', () => {
  it.each(CASES)('%j', (location, place, words) => {
    expect(placeOf({ location })).toBe(place)
    expect(where(location, 9)).toEqual(words)
  })

  it('knows when there is none, or not how many layers', () => {
    expect(placeOf({ location: null })).toBeNull()
    expect(where(null, 9)).toBeNull()
    const [location] = CASES[0] ?? []
    expect(where(location ?? null, null)?.what).toBe('layer 4')
  })

  it('has a name for every source', () => {
    expect(Object.keys(PLACES)).toEqual([...SOURCES])
  })

  it('shows bytes of memory in whole pages', () => {
    expect(shownBytes(coverage('memory', { bytes: 85 }))).toBe(4096)
    expect(shownBytes(coverage('other-memory', { bytes: 4097 }))).toBe(8192)
    expect(shownBytes(coverage('memory', { bytes: 0 }))).toBe(0)
    expect(shownBytes(coverage('layers', { bytes: 85 }))).toBe(85)
  })
})
