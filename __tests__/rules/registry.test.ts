import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { INPUTS } from '../../src/inputs/table.js'
import { RULE_NAMES } from '../../src/inputs/rule-names.js'
import { renderRulesDoc } from '../../src/rules/doc.js'
import { RULES, registry, runRules } from '../../src/rules/index.js'
import { anyEvidence } from '../fixtures/any-evidence.js'

describe('the registry of rules', () => {
  it('has the rules of the contract, in the order of the report', () => {
    expect(RULES.map(({ slug }) => slug)).toEqual([...RULE_NAMES])
  })

  it('refuses a second rule of one slug, loudly', () => {
    expect(() => registry([...RULES, ...RULES.slice(3, 4)])).toThrow(/two rules have the slug mount-mode/)
  })

  it.each(RULES.map((rule) => [rule.slug, rule] as const))('%s has its words, in a file of its name', (slug, rule) => {
    for (const text of [rule.title, rule.says, rule.why, rule.limits]) expect(text.length).toBeGreaterThan(10)
    expect(rule.says).toMatch(/\.$/)
    expect(rule.severities.length).toBeGreaterThan(0)
    expect(Object.values(rule.how).join('').length).toBeGreaterThan(10)
    expect(rule.fix).toMatch(/```(yaml|dockerfile)\n/)
    expect(existsSync(`src/rules/${slug}.ts`)).toBe(true)
  })

  it('offers no input that there is not', () => {
    const known = Object.keys(INPUTS)
    for (const { slug, fix } of RULES) {
      const blocks = [...fix.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, lines]) => lines ?? '')
      const keys = blocks.flatMap((lines) => [...lines.matchAll(/^([\w-]+):/gm)].map(([, key]) => key))
      for (const key of keys)
        expect({ slug, key, known: known.includes(key ?? '') }).toEqual({ slug, key, known: true })
    }
  })
})

describe('the lines to paste of any finding', () => {
  it('are comments, inputs that there are with what belongs to them, or instructions of a Dockerfile', () => {
    const known = Object.keys(INPUTS).join('|')
    const line = new RegExp(`^(#|  |(${known}):( |$)|(RUN|CMD|FROM) )`)
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        for (const { fix } of runRules(evidence)) for (const each of fix.split('\n')) expect(each).toMatch(line)
      }),
      { numRuns: 200 }
    )
  })
})

describe('docs/rules.md', () => {
  const committed = readFileSync('docs/rules.md', 'utf8')

  it('is what the rules say: node script/docs-rules.mjs writes it', () => {
    expect(committed).toBe(renderRulesDoc())
  })

  it('has a heading for each rule and no other', () => {
    expect([...committed.matchAll(/^## (.+)$/gm)].map(([, slug]) => slug)).toEqual([...RULE_NAMES])
  })
})
