/**
 * Volumes and binds through the engine: `docker cp` of a path in the container mounts them for itself and shows what is
 * in them (moby daemon/archive), running or stopped.
 */
import type { Coverage, Hit } from '../evidence.js'
import { coverageRow, mergeCoverage, type ContainerContext, type Search } from './engine-context.js'
import { isMounted } from './engine-diff.js'
import { scanTar } from './engine-tar.js'

const PLACE = { source: 'volumes', view: 'engine' } as const

/** One entry of `Mounts` of `docker inspect`. */
export interface VolumeMount {
  type: string
  /** Of a volume; null for a bind. */
  name: string | null
  source: string
  destination: string
  rw: boolean
}

export interface VolumesRequest {
  search: Search
  /** Mounts on disk, without what was delivered; entries of type `tmpfs` are memory and are left out. */
  volumes: readonly VolumeMount[]
  /** Destinations that are not to be looked at: delivered files, also where they lie inside a volume. */
  delivered: readonly string[]
}

export interface VolumesScan {
  hits: Hit[]
  coverage: Coverage
}

/** Searches each volume and bind. Without any the source is complete with nothing looked at. Never throws. */
export async function volumes(context: ContainerContext, request: VolumesRequest): Promise<VolumesScan> {
  const disks = request.volumes.filter((volume) => volume.type !== 'tmpfs')
  const startedAt = performance.now()
  const none = coverageRow(PLACE, { items: 0, bytes: 0, startedAt }, { state: 'complete', reason: null })
  const hits: Hit[] = []
  const rows = [none]
  for (const volume of disks) {
    const scan = await oneVolume(context, volume, request)
    hits.push(...scan.hits)
    rows.push(scan.coverage)
  }
  return { hits, coverage: mergeCoverage(rows) }
}

async function oneVolume(
  context: ContainerContext,
  volume: VolumeMount,
  { search, volumes: all, delivered }: VolumesRequest
): Promise<VolumesScan> {
  const startedAt = performance.now()
  const { destination } = volume
  const hits: Hit[] = []
  const inner = all
    .map((each) => each.destination)
    .filter((each) => each !== destination && isMounted(each, [destination]))
  const elsewhere = [...inner, ...delivered]
  const parent = destination.slice(0, destination.lastIndexOf('/') + 1)
  const command = context.cli.stream(['cp', `${context.containerId}:${destination}`, '-'], {
    timeoutMs: context.deadlineMs,
    signal: context.signal
  })
  const type = volume.type === 'volume' || volume.type === 'bind' ? volume.type : 'other'
  const end = await scanTar(command, {
    ...search,
    pathOf: (name) => parent + name,
    wants: (entry) => (isMounted(entry.path, elsewhere) ? 'pass' : 'look'),
    onHit: ({ secret, form, path, part, offset }) => {
      const at = part === 'content' ? offset : null
      hits.push({
        secret,
        form,
        view: 'engine',
        location: { kind: 'volume', destination, type, path, part, offset: at }
      })
    }
  })
  const counted = { items: end.items, bytes: end.bytes, startedAt }
  const outcome =
    end.reason === null
      ? ({ state: 'complete', reason: null } as const)
      : ({ state: end.items > 0 ? 'partial' : 'failed', reason: `docker cp of a ${type}: ${end.reason}` } as const)
  return { hits, coverage: coverageRow(PLACE, counted, outcome) }
}
