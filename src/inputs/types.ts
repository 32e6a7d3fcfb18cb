/** What the inputs say once parsed: defaults filled in, every value checked. */
import type { FailOn, IgnoreEntry, TmpfsSpec } from '../evidence.js'
import type { Secret } from '../secrets/secret.js'

export type WaitFor =
  | { kind: 'settled' }
  | { kind: 'healthy' }
  | { kind: 'file'; path: string }
  | { kind: 'log'; text: string }
  | { kind: 'time'; ms: number }

export interface BuildInputs {
  /** Absolute path of the build context. */
  context: string
  /** Absolute path of the Dockerfile. */
  file: string
  target: string | null
  /** `NAME=VALUE` or `NAME`. Values may be secret by mistake: never logged, passed by environment. */
  buildArgs: string[]
  platform: string | null
  pull: boolean
  noCache: boolean
  /** Extra words for `docker build`. */
  options: string[]
  /** Names of declared secrets offered to the build. */
  secrets: string[]
}

export interface DeclaredSecret {
  name: string
  /** A given value, or the canary that stands in. */
  value: Secret
  origin: 'given' | 'canary'
}

export interface RunInputs {
  entrypoint: string | null
  command: string[] | null
  /** `NAME=VALUE` or `NAME`. */
  env: string[]
  user: string | null
  network: string | null
  /** Bytes; also the swap limit. */
  memory: number | null
  readOnly: boolean
  /** Extra words for `docker create`. */
  options: string[]
  waitFor: WaitFor
  exercise: string[] | null
  keepAlive: boolean
  timeoutMs: number
}

export interface Inputs {
  /** Exactly one of build and image is set. */
  build: BuildInputs | null
  image: string | null
  /** Pull the image even when it is present; with `image` (for a build see BuildInputs). */
  pull: boolean
  platform: string | null
  tmpfs: TmpfsSpec[]
  secrets: DeclaredSecret[]
  deliver: 'file' | 'env' | 'none'
  discover: boolean
  expectFiles: string[]
  run: RunInputs
  layers: 'auto' | 'archive'
  hostAccess: 'auto' | 'none' | 'required'
  failOn: FailOn
  ignore: IgnoreEntry[]
  summary: boolean
  annotations: boolean
  /** Absolute path. */
  reportFile: string
  /** Directory the annotations' paths are relative to (GITHUB_WORKSPACE, else the working directory). */
  workspace: string
  /** RUNNER_TEMP, else the system's. */
  temp: string
  /** Notices to print: canaries standing in, `..` segments normalised. */
  notices: string[]
}
