import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { endChildren, isRunId, Journal, noted, runDirectory } from '../../src/run/journal.js'

const id = '11111111-2222-3333-4444-555555555555'
let temp = ''
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'journal-test-'))
})
afterEach(() => {
  rmSync(temp, { recursive: true, force: true })
})

describe('Journal', () => {
  it('notes volumes and images, images newest first', () => {
    const journal = new Journal(temp, id)
    journal.volume('my data')
    journal.image('a'.repeat(12))
    journal.image('0'.repeat(12))
    expect(noted(temp, id)).toEqual({
      volumes: ['my data'],
      images: ['0'.repeat(12), 'a'.repeat(12)]
    })
    journal.remove()
    expect(noted(temp, id)).toEqual({ volumes: [], images: [] })
  })

  it('ends a child that runs on, and only that one', async () => {
    const child = spawn('sleep', ['60'])
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('exit', (_, signal) => {
        resolve(signal)
      })
    )
    const journal = new Journal(temp, id)
    journal.child(child.pid ?? 0)
    // The same pid with another start time is another process.
    writeFileSync(join(runDirectory(temp, id), `child-${process.pid}-1`), '')
    expect(endChildren(temp, id)).toBe(1)
    expect(await ended).toBe('SIGKILL')
  })
})

describe('isRunId', () => {
  it.each(['', '*', '../x', `${id}x`, id.toUpperCase().replace('1', 'G')])('refuses %p', (text) => {
    expect(isRunId(text)).toBe(false)
  })
  it('takes a UUID', () => {
    expect(isRunId(id)).toBe(true)
  })
})
