import { describe, expect, it } from '@jest/globals'
import { readiness, type Look } from '../../src/run/ready.js'

const look = (overrides: Partial<Look> = {}): Look => ({
  elapsedMs: 2000,
  health: null,
  memoryQuietMs: 1500,
  outputQuietMs: 1500,
  wroteSomething: true,
  delivered: true,
  missingFiles: [],
  fileThere: false,
  textSeen: false,
  ...overrides
})

describe('readiness', () => {
  it.each<[string, Partial<Look>, string]>([
    ['all quiet', {}, 'ready'],
    ['just started', { elapsedMs: 900 }, 'waiting'],
    ['still printing', { outputQuietMs: 10 }, 'waiting'],
    ['still writing', { memoryQuietMs: 10 }, 'waiting'],
    ['a file missing', { missingFiles: ['/a'] }, 'waiting'],
    ['nothing there yet', { wroteSomething: false, delivered: false }, 'waiting'],
    ['nothing there for long', { wroteSomething: false, delivered: false, elapsedMs: 10_000 }, 'ready'],
    ['healthy although it prints', { health: 'healthy', outputQuietMs: 0 }, 'ready'],
    ['still starting', { health: 'starting' }, 'waiting'],
    ['unhealthy', { health: 'unhealthy' }, 'never']
  ])('settled: %s', (_, overrides, state) => {
    expect(readiness({ kind: 'settled' }, look(overrides)).state).toBe(state)
  })

  it('waits for what was asked for', () => {
    expect(readiness({ kind: 'time', ms: 3000 }, look()).state).toBe('waiting')
    expect(readiness({ kind: 'time', ms: 2000 }, look()).state).toBe('ready')
    expect(readiness({ kind: 'file', path: '/a' }, look()).state).toBe('waiting')
    expect(readiness({ kind: 'file', path: '/a' }, look({ fileThere: true })).state).toBe('ready')
    expect(readiness({ kind: 'log', text: 'up' }, look()).state).toBe('waiting')
    expect(readiness({ kind: 'log', text: 'up' }, look({ textSeen: true })).state).toBe('ready')
    expect(readiness({ kind: 'healthy' }, look()).state).toBe('never')
    expect(readiness({ kind: 'healthy' }, look({ health: 'healthy' })).state).toBe('ready')
  })
})
