import { describe, expect, it } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { between, generated, inputTables, outputTable } from '../script/docs.mjs'
import { OUTPUTS } from '../src/inputs/outputs.js'
import { GROUPS } from '../src/inputs/spec.js'
import { INPUTS } from '../src/inputs/table.js'
import { envOf, makeWorkspace, TODAY } from './inputs/helpers.js'
import { readInputs } from '../src/inputs/read.js'

const readme = readFileSync('README.md', 'utf8')

/** What `with:` of every step that uses the action says, in one document. */
function uses(text: string): Record<string, string>[] {
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '')
  return blocks.flatMap((block) => {
    const steps = block.split(/uses: org\/tmpfs-check@/).slice(1)
    return steps.map((step) => inputsOf(step.split('\n')))
  })
}

/** Plain scalars and `|` blocks, which is all that the README uses. */
function inputsOf(lines: string[]): Record<string, string> {
  const start = lines.findIndex((line) => /^\s*with:$/.test(line))
  const indent = (line: string): number => line.length - line.trimStart().length
  const inputs: Record<string, string> = {}
  let name = ''
  for (const line of lines.slice(start + 1)) {
    const outside = line.trim() === '' || indent(line) <= indent(lines[start] ?? '')
    if (outside) break
    const key = /^\s*([a-z-]+): (.*)$/.exec(line)
    if (key && (name === '' || indent(line) === indent(lines[start] ?? '') + 2)) {
      name = key[1] ?? ''
      inputs[name] = key[2] === '|' ? '' : (key[2] ?? '').replaceAll(/\$\{\{.*?\}\}/g, 'an example value')
    } else {
      inputs[name] = `${inputs[name] ?? ''}${line.trim().replaceAll(/\$\{\{.*?\}\}/g, 'an example value')}\n`
    }
  }
  return inputs
}

describe('the README', () => {
  it('has the generated tables: npm run docs writes them', () => {
    expect(readme).toContain(inputTables(INPUTS, GROUPS))
    expect(readme).toContain(outputTable(OUTPUTS))
    expect(generated({ INPUTS, GROUPS, OUTPUTS })['README.md']).toBe(readme)
  })

  it('lists every input once', () => {
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1])
    expect(rows).toEqual([
      ...GROUPS.flatMap((group) =>
        Object.entries(INPUTS).flatMap(([name, spec]) => (spec.group === group ? [name] : []))
      ),
      ...Object.keys(OUTPUTS)
    ])
  })

  it('has at most 900 words besides tables', () => {
    const words = readme
      .split('\n')
      .filter((line) => !line.startsWith('|'))
      .join(' ')
      .split(/\s+/)
    expect(words.length).toBeLessThanOrEqual(900)
  })

  it('shows only steps that the action takes', () => {
    const steps = uses(readme)
    expect(steps.length).toBeGreaterThanOrEqual(7)
    for (const step of steps) {
      expect(Object.keys(step)).not.toEqual([])
      const workspace = makeWorkspace()
      const env = { GITHUB_WORKSPACE: workspace, TLS_KEY: 'an example value' }
      expect(() => readInputs(envOf(step, env), TODAY)).not.toThrow()
    }
  })

  it('gates on pass only', () => {
    const gates = [...readme.matchAll(/outcome\s*(==|!=)\s*'(\w+)'/g)].map((match) => match.slice(1))
    expect(gates.length).toBeGreaterThan(0)
    for (const gate of gates) expect(gate).toEqual(['==', 'pass'])
  })
})

describe('documents', () => {
  const own = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'docs/limits.md', 'docs/troubleshooting.md']

  it.each(own)('%s links only to what is there', (file) => {
    const text = readFileSync(file, 'utf8')
    const targets = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '')
    expect(targets.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([])
  })

  it('says where the markers are missing', () => {
    expect(() => between('text', 'inputs', 'body')).toThrow('<!-- inputs -->')
    expect(between('a\n<!-- x -->\nold\n<!-- /x -->\nb', 'x', 'new')).toBe('a\n<!-- x -->\nnew\n<!-- /x -->\nb')
  })
})
