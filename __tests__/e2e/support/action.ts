/** Starts the built action as a runner does: main, and later post. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsOf, entriesOf } from './commands.js'
import { plainEnvironment, REPOSITORY, type Engine } from './engines.js'
import type { Workspace } from './workspace.js'

/** Another build can be tested by the variable E2E_DIST. */
export const DIST = process.env['E2E_DIST'] ?? join(REPOSITORY, 'dist')

export interface ActionOptions {
  engine: Engine
  workspace: Workspace
  inputs: Record<string, string>
  /** Further variables of the step. */
  env?: Record<string, string>
  /** Another copy of dist. */
  dist?: string
  /** Run it as this user, where we are root. */
  uid?: number
  /** GITHUB_ACTIONS=true, as on a runner: masks are printed then. */
  onRunner?: boolean
}

/** The project's own Node.js, for the machine's may be older than what the action runs on. */
function node(): string {
  const own = join(REPOSITORY, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  return existsSync(own) ? own : process.execPath
}

const FILES = {
  GITHUB_OUTPUT: 'output',
  GITHUB_STATE: 'state',
  GITHUB_STEP_SUMMARY: 'summary.md',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path'
}

/** A step that runs. */
export class Action {
  /** Every process of it has this in its environment, as E2E_RUN. */
  readonly mark = randomUUID()
  readonly debug: boolean
  stdout = ''
  stderr = ''
  readonly #options: ActionOptions
  readonly #env: Record<string, string>
  /** Whether main or post runs. */
  running = false
  #child: ChildProcess | null = null
  static #count = 0

  constructor(options: ActionOptions) {
    this.#options = options
    // Every other run as with "enable debug logging".
    this.debug = Action.#count++ % 2 === 1
    const { workspace, engine } = options
    const files = Object.entries(FILES).map(([name, file]) => [name, join(workspace.root, 'runner', file)] as const)
    for (const [, path] of files) {
      writeFileSync(path, '')
      chmodSync(path, 0o666)
    }
    const inputs = Object.entries(options.inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value
    ])
    this.#env = {
      ...plainEnvironment(engine),
      ...(Object.fromEntries([...files, ...inputs]) as Record<string, string>),
      GITHUB_WORKSPACE: workspace.path,
      GITHUB_ACTION: 'tmpfs-check',
      RUNNER_TEMP: workspace.temp,
      TMPDIR: workspace.tmp,
      E2E_RUN: this.mark,
      ...(this.debug ? { RUNNER_DEBUG: '1' } : {}),
      ...(options.onRunner === true ? { GITHUB_ACTIONS: 'true' } : {}),
      ...options.env
    }
  }

  /** Runs main; resolves with its exit code, 128 + n for signal n. */
  main(): Promise<number> {
    return this.#run('index.js', {})
  }

  /** Runs post with the state that main saved. */
  post(): Promise<number> {
    const state = Object.entries(entriesOf(this.file('state'))).map(([name, value]) => [`STATE_${name}`, value])
    return this.#run('post/index.js', Object.fromEntries(state) as Record<string, string>)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** The content of one of the files that the runner gave: output, state, summary.md. */
  file(name: string): string {
    const path = join(this.#options.workspace.root, 'runner', name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  /** The run's ID; empty as long as it has not been saved. */
  runId(): string {
    return entriesOf(this.file('state'))['run'] ?? ''
  }

  /** What was printed, without the requests to mask: on a runner these hold the very values, and are not shown. */
  printed(): string {
    const text = this.stdout + this.stderr
    return this.#options.onRunner === true ? text.replaceAll(/^::add-mask::.*$/gm, '') : text
  }

  commands(): ReturnType<typeof commandsOf> {
    return commandsOf(this.stdout)
  }

  #run(program: string, more: Record<string, string>): Promise<number> {
    const { dist = DIST, workspace, uid } = this.#options
    const child = spawn(node(), [join(dist, program)], {
      cwd: workspace.path,
      env: { ...this.#env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid })
    })
    this.#child = child
    this.running = true
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        this.running = false
        resolve(code ?? 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal as string] ?? 0))
      })
    })
  }
}
