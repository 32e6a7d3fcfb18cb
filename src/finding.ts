/** What rules say of evidence, and what is decided from it. */
import type { Form, Location, SourceName, SourceRange } from './evidence.js'

export type Severity = 'error' | 'warning' | 'inconclusive'

/** One thing to tell the user. Made by a rule, without any secret's bytes. */
export interface Finding {
  rule: string
  severity: Severity
  /** Set by verdict.ts from the `ignore` input. */
  ignored: boolean
  secret: string | null
  form: Form | null
  /** What happened, where, why it matters: one or two sentences. */
  message: string
  /** What to change: YAML or Dockerfile lines to paste. */
  fix: string
  location: Location | { kind: 'mount'; path: string } | SourcePlace | null
  annotation: SourceRange | null
}

/** A place as a whole, or one item in it. */
export interface SourcePlace {
  kind: 'source'
  source: SourceName
  path?: string
}

export type Outcome = 'pass' | 'fail' | 'inconclusive'

/** One line of the `ignore` input. */
export interface IgnoreEntry {
  rule: string
  glob: string | null
  /** ISO date, inclusive; null: no end. */
  until: string | null
  reason: string
}

export type FailOn = 'warning' | 'inconclusive' | 'error' | 'never'

/** What verdict.ts decides. */
export interface Verdict {
  outcome: Outcome
  findings: Finding[]
  errors: number
  warnings: number
  inconclusive: number
  ignored: number
  /** Whether the step has to fail, by `fail-on`. */
  failStep: boolean
}
