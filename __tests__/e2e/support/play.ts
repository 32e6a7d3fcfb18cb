/** Plays one case: plants a secret, runs the action on it, and compares what it found. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DIST, type Action } from './action.js'
import type { Access, Case, Expectation, Expected, Row } from './case.js'
import { docker, dockerLines, type Engine } from './engines.js'
import { encode } from './forms.js'
import { build, importImage, once } from './prepare.js'
import { cook } from './recipes.js'
import { runAction, type Finding, type RunOptions, type RunResult } from './run.js'
import { makeSecret, type TestSecret } from './secrets.js'
import {
  fill,
  fillText,
  makeWorkspace,
  plant,
  plantFolder,
  plantLink,
  removeWorkspace,
  type Workspace
} from './workspace.js'

export interface Play {
  row: Row
  engine: Engine
  access: Access
  /** Plant the neighbour of the secret instead of the secret. */
  near?: boolean
  /** What differs from an ordinary run. */
  change?: (options: RunOptions) => void | Promise<void>
}

const TMPFS = '/app/tmp:size=64k,mode=1777'

/** A case made ready: its workspace, and how to run it. */
export class Stage {
  readonly workspace: Workspace = makeWorkspace()
  readonly secret: TestSecret
  readonly #play: Play
  readonly #planted: Buffer
  readonly #id = randomBytes(6).toString('hex')
  readonly #tags: string[] = []

  constructor(play: Play) {
    this.#play = play
    this.secret = makeSecret(play.row.test.secret ?? 'plain')
    this.#planted = play.near === true ? this.secret.near : this.secret.value
  }

