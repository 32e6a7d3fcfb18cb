/**
 * The output of the program under check, as `docker start --attach` passes it on. The container has no log on the
 * engine's disk (`--log-driver none`), so these bytes are there once: they are searched as they flow, and kept in memory
 * for the secrets that are only discovered later.
 */
import type { Readable } from 'node:stream'
import type { Exit } from '../docker/cli.js'
import type { Coverage, Hit } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
import { coverageRow } from './engine-context.js'
import { OutputStream, type Budget } from './engine-output.js'

const BUDGET_BYTES = 32 * 1024 * 1024

export interface OutputEnd {
  /** How `docker start --attach` ended; null while it has not. */
  exit: Exit | null
  /** Whether the container was still running then. */
  running: boolean
  /** Exit code of the container, which the client repeats; null: not known. */
  exitCode: number | null
}

export interface OutputScan {
  hits: Hit[]
  coverage: Coverage
}

type Name = 'stdout' | 'stderr'

/** Takes in stdout and stderr of the attached client. With a terminal (`--tty`) all output comes on stdout. */
export class OutputCapture {
  /** Time spent on the output, not waiting for it. */
  #spentMs = 0
  readonly #streams: Record<Name, OutputStream>
  readonly #budgetBytes: number
  readonly #open = new Set<Name>()
  #lastByteAt = performance.now()
  /** Whether secrets became known when part of the output was already let go. */
  #missed = false
  #broken = false

  /** `budgetBytes`: what may be kept in memory of both streams together. */
  constructor(matcher: Matcher, budgetBytes = BUDGET_BYTES) {
    const budget: Budget = { left: budgetBytes }
    this.#budgetBytes = budgetBytes
    this.#streams = { stdout: new OutputStream(matcher, budget), stderr: new OutputStream(matcher, budget) }
  }

  /** Starts reading; call it as soon as the client is started. */
  attach(stdout: Readable, stderr: Readable): void {
    this.#read('stdout', stdout)
    this.#read('stderr', stderr)
  }

  /** Searches for more needles too: those of `matcher` replace all earlier ones, in the past output and what follows. */
  extend(matcher: Matcher): void {
    for (const stream of this.#all()) {
      if (!stream.extend(matcher)) this.#missed = true
    }
  }

  /** Milliseconds since the last byte came, or since the start when none has. */
  quietSince(): number {
    return performance.now() - this.#lastByteAt
  }

  /** Whether one of the streams has said `text`. Ask once early: it is then looked for as the output flows. */
  contains(text: string): boolean {
    return this.#all()
      .map((stream) => stream.contains(text))
      .includes(true)
  }

  /**
   * The last `count` lines that are not empty, stderr's behind stdout's. `redact` gets the whole text, so that a secret
   * of several lines is recognised; `escape` makes one line printable.
   */
  lastLines(count: number, redact: (text: string) => string, escape: (line: string) => string): string[] {
    const [stdout, stderr] = this.#all().map((stream) =>
      redact(stream.end().toString())
        .split(/[\r\n]+/)
        .filter((line) => line.trim() !== '')
        .map((line) => escape(line))
    )
    return [...(stdout ?? []), ...(stderr ?? []).slice(-count)].slice(-count)
  }

  /** What was found, and whether all of the output was seen. Call it when the client has ended. */
  finish(end: OutputEnd): OutputScan {
    const hits = (['stdout', 'stderr'] as const).flatMap((name) =>
      this.#streams[name].matches().map(({ secret, form, line }): Hit => ({
        secret,
        form,
        view: 'engine',
        location: { kind: 'log', stream: name, line }
      }))
    )
    const reason = this.#shortfall(end)
    const sum = (of: (stream: OutputStream) => number): number =>
      this.#all().reduce((total, each) => total + of(each), 0)
    const counted = {
      items: sum((stream) => stream.lines),
      bytes: sum((stream) => stream.bytes),
      startedAt: performance.now() - this.#spentMs
    }
    const state = reason === null ? 'complete' : 'partial'
    return { hits, coverage: coverageRow({ source: 'logs', view: 'engine' }, counted, { state, reason }) }
  }

  #all(): OutputStream[] {
    return [this.#streams.stdout, this.#streams.stderr]
  }

  #read(name: Name, source: Readable): void {
    this.#open.add(name)
    source.on('data', (chunk: Buffer) => {
      this.#lastByteAt = performance.now()
      this.#streams[name].push(chunk)
      this.#spentMs += performance.now() - this.#lastByteAt
    })
    source.once('end', () => this.#open.delete(name))
    source.once('error', () => {
      this.#broken = true
    })
  }

  /** Why part of the output may not have been seen; null when all of it was. */
  #shortfall(end: OutputEnd): string | null {
    const { exit, running, exitCode } = end
    if (exit === null) return 'the output was still flowing when it was judged'
    if (running) return `docker start --attach ended early (${exit.reason ?? 'exit code 0'}) while the program ran on`
    if (exit.code === null) return `docker start --attach was cut short: ${exit.reason ?? 'unknown'}`
    if (exitCode !== null && exit.code !== exitCode) {
      return `docker start --attach ended with exit code ${exit.code}, the program with ${exitCode}: part of the output may be missing`
    }
    if (this.#broken || this.#open.size > 0) return 'the output could not be read to its end'
    if (this.#missed) {
      return `the program wrote more than ${this.#budgetBytes / 1024 / 1024} MiB; for discovered secrets only what was kept could be searched (write less to stdout and stderr, or set discover: false)`
    }
    return null
  }
}
