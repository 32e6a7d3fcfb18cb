/**
 * Evidence: everything that one run saw, as small, serialisable values without a secret in them.
 *
 * Sources fill it in, rules judge it, renderers print it. No byte of a secret, no snippet around one, no length and
 * no hash of one may be put into any field: what a rule needs is *where* and *in what form*.
 */

/** How a view looks: from outside by the kernel's account, through the engine, or by tools inside the container. */
export type View = 'host' | 'engine' | 'inside'

/** Every place that is looked at. The order is the order of the summary. */
export const SOURCES = [
  'mounts',
  'memory',
  'other-memory',
  'layers',
  'image-config',
  'history',
  'attestations',
  'build-log',
  'container-config',
  'writable-layer',
  'volumes',
  'processes',
  'logs'
] as const
export type SourceName = (typeof SOURCES)[number]

/** complete: read to its end. partial: cut short. failed: not read. skipped: not looked at on purpose. */
export type CoverageState = 'complete' | 'partial' | 'failed' | 'skipped'

/** One row a source and view. Only `complete` may ever support a pass; see verdict.ts. */
export interface Coverage {
  source: SourceName
  view: View
  state: CoverageState
  /** Things looked at: files, entries, fields, lines. */
  items: number
  /** Bytes searched. */
  bytes: number
  durationMs: number
  /** Why it is not complete, or a remark on a complete one; with what would help. Never holds foreign text unescaped. */
  reason: string | null
  /**
   * Where it is partial for the sake of single items alone: every one of them, so that each can be accepted by its path. At
   * most MOST_UNREAD; absent where something else is missing, or more.
   */
  unread?: readonly UnreadItem[]
}

/** Items of a place that are told one by one. */
export const MOST_UNREAD = 50

/** An item that was not read to its end: an archive that is broken or beyond a limit, a file that could not be read. */
export interface UnreadItem {
  /** Absolute, in the image; members of archives behind `!`. Foreign text. */
  path: string
  /** In our own words; follows the path. */
  reason: string
}

/** The form in which a secret was found. */
export const FORMS = [
  'raw',
  'base64',
  'base64url',
  'hex',
  'percent',
  'json',
  'shell',
  'utf-16le',
  'utf-16be',
  'escaped-newlines',
  'crlf',
  'joined',
  'line'
] as const
export type Form = (typeof FORMS)[number]

/** given: declared with a value. canary: random stand-in. discovered: what the program wrote under the tmpfs. */
export type SecretOrigin = 'given' | 'canary' | 'discovered'

export interface SecretFact {
  /** The declared name, or for a discovered one the path it was found at (`/app/tmp/config.json`), or `…:part`. */
  name: string
  origin: SecretOrigin
  /** part: a line or a value of a discovered file; a hit of it is a warning, of a whole an error. */
  extent: 'whole' | 'part'
  /** Whether it is delivered to the program as a file, an environment variable, or only searched for. */
  delivered: 'file' | 'env' | 'none'
}

/** What of an item held the secret. */
export type ItemPart = 'content' | 'name' | 'link-target' | 'xattr' | 'header'

/** A line range in a file of the repository, 1-based, for annotations. `file` is relative to the workspace. */
export interface SourceRange {
  file: string
  startLine: number
  endLine: number
}

/**
 * Where a secret was found. Paths are those of the image or container, absolute; a member of an archive is written
 * `/a/b.tgz!inner/path`. Paths are redacted (`[secret]`) where the name itself holds a secret.
 */
