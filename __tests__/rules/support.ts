import type { Evidence, Finding } from '../../src/evidence.js'
import { RULES } from '../../src/rules/index.js'

/** What one rule says of the evidence. */
export function judge(slug: string, of: Evidence): Finding[] {
  const rule = RULES.find((each) => each.slug === slug)
  if (rule === undefined) throw new RangeError(`there is no rule ${slug}`)
  return rule.judge(of)
}

/** A case of a rule: what it says of the evidence, by severity and by what the message holds. */
export interface Case {
  name: string
  evidence: Evidence
  /** Empty: nothing. */
  expected: { severity: Finding['severity']; message: RegExp }[]
}