  /** Writes the context and makes the images that it builds on. */
  async set(): Promise<RunOptions> {
    const { row, engine, access, change } = this.#play
    const { test } = row
    plantFolder(this.workspace, test.folder, (name, content) => (name === 'case.json' ? null : this.#fill(content)))
    for (const [name, recipe] of Object.entries(test.files ?? {})) await this.#make(this.#text(name), recipe)
    for (const each of test.prepare ?? []) {
      const tag = this.#text(each.tag)
      // Without the run's own ID in its name it serves the next run too.
      if (tag.includes(this.#id)) this.#tags.push(tag)
      await once(engine, tag, async () => {
        if (each.build !== undefined) return build(engine, join(this.workspace.path, each.build), tag)
        return importImage(engine, await cook(each.import ?? [], this.#planted), tag)
      })
    }
    const inputs = { ...this.#inputs(), 'host-access': access }
    const options: RunOptions = { engine, workspace: this.workspace, inputs, secrets: [this.secret.value], dist: DIST }
    if (this.#kind() !== 'plain') options.env = { E2E_SECRET: this.secret.value.toString('utf8') }
    if (test.copyIn !== undefined) options.during = (action) => this.#copyIn(action)
    if (test.volumes === true) options.volumes = { keep: [] }
    await change?.(options)
    return options
  }

  /** Takes away what {@link set} made. */
  async strike(): Promise<void> {
    removeWorkspace(this.workspace)
    for (const tag of this.#tags) await docker(this.#play.engine, 'rmi', '--force', tag)
  }

  #kind(): string {
    return this.#play.row.test.secret ?? 'plain'
  }

  #inputs(): Record<string, string> {
    const declared: Record<string, string> =
      this.#kind() === 'plain'
        ? { secrets: `token=${this.secret.value.toString('utf8')}` }
        : { 'secret-envs': 'token=E2E_SECRET' }
    const given = Object.entries(this.#play.row.test.inputs ?? {}).map(([name, value]) => [name, this.#text(value)])
    return { tmpfs: TMPFS, ...declared, ...(Object.fromEntries(given) as Record<string, string>) }
  }

  async #make(name: string, recipe: readonly string[]): Promise<void> {
    const link = recipe[0]?.startsWith('link:') === true ? recipe[0].slice(5) : null
    if (link === null) plant(this.workspace, name, await cook(recipe, this.#planted))
    else plantLink(this.workspace, name, this.#text(link))
  }

  #fill(content: Buffer): Buffer {
    return fill(content, (name) => this.#value(name))
  }

  #text(template: string): string {
    return fillText(template, (name) => this.#value(name))
  }

  #value(name: string): Buffer {
    const own: Record<string, string> = { ...this.#play.row.values, id: this.#id, bind: this.workspace.bind }
    const value = Object.hasOwn(own, name) ? own[name] : undefined
    return value === undefined ? encode(name, this.#planted) : this.#fill(Buffer.from(value))
  }

  /** `docker cp` into the container of the run, as soon as it runs. */
  async #copyIn(action: Action): Promise<void> {
    const { engine, row } = this.#play
    const [from = '', to = ''] = row.test.copyIn ?? []
    for (let tries = 0; tries < 300; tries++) {
      const filter = ['--filter', `label=tmpfs-check.run=${action.runId()}`, '--filter', 'status=running']
      const [container] = action.runId() === '' ? [] : await dockerLines(engine, 'ps', '--quiet', ...filter)
      if (container !== undefined) {
        await docker(engine, 'cp', join(this.workspace.path, from), `${container}:${to}`)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('the container never ran')
  }
}

/** Plays a case and returns what the action answered. */
export async function play(what: Play): Promise<RunResult> {
  const stage = new Stage(what)
  try {
    return await runAction(await stage.set())
  } finally {
    await stage.strike()
  }
}

/** What must come of a play. */
export function expectation({ row: { test }, engine, access, near }: Play): Expectation {
  if (near === true) return test.near ?? { outcome: 'pass', errors: [] }
  const expected = access === 'none' ? (test.expectWithout ?? test.expect) : test.expect
  const errors = (expected.errors ?? []).filter(({ engines = [engine.name] }) => engines.includes(engine.name))
  return { ...expected, errors }
}

/** Whether a case has a run of that kind. */
export function isPlayed(test: Case, engine: Engine, access: Access): boolean {
  return (test.engines ?? [engine.name]).includes(engine.name) && (test.access ?? [access]).includes(access)
}

/** How the result differs from what must come; empty when it does not. */
export function differences(result: RunResult, expected: Expectation): string[] {
  const { report } = result
  if (report === null) return [`no report; exit code ${result.exitCode}\n${result.log}`]
  const found = report.findings.filter((finding) => !finding.ignored)
  const rules = (severity: string): string[] => [
    ...new Set(found.filter((finding) => finding.severity === severity).map((finding) => finding.rule))
  ]
  const open = rules('inconclusive').sort().join(', ')
  const wanted = [...(expected.inconclusive ?? [])].sort().join(', ')
  return [
    ...(report.outcome === expected.outcome ? [] : [`outcome is ${report.outcome}, not ${expected.outcome}`]),
    ...(result.outputs['outcome'] === report.outcome ? [] : ['the output outcome is not that of the report']),
    ...((result.exitCode === 0) === (expected.outcome === 'pass') ? [] : [`exit code ${result.exitCode}`]),
    ...errorDifferences(
      found.filter((finding) => finding.severity === 'error'),
      expected.errors ?? []
    ),
    ...(open === wanted ? [] : [`inconclusive by [${open}], not [${wanted}]:\n${told(found)}`]),
    ...(expected.warnings ?? []).filter((rule) => !rules('warning').includes(rule)).map((rule) => `no warning ${rule}`)
  ]
}

function told(findings: readonly Finding[]): string {
  return findings
    .filter((finding) => finding.severity === 'inconclusive')
    .map((finding) => `  ${finding.message}`)
    .join('\n')
}

function errorDifferences(found: readonly Finding[], expected: readonly Expected[]): string[] {
  const rest = [...found]
  const missing = expected.filter((each) => {
    const at = rest.findIndex((finding) => matches(finding, each))
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
  return [
    ...missing.map((each) => `missing: ${JSON.stringify(each)}`),
    ...rest.map(({ rule, form, location, annotation, message }) => {
      return `not expected: ${JSON.stringify({ rule, form, location, annotation, message })}`
    })
  ]
}

function matches(finding: Finding, { rule, form, at = {}, annotation }: Expected): boolean {
  const line = finding.annotation === null ? '' : `${finding.annotation.file}:${finding.annotation.startLine}`
  return (
    finding.rule === rule &&
    (form === undefined || finding.form === form || isListed(finding.message, form)) &&
    (annotation === undefined || line === annotation) &&
    Object.entries(at).every(([key, value]) => finding.location?.[key] === value)
  )
}

/** One finding tells all forms at a place: text in UTF-16 of the one kind is, a byte on, also of the other. */
function isListed(message: string, form: string): boolean {
  return message.includes(` and ${form})`) || message.includes(`, ${form},`) || message.includes(`, ${form} and `)
}
