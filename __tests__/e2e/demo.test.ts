/** The examples, as people see them, and the fixed one with one thing changed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { engine, ENGINE_NAMES, REPOSITORY } from './support/engines.js'
import { runAction, type Finding, type RunOptions, type RunResult } from './support/run.js'
import { withRun } from './support/simple.js'
import { plant } from './support/workspace.js'

const LEAKING = {
  context: 'examples/microservice',
  tmpfs: 'type=tmpfs,dst=/app/tmp,tmpfs-size=16k,tmpfs-mode=1770'
}
const FIXED = {
  context: 'examples/microservice-fixed',
  tmpfs: '/app/tmp:size=16k,mode=0700,uid=1000,gid=1000',
  secrets: 'db_password',
  'expect-files': 'pgpass',
  'read-only': 'true',
  memory: '128m'
}

function errors(result: RunResult): Finding[] {
  return (result.report?.findings ?? []).filter((finding) => finding.severity === 'error')
}

/** runc before 1.1.8 gives a tmpfs the mode of the image's directory (opencontainers/runc#3911). */
function keepsDirectoryMode(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+~-]/).map(Number)
  return major * 1e6 + minor * 1e3 + patch < 1_001_008
}

/** The 1-based line of a file of the repository that holds the text. */
function lineOf(file: string, text: string): number {
  return (
    readFileSync(join(REPOSITORY, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  )
}

for (const name of ENGINE_NAMES) {
  describe(`examples, ${name} store`, () => {
    test('microservice: fail, on the literal in the source file', async () => {
      const setting = { engine: engine(name), inputs: LEAKING, example: 'microservice' }
      const result = await withRun(setting, (options) => runAction({ ...options, secrets: [record()] }))
      expect(result.exitCode).not.toBe(0)
      expect(result.outputs['outcome']).toBe('fail')
      const file = 'examples/microservice/service.py'
      const line = lineOf(file, 'CUSTOMER_RECORD =')
      const shown = result.annotations.filter((each) => each.name === 'error').map(({ properties }) => properties)
      expect(shown).toContainEqual(expect.objectContaining({ file, line: String(line) }))
      expect(errors(result)).toContainEqual(
        expect.objectContaining({
          rule: 'secret-in-layer',
          annotation: expect.objectContaining({ file, startLine: line })
        })
      )
      const runc = result.report?.engine.runcVersion ?? ''
      const mode = errors(result).filter((finding) => finding.rule === 'mount-mode')
      expect(mode).toHaveLength(keepsDirectoryMode(runc) ? 1 : 0)
      for (const { message } of mode) expect(message).toMatch(/1770.*0755.*runc/s)
      expect(new Set(errors(result).map(({ rule }) => rule))).toEqual(
        // With the mode of the directory (0755) the record is open to every user, although 1770 was asked for.
        new Set(['secret-in-layer', ...(mode.length > 0 ? ['mount-mode', 'secret-readable-by-others'] : [])])
      )
    })

    test('microservice-fixed: pass, with a table of every place', async () => {
      const setting = { engine: engine(name), inputs: FIXED, example: 'microservice-fixed' }
      const result = await withRun(setting, (options) => runAction(options))
      expect([result.exitCode, result.outputs['outcome'], errors(result)]).toEqual([0, 'pass', []])
      for (const place of result.report?.needed ?? []) {
        const rows = (result.report?.coverage ?? []).filter(({ source }) => source === place)
        expect([place, rows.some(({ state }) => state === 'complete')]).toEqual([place, true])
      }
      for (const place of ['layers', 'writable layer', 'processes', 'history']) {
        expect(result.summary.toLowerCase()).toContain(place)
      }
    })
  })
}

/** The record that the leaking example keeps. */
function record(): Buffer {
  const source = readFileSync(join(REPOSITORY, 'examples/microservice/service.py'), 'utf8')
  return Buffer.from(/CUSTOMER_RECORD = "(.*)"/.exec(source)?.[1] ?? '')
}

interface Change {
  title: string
  rules: string[]
  /** Beside these: the legacy builder prints the lines of the Dockerfile. */
  classic?: string[]
  make: (fixed: Fixed, secret: string) => void
  at?: Record<string, unknown>
}

/** The fixed example in a workspace, to change one thing in. */
class Fixed {
  readonly #options: RunOptions
  constructor(options: RunOptions) {
    this.#options = options
  }

  input(name: string, value: string): void {
    this.#options.inputs[name] = value
  }

  file(name: string, content: string): void {
    plant(this.#options.workspace, `${FIXED.context}/${name}`, content)
  }

  edit(name: string, from: string, to: string): void {
    const path = join(this.#options.workspace.path, FIXED.context, name)
    const content = readFileSync(path, 'utf8')
    if (!content.includes(from)) throw new Error(`${name} has no ${from}`)
    this.file(
      name,
      content.replace(from, () => to)
    )
  }

  /** A file that the Dockerfile can copy, and the lines that do. */
  baked(content: string, lines: string): void {
    this.file('baked.txt', content)
    this.edit('.dockerignore', '!service.py', '!service.py\n!baked.txt')
    this.edit('Dockerfile', 'USER', `${lines}\nUSER`)
  }
}

const CHANGES: Change[] = [
  {
    title: 'copied into /app',
    rules: ['secret-in-layer'],
    make: (fixed, secret) => {
      fixed.baked(`password=${secret}\n`, 'COPY baked.txt /app/')
    },
    at: { path: '/app/baked.txt', deleted: false }
  },
  {
    title: 'written beside the tmpfs',
    rules: ['secret-in-writable-layer'],
    make: (fixed) => {
      fixed.input('read-only', 'false')
      fixed.edit('service.py', '    write_passfile', '    open("/tmp/copy", "w").write(password)\n    write_passfile')
    },
    at: { path: '/tmp/copy' }
  },
  {
    title: 'echoed',
    rules: ['secret-in-logs'],
    make: (fixed) => {
      fixed.edit('service.py', 'print("ready"', 'print("ready", password')
    },
    at: { stream: 'stdout' }
  },
  {
    title: 'in an ENV',
    rules: ['secret-in-image-config', 'secret-in-history'],
    classic: ['secret-in-build-log'],
    make: (fixed, secret) => {
      fixed.edit('Dockerfile', 'USER', `ENV DB_PASSWORD=${secret}\nUSER`)
    }
  },
  {
    title: 'deleted in a later layer',
    rules: ['secret-in-layer'],
    make: (fixed, secret) => {
      fixed.baked(`password=${secret}\n`, 'COPY baked.txt /app/\nRUN rm /app/baked.txt')
    },
    at: { path: '/app/baked.txt', deleted: true }
  },
  {
    title: 'as base64 in a file',
    rules: ['secret-in-layer'],
    make: (fixed, secret) => {
      fixed.baked(Buffer.from(`password=${secret}`).toString('base64'), 'COPY baked.txt /app/')
    },
    at: { path: '/app/baked.txt' }
  },
  {
    title: 'passed by -e',
    rules: ['secret-in-container-config'],
    make: (fixed, secret) => {
      fixed.input('env', `DB_PASSWORD=${secret}`)
    }
  }
]

for (const name of ENGINE_NAMES) {
  describe(`microservice-fixed with one thing changed, ${name} store`, () => {
    for (const change of CHANGES) {
      test.concurrent(`${change.title}: ${change.rules.join(', ')}`, async () => {
        const setting = { engine: engine(name), inputs: FIXED, example: 'microservice-fixed' }
        const result = await withRun(setting, (options, secret) => {
          options.inputs['secrets'] = `db_password=${secret.value.toString()}`
          change.make(new Fixed(options), secret.value.toString())
          return runAction(options)
        })
        const rules = [...change.rules, ...(name === 'classic' ? (change.classic ?? []) : [])]
        expect(result.outputs['outcome']).toBe('fail')
        expect([...new Set(errors(result).map(({ rule }) => rule))].sort()).toEqual(rules.sort())
        if (change.at !== undefined) expect(errors(result)[0]?.location).toMatchObject(change.at)
      })
    }
  })
}
