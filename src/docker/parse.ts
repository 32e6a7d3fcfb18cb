/** Pure: what the engine answers, as far as it is used here. Shapes follow the Engine API (v1.41 to v1.52). */

/** Throws a plain Error for text that is not JSON; the text is not in the message. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Error(`${what} did not answer with JSON`)
  }
}

export interface VersionJson {
  Client?: { Version?: string }
  Server?: {
    Version?: string
    ApiVersion?: string
    Components?: { Name: string; Version: string }[]
  } | null
}

export interface InfoJson {
  Driver?: string
  DriverStatus?: [string, string][] | null
  DockerRootDir?: string
  SecurityOptions?: string[] | null
  CgroupVersion?: string
  OperatingSystem?: string
  SwapLimit?: boolean
  Name?: string
}

export interface ImageConfigJson {
  User?: string
  Env?: string[] | null
  Cmd?: string[] | null
  Entrypoint?: string[] | null
  Volumes?: Record<string, unknown> | null
  Healthcheck?: { Test?: string[] } | null
  Labels?: Record<string, string> | null
}

export interface ImageJson {
  Id: string
  RepoTags?: string[] | null
  RepoDigests?: string[] | null
  RootFS?: { Layers?: string[] | null }
  Config?: ImageConfigJson | null
  GraphDriver?: { Name?: string; Data?: Record<string, string> | null }
  Size?: number
}

export interface MountJson {
  Type: string
  Name?: string
  Source?: string
  Destination: string
  RW: boolean
}

export interface ContainerJson {
  Id: string
  Created?: string
  State: {
    Status: string
    Running: boolean
    Pid: number
    ExitCode: number
    OOMKilled: boolean
    Error?: string
    Health?: { Status: string; Log?: { Output?: string }[] | null } | null
  }
  HostConfig: {
    Tmpfs?: Record<string, string> | null
    Mounts?: { Type: string; Target: string }[] | null
    ReadonlyRootfs?: boolean
    LogConfig?: { Type: string }
  }
  Mounts: MountJson[]
  Config: ImageConfigJson
}

export interface HistoryEntry {
  created_by?: string
  comment?: string
  author?: string
  empty_layer?: boolean
}

/** The containerd image store shows `driver-type: io.containerd.snapshotter.v1` (Docker 23+, daemon/containerd). */
export function imageStore(info: InfoJson): 'classic' | 'containerd' {
  const snapshotter = (info.DriverStatus ?? []).some(
    ([key, value]) => key === 'driver-type' && value.startsWith('io.containerd.snapshotter')
  )
  return snapshotter ? 'containerd' : 'classic'
}

/** Whether the engine lists a tmpfs at `path`: `--tmpfs` shows in HostConfig.Tmpfs, `--mount` in HostConfig.Mounts. */
export function listsTmpfs(container: ContainerJson, path: string): boolean {
  const clean = (text: string): string => text.replace(/\/+$/, '') || '/'
  const byFlag = Object.keys(container.HostConfig.Tmpfs ?? {})
  const byMount = (container.HostConfig.Mounts ?? []).filter((each) => each.Type === 'tmpfs').map((each) => each.Target)
  return [...byFlag, ...byMount].some((each) => clean(each) === path)
}

/** A single inspect answer; throws when the engine answered with none or several. */
export function single(text: string, what: string): unknown {
  const parsed = parseJson(text, what)
  if (!Array.isArray(parsed) || parsed.length !== 1) throw new Error(`${what} did not answer with one object`)
  return parsed[0] as unknown
}
