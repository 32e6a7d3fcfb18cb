/** What was seen of the running container, gathered step by step. Secret-free but for paths, which are redacted later. */
import type { ContainerFact, Coverage, Hit, MemoryFile, SourceName, SwapFact, View } from '../evidence.js'
import type { Exit } from '../docker/cli.js'
import type { ContainerJson } from '../docker/parse.js'
import { redact, escapeForeign } from '../scan/redact.js'
import type { OutputCapture } from '../sources/engine-logs.js'
import type { RunContext } from './context.js'
import type { InsideSight, MountSight, OwnUser, Sight } from './looker.js'

/** Sources that need the program to be there. */
const LIVE_SOURCES: readonly SourceName[] = ['mounts', 'memory', 'other-memory', 'processes']
const LAST_LINES = 10

export class LiveSight {
  readonly hits: Hit[] = []
  droppedHits = 0
  readonly coverage: Coverage[] = []
  mountSight: MountSight | null = null
  insideSight: InsideSight | null = null
  ownUsers = new Map<string, OwnUser | null>()
  memoryFiles: MemoryFile[] = []
  missingFiles: string[] = []
  plainParts = 0
  swap: SwapFact | null = null
  controlFound: boolean | null = null
  /** The container at the end, for what the engine keeps of it. */
  container: ContainerJson | null = null
  /** Whether it was running when it was about to be looked at. */
  running = true
  lastLines: string[] = []
  #waitReason: string | null = null
  #seen: ContainerJson | null = null

  add(sight: Sight): void {
    // One by one: spreading a long list overflows the stack.
    for (const hit of sight.hits) this.hits.push(hit)
    this.droppedHits += sight.droppedHits
    this.coverage.push(...sight.coverage)
  }

  /** It had ended when it was first looked at. */
  ended(container: ContainerJson): void {
    this.running = false
    this.#seen = container
    this.#waitReason = 'it ended first'
  }

  /** How the wait ended; `reason` null: ready. */
  waited(container: ContainerJson, reason: string | null): void {
    this.#seen = container
    this.#waitReason = reason
    this.running = container.State.Running
  }

  /** Every live source without a complete look, or after it became doubtful, failed. */
  couldNotLook(reason: string): void {
    for (const source of LIVE_SOURCES) {
      const rows = this.coverage.filter((row) => row.source === source)
      if (rows.length === 0) this.failed(source, reason)
      for (const row of rows) {
        row.state = 'failed'
        row.reason = reason
      }
    }
  }

  failed(source: SourceName, reason: string, view: View = 'engine'): void {
    this.coverage.push({ source, view, state: 'failed', items: 0, bytes: 0, durationMs: 0, reason })
  }

  /** After the stop: the output is complete, and what the engine says about the container is final. */
  stopped(
    context: RunContext,
    end: { started: { output: OutputCapture }; container: ContainerJson | null; exit: Exit }
  ): void {
    const { output } = end.started
    this.container = end.container
    const log = output.finish({
      exit: end.exit,
      running: end.container?.State.Running ?? false,
      exitCode: end.container?.State.ExitCode ?? null
    })
    this.hits.push(...log.hits)
    this.coverage.push(log.coverage)
    const matcher = context.registry.matcher()
    this.lastLines = output.lastLines(
      LAST_LINES,
      (text) => redact(text, matcher),
      (line) => escapeForeign(line)
    )
  }

  /** The container's part of the evidence. */
  fact(context: RunContext, uid: number | null): ContainerFact | null {
    const container = this.container ?? this.#seen
    if (container === null) return null
    return {
      id: container.Id,
      state: this.running ? 'running' : 'exited',
      // It had ended by itself, so the stop changed nothing.
      exitCode: this.running ? null : container.State.ExitCode,
      oomKilled: container.State.OOMKilled,
      ready: this.#waitReason === null,
      readyReason: this.#waitReason,
      uid,
      readOnlyRoot: container.HostConfig.ReadonlyRootfs === true,
      writableDiskMounts: container.Mounts.filter((mount) => mount.RW && mount.Type !== 'tmpfs').map((mount) =>
        context.session.clean(mount.Destination)
      ),
      lastLines: this.lastLines
    }
  }
}
