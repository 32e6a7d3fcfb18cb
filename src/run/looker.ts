/**
 * The one shape of looking at a running container: by the host view where there is access, else through the engine and
 * from inside. live.ts asks these questions in order and does not care who answers.
 */
import type {
  Coverage,
  EffectiveMount,
  ForeignMount,
  Hit,
  InsideDifference,
  MemoryFile,
  SwapFact
} from '../evidence.js'
import type { ContainerJson } from '../docker/parse.js'
import type { SecretRegistry } from './registry.js'

/** A look at the listing of the declared tmpfs paths. */
export interface Listing {
  /** Changes whenever a name, size or time under them changes. */
  signature: string
  /** Paths in the container of everything under them, `/app/tmp/config.json`. */
  paths: string[]
}

export interface Sight {
  hits: Hit[]
  droppedHits: number
  coverage: Coverage[]
}

export interface MountSight {
  /** By declared path. */
  mounts: Map<string, { effective: EffectiveMount | null; foreign: ForeignMount[] }>
  coverage: Coverage
}

/** What the container's own tools said, where both views could look. */
export interface InsideSight {
  inside: Map<string, EffectiveMount | null>
  differences: Map<string, InsideDifference[]>
  coverage: Coverage[]
}

export interface MemorySight extends Sight {
  files: MemoryFile[]
}

export interface OwnUser {
  uid: number
  enter: boolean | null
  read: boolean | null
  write: boolean | null
}

export interface Looker {
  /** Whether it can look at a paused container; `docker exec` is refused then. */
  readonly canPause: boolean
  /** How long to wait between two looks at the listing: some looks cost the machine more than others. */
  readonly pollMs: number
  /** Called once the container has started; false when it ended before it could be looked at. */
  meet: (container: ContainerJson) => Promise<boolean>
  /** uid of the main process; null when it cannot be told. */
  uid: () => number | null
  /** Whether the main process handles SIGTERM: null when it cannot be told. */
  handlesTerm: () => boolean | null
  listing: () => Promise<Listing | null>
  /** Whether there is something at an absolute path. */
  exists: (path: string) => Promise<boolean>
  /** Contents of what lies under the declared paths, for discovery; not our own deliveries. */
  contents: (skip: ReadonlySet<string>) => Promise<{ path: string; bytes: Buffer }[]>
  mounts: () => Promise<MountSight>
  inside: (host: MountSight) => Promise<InsideSight>
  memory: (registry: SecretRegistry, delivered: ReadonlySet<string>) => Promise<MemorySight>
  processes: (registry: SecretRegistry) => Promise<Sight>
  ownUser: (paths: readonly string[], delivered: readonly string[]) => Promise<Map<string, OwnUser | null>>
  /** Tries each file as an unused uid and as each other user of the image; fills `others`. */
  otherUsers: (files: readonly MemoryFile[]) => Promise<MemoryFile[]>
  swap: () => Promise<SwapFact | null>
  /** Before the stop: notes what is on disk by now, so that what a signal handler writes can be told apart. */
  noteWritten: (registry: SecretRegistry) => Promise<void>
  /** After the stop: what is on disk of the container. `control` must be found. */
  writableLayer: (registry: SecretRegistry, control: Buffer) => Promise<Sight & { controlFound: boolean | null }>
  volumes: (registry: SecretRegistry, container: ContainerJson, ours: ReadonlySet<string>) => Promise<Sight>
  /** Where the image's layers lie on the host, bottom first; null: not known here. */
  layerDirs: () => Promise<{ layers: string[] } | null>
  /** Whether the container is the same one as at the first look. */
  sameContainer: () => Promise<boolean>
}
