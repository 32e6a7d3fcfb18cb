import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { actionYml, defaultOf } from '../script/docs.mjs'
import { OUTPUTS } from '../src/inputs/outputs.js'
import { Field, Problems } from '../src/inputs/problems.js'
import { GROUPS, type InputSpec } from '../src/inputs/spec.js'
import { INPUTS, NOT_SERVED } from '../src/inputs/table.js'

const text = readFileSync('action.yml', 'utf8')
const specs: [string, InputSpec<unknown>][] = Object.entries(INPUTS)

/** Keys of one top-level mapping, read without the code that wrote it. */
function keysOf(section: string): string[] {
  const body = new RegExp(`^${section}:\\n((?: .*\\n)+)`, 'm').exec(text)?.[1] ?? ''
  return body.split('\n').flatMap((line) => /^ {2}([a-z-]+):/.exec(line)?.[1] ?? [])
}

describe('action.yml', () => {
  it('has exactly the inputs and outputs of the tables', () => {
    expect(keysOf('inputs')).toEqual(Object.keys(INPUTS))
    expect(keysOf('outputs')).toEqual(Object.keys(OUTPUTS))
  })

  it('is what script/docs.mjs writes', () => {
    expect(text).toBe(actionYml(INPUTS, OUTPUTS))
  })

  it('runs on node24, cleans up always, and has no default: the runner would pass one like a given value', () => {
    expect(text).toMatch(
      /^ {2}using: node24\n {2}main: dist\/index\.js\n {2}post: dist\/post\/index\.js\n {2}post-if: always\(\)$/m
    )
    expect(text).toMatch(/^branding:\n {2}icon: lock\n {2}color: green$/m)
    expect(text).not.toMatch(/^\s*default:/m)
    expect(text).not.toContain('\t')
  })
})

describe('the table of inputs', () => {
  it.each(specs)('%s is described, in a group, with its default', (name, spec) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(spec.description).toMatch(/^[`A-Z].*\.$/)
    expect(spec.description).not.toMatch(/\s{2}|\n/)
    expect(GROUPS).toContain(spec.group)
    expect(spec.default === undefined || spec.otherwise === undefined).toBe(true)
    expect(defaultOf(spec)).not.toMatch(/\.$|\n/)
  })

  it.each(specs.filter(([, spec]) => spec.default !== undefined))('%s takes its own default', (name, spec) => {
    const problems = new Problems()
    const value = spec.parse(spec.default ?? '', new Field(name, { problems, sensitive: false }))
    expect(problems.problems).toEqual([])
    expect(value).not.toBeNull()
  })

  it('has none of those that are not served', () => {
    expect(NOT_SERVED.filter((name) => Object.hasOwn(INPUTS, name))).toEqual([])
  })
})
