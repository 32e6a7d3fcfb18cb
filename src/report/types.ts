/** What the renderers need beside Evidence and Verdict, and what they make. */
import type { IgnoreEntry } from '../evidence.js'

export interface Timing {
  stage: string
  ms: number
}

/** The run itself. */
export interface RunFacts {
  toolVersion: string
  /** ISO 8601, UTC. */
  startedAt: string
  durationMs: number
  timings: Timing[]
}

/** Where the checked commit can be seen: GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA. */
export interface Repository {
  serverUrl: string
  repository: string
  sha: string
}

export interface RenderOptions {
  /** null: no links to files. */
  repository: Repository | null
  /** Address of docs/rules.md, to which `#RULE` is added; null: no links to rules. */
  rulesUrl: string | null
  /** Absolute path that the JSON report is written to. */
  reportFile: string
  /** The `ignore` input: without it nobody reads the reasons. */
  ignore?: readonly IgnoreEntry[]
  summary: boolean
  annotations: boolean
  /** Whether lines for the log may be coloured. */
  colour: boolean
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice'
  /** Only our own words, as `file` is only a path of the repository: the runner masks neither. */
  title: string
  message: string
  file?: string
  startLine?: number
  endLine?: number
}

/** Everything that one run shows or writes. */
export interface Rendered {
  annotations: Annotation[]
  /** The message the step fails with; null: it does not fail. */
  failure: string | null
  /** Markdown; null: not wanted. */
  summary: string | null
  /** JSON. */
  report: string
  outputs: Record<string, string>
  /** Lines for the log, the last of them the verdict. */
  log: string[]
}
