/** What the stages of one run share. */
import type { Session } from '../docker/session.js'
import type { Preflight } from '../docker/engine.js'
import type { Inputs } from '../inputs/types.js'
import type { Host } from '../sources/host.js'
import type { Journal } from './journal.js'
import type { RunLog } from './log.js'
import type { SecretRegistry } from './registry.js'

export interface RunContext {
  inputs: Inputs
  session: Session
  engine: Preflight
  /** The view from outside, when there is host access. */
  host: Host | null
  registry: SecretRegistry
  journal: Journal
  log: RunLog
}