export type Location =
  | {
      kind: 'layer'
      /** Index from the bottom, 0-based, into RootFS.Layers; null when the layer could not be told. */
      index: number | null
      /** Diff ID, `sha256:…`. */
      digest: string | null
      path: string
      part: ItemPart
      offset: number | null
      /** A later layer deletes or overwrites it. */
      deleted: boolean
    }
  | { kind: 'image-config'; field: string }
  | { kind: 'history'; index: number; field: 'created_by' | 'comment' | 'author' }
  | { kind: 'attestation'; digest: string; predicateType: string; offset: number | null }
  | { kind: 'build-log'; line: number }
  | { kind: 'container-config'; field: string }
  | {
      kind: 'writable-layer'
      path: string
      part: ItemPart
      offset: number | null
      /** The tmpfs path under which it lies hidden on disk, else null. */
      underMount: string | null
      /** Whether it was there only after the container had been stopped. */
      afterStop: boolean
    }
  | {
      kind: 'volume'
      destination: string
      type: 'volume' | 'bind' | 'other'
      path: string
      part: ItemPart
      offset: number | null
    }
  /** Memory: `mount` is the mount point; declared tmpfs paths are expected places, any other is a finding. */
  | { kind: 'memory'; mount: string; declared: boolean; path: string; part: ItemPart; offset: number | null }
  | { kind: 'log'; stream: 'stdout' | 'stderr' | 'health'; line: number }
  | {
      kind: 'process'
      pid: number
      /** fd: an open file without a name (unlinked, memfd). */
      where: 'cmdline' | 'environ' | 'fd'
      /** For an fd: what kind; else the comm of the process, escaped. */
      detail: string
    }

/** One occurrence. At most one a (secret, form, item, part). */
export interface Hit {
  /** Index into Evidence.secrets. */
  secret: number
  form: Form
  view: View
  location: Location
  /** Line of the repository that holds the secret (build context), when it could be told. */
  origin?: SourceRange
}

/** What a tmpfs spec of the `tmpfs` input asks for. */
export interface TmpfsSpec {
  /** Absolute, normalised (no trailing slash, no `.` or `..`). */
  path: string
  /** As written by the user, for messages. */
  text: string
  syntax: 'tmpfs' | 'mount'
  /** Bytes; 0 is "no limit" asked for in so many words; null: not declared. A percentage is kept in `sizePercent`. */
  size: number | null
  sizePercent: number | null
  /** Octal digits without the leading 0, like `1770`; null: not declared. */
  mode: string | null
  uid: number | null
  gid: number | null
  readOnly: boolean
  /** Mount flags asked for by word: exec, dev, suid and so on. */
  flags: string[]
  /** Other key=value options, as given (nr_inodes, nr_blocks, mpol). */
  other: string[]
}

/** A mount as one view sees it. */
export interface EffectiveMount {
  view: View
  /** Where it lies once symlinks are resolved in the container's root. */
  resolvedPath: string
  /** By statfs where the view can, else by the last mountinfo line: `tmpfs`, `overlay`, `ext4`… */
  fstype: string
  /** Bytes, rounded to pages by the kernel; null: no limit was set (half of the memory). */
  size: number | null
  /** Four octal digits of stat on the mount's root, `0755`, `1770`. */
  mode: string
  uid: number
  gid: number
  /** Per-mount flags: rw, nosuid, nodev, noexec, relatime. */
  flags: string[]
}

/** Another mount at, over (above in the tree) or below a tmpfs path, that is not memory. */
export interface ForeignMount {
  path: string
  relation: 'at' | 'over' | 'below'
  fstype: string
  /** `volume NAME`, `bind`, or the fstype again. */
  what: string
}

/** One way in which the container's own tools contradict the kernel. */
export interface InsideDifference {
  what: 'fstype' | 'mode' | 'owner' | 'size' | 'files' | 'content'
  inside: string
  kernel: string
}

/** What a try as a user of the container ended with; null: could not be tried. */
export interface AccessTry {
  uid: number
  /** Name in the image's passwd, escaped; null if it has none. */
  user: string | null
  allowed: boolean | null
}

