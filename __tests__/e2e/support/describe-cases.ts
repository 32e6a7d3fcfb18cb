/** Makes the tests of all cases on one engine. */
import { describe, expect, test } from '@jest/globals'
import { allRows, type Access } from './case.js'
import { engine, type EngineName } from './engines.js'
import { differences, expectation, isPlayed, play, type Play } from './play.js'

const VIEWS: Record<Access, string> = { auto: 'host view', none: 'engine and inside view' }

/**
 * A test a case and view with the secret planted, and one with its neighbour planted, which must pass. The neighbours take
 * turns between the views: what is no secret is told apart by the same code in both.
 */
export function describeCases(name: EngineName): void {
  const rows = allRows()
  for (const access of ['auto', 'none'] as const) {
    describe(`${name} store, ${VIEWS[access]}`, () => {
      for (const [index, row] of rows.entries()) {
        const what = { row, engine: engine(name), access }
        if (!isPlayed(row.test, what.engine, access)) continue
        proves(`${row.test.name}: ${expectation(what).outcome}`, what)
        if (row.test.near !== null && isTurn(row.test.access, access, index)) {
          proves(`${row.test.name}, one byte differs: ${expectation({ ...what, near: true }).outcome}`, {
            ...what,
            near: true
          })
        }
      }
    })
  }
}

function isTurn(views: readonly Access[] | undefined, access: Access, index: number): boolean {
  return views?.length === 1 || (index % 2 === 0) === (access === 'auto')
}

function proves(title: string, what: Play): void {
  test.concurrent(title, async () => {
    expect(differences(await play(what), expectation(what))).toEqual([])
  })
}
