/** Runs a table of cases of one rule. */
import { describe, expect, it } from '@jest/globals'
import { judge, type Case } from './support.js'

export function describeRule(slug: string, cases: readonly Case[]): void {
  describe(slug, () => {
    for (const { name, evidence, expected } of cases) {
      it(name, () => {
        const findings = judge(slug, evidence)
        expect(findings.map(({ severity }) => severity)).toEqual(expected.map(({ severity }) => severity))
        expected.forEach(({ message }, index) => {
          expect(findings[index]?.message).toMatch(message)
        })
        for (const finding of findings) {
          expect(finding).toMatchObject({ rule: slug, ignored: false })
          expect(finding.fix).not.toBe('')
        }
      })
    }
  })
}