export interface MountFact {
  declared: TmpfsSpec
  /** `docker inspect` lists it (HostConfig.Tmpfs or HostConfig.Mounts). */
  listed: boolean
  /** null: no view could look (then `mounts` coverage is not complete). */
  effective: EffectiveMount | null
  /** What `docker exec` said, when asked; compared in `differences`. */
  inside: EffectiveMount | null
  differences: InsideDifference[]
  foreign: ForeignMount[]
  /** The container's own user, tried. null: could not be tried. */
  ownUser: { uid: number; enter: boolean | null; read: boolean | null; write: boolean | null } | null
  /** Files that the image ships at the path: how many, and up to 10 of them. null: layers were not read. */
  imageContent: { items: number; examples: string[] } | null
}

/** One file under a declared tmpfs. */
export interface MemoryFile {
  mount: string
  path: string
  bytes: number
  /** Delivered by us: not judged by secret-readable-by-others. */
  delivered: boolean
  mode: string
  uid: number
  gid: number
  /** Other users that were tried; empty when none could be. */
  others: AccessTry[]
}

export interface LayerFact {
  index: number
  /** Diff ID. */
  digest: string
  /** Index into history, null when history does not match the layers. */
  history: number | null
  /** The Dockerfile instruction that made it, when this run built it and could tell. */
  instruction: SourceRange | null
}

export interface HistoryFact {
  /** Redacted and escaped, at most 200 characters. */
  createdBy: string
  emptyLayer: boolean
  instruction: SourceRange | null
}

export interface ImageFact {
  id: string
  /** Registry digest (`repo@sha256:…` of RepoDigests), else null. */
  repoDigest: string | null
  layers: LayerFact[]
  history: HistoryFact[]
  /** Instruction ranges by what they set, for findings in the config: `Env:NAME`, `Label:NAME`, `Cmd`, `Healthcheck`… */
  configInstructions: Record<string, SourceRange>
}

export interface ContainerFact {
  id: string
  /** running: still up when it was looked at. */
  state: 'running' | 'exited' | 'never-started'
  exitCode: number | null
  oomKilled: boolean
  /** Whether it became ready as `wait-for` says, and if not what was missing. */
  ready: boolean
  readyReason: string | null
  /** The user it runs as: uid, and the name or number the image or input says. */
  uid: number | null
  readOnlyRoot: boolean
  /** Writable mounts that are on disk. */
  writableDiskMounts: string[]
  /** Last lines of the output, redacted and escaped; only for container-exited. */
  lastLines: string[]
}

export interface SwapFact {
  /** Host swap is on; null: could not look. */
  hostSwap: boolean | null
  /** Whether the container's cgroup may swap; null: could not look. */
  containerMaySwap: boolean | null
  /** What was read, for the message: `memory.swap.max is 0`. */
  detail: string
}

export interface EngineFact {
  version: string
  apiVersion: string
  runcVersion: string | null
  storageDriver: string
  store: 'classic' | 'containerd'
  rootless: boolean
  remote: boolean
  hostAccess: boolean
  /** Why there is no host access; null when there is. */
  hostAccessReason: string | null
}

export interface Subject {
  kind: 'build' | 'image' | 'container'
  name: string
}

/** Where the run stood, for annotations without a better line: the Dockerfile or the workflow file. */
export interface Fallback {
  dockerfile: SourceRange | null
}

export interface Evidence {
  subject: Subject
  engine: EngineFact
  image: ImageFact | null
  container: ContainerFact | null
  swap: SwapFact | null
  mounts: MountFact[]
  memoryFiles: MemoryFile[]
  secrets: SecretFact[]
  /** expect-files globs that matched nothing. */
  missingFiles: string[]
  /** Parts of discovered files that were too plain to search for. */
  plainParts: number
  /** Sources that must be complete for a pass. */
  needed: SourceName[]
  coverage: Coverage[]
  hits: Hit[]
  /** Hits left out because a source had more than it may keep. */
  droppedHits: number
  /** The harmless control value planted in the writable layer was found there; null: none could be planted. */
  controlFound: boolean | null
  deliver: 'file' | 'env' | 'none'
  expectFiles: string[]
  fallback: Fallback
}

export type { FailOn, Finding, IgnoreEntry, Outcome, Severity, Verdict } from './finding.js'
