/**
 * A docker client that stands before the real one on PATH: it notes what it is asked for, and does one thing wrong, on
 * purpose.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunOptions } from './run.js'

/** A shell fragment by subcommand; `"$real" "$@"` is the real client. What is not named goes to it unchanged. */
export type Faults = Readonly<Record<string, string>>

/** Ways in which an answer can be wrong. */
export const FAULT = {
  fails: 'exit 1',
  empty: 'exit 0',
  /** Half of an answer; of a long one (an archive) the first 20000 bytes. */
  truncated:
    'file=$(mktemp); "$real" "$@" >"$file"; s=$(stat -c %s "$file"); head -c $((s > 40000 ? 20000 : s / 2)) "$file"; rm "$file"; exit 0',
  /** What the client does when its deadline has come: see timeout(1). */
  late: 'exit 124',
  killed: '"$real" "$@" | head -c 20000; kill -9 $$',
  hangs: 'exec sleep 3600'
} as const

export class FakeDocker {
  readonly #folder: string

  constructor(folder: string, faults: Faults = {}) {
    this.#folder = join(folder, 'fake-docker')
    mkdirSync(this.#folder, { recursive: true })
    const real = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim()
    const cases = Object.entries(faults).map(([name, fragment]) => `  ${name}) ${fragment} ;;`)
    const script = [
      '#!/bin/sh',
      `real='${real}'`,
      // Only what is asked for: arguments may hold what a test plants.
      `printf '%s\\n' "$1" >>'${this.#folder}/asked'`,
      'case "$1" in',
      ...cases,
      'esac',
      'exec "$real" "$@"',
      ''
    ]
    const path = join(this.#folder, 'docker')
    writeFileSync(path, script.join('\n'))
    chmodSync(path, 0o755)
    chmodSync(this.#folder, 0o777)
  }

  /** The environment of a step that finds this docker first. */
  env(): Record<string, string> {
    return { PATH: `${this.#folder}:${process.env['PATH'] ?? '/usr/bin:/bin'}` }
  }

  /** The subcommands that were asked for, in their order. */
  asked(): string[] {
    const file = join(this.#folder, 'asked')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  }

  /** Resolves when the subcommand has been asked for; rejects after a minute. */
  async askedFor(subcommand: string): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (this.asked().includes(subcommand)) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`docker ${subcommand} was never asked for, only ${[...new Set(this.asked())].join(', ')}`)
  }
}

/** Puts a docker with these faults before the real one. */
export function withFaults(options: RunOptions, faults: Faults): FakeDocker {
  const fake = new FakeDocker(options.workspace.bind, faults)
  options.env = { ...options.env, ...fake.env() }
  return fake
}
