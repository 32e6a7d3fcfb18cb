/** Pure: the names of the places, and where a finding lies. */
import type { Coverage, Finding, SourceName, View } from '../evidence.js'

export const PLACES: Record<SourceName, string> = {
  mounts: 'tmpfs mounts',
  memory: 'tmpfs contents',
  'other-memory': 'other memory',
  layers: 'image layers',
  'image-config': 'image configuration',
  history: 'image history',
  attestations: 'attestations',
  'build-log': 'build log',
  'container-config': 'container configuration',
  'writable-layer': 'writable layer',
  volumes: 'volumes and binds',
  processes: 'processes',
  logs: 'container log'
}

export const VIEWS: Record<View, string> = { host: 'host', engine: 'engine', inside: 'inside' }

type FindingLocation = NonNullable<Finding['location']>

/** The place that a finding belongs to; null: none (the container, the run as a whole). */
export function placeOf(finding: Pick<Finding, 'location'>): SourceName | null {
  const { location } = finding
  if (location === null) return null
  switch (location.kind) {
    case 'layer':
      return 'layers'
    case 'image-config':
    case 'history':
    case 'build-log':
    case 'container-config':
    case 'writable-layer':
      return location.kind
    case 'attestation':
      return 'attestations'
    case 'volume':
      return 'volumes'
    case 'memory':
      return location.declared ? 'memory' : 'other-memory'
    case 'log':
      return 'logs'
    case 'process':
      return 'processes'
    case 'mount':
      return 'mounts'
    case 'source':
      return location.source
  }
}

/** Where a finding lies: `what` in our own words, `name` as it is called there (foreign). */
export interface Where {
  what: string
  name: string | null
  /** More in our own words. */
  remark: string | null
}

const PARTS = {
  content: null,
  name: 'in its name',
  'link-target': 'in its link target',
  xattr: 'in an xattr',
  header: 'in its header'
}

function joined(...remarks: (string | null)[]): string | null {
  const given = remarks.filter((each) => each !== null)
  return given.length === 0 ? null : given.join(', ')
}

/** Returns the words for a location; `layers` is how many the image has, if known. */
export function where(location: FindingLocation | null, layers: number | null): Where | null {
  if (location === null) return null
  switch (location.kind) {
    case 'layer': {
      const number = location.index === null ? 'a layer' : `layer ${location.index + 1}`
      const what = layers === null || location.index === null ? number : `${number} of ${layers}`
      return {
        what,
        name: location.path,
        remark: joined(PARTS[location.part], location.deleted ? 'deleted later' : null)
      }
    }
    case 'image-config':
      return { what: PLACES['image-config'], name: location.field, remark: null }
    case 'history':
      return { what: `image history, entry ${location.index + 1}`, name: location.field, remark: null }
    case 'attestation':
      return { what: 'attestation', name: location.predicateType, remark: null }
    case 'build-log':
      return { what: `build log, line ${location.line}`, name: null, remark: null }
    case 'container-config':
      return { what: PLACES['container-config'], name: location.field, remark: null }
    case 'writable-layer':
    case 'volume':
    case 'memory':
    case 'log':
    case 'process':
    case 'mount':
    case 'source':
      return whereRunning(location)
  }
}

type Running = Exclude<
  FindingLocation,
  { kind: 'layer' | 'image-config' | 'history' | 'attestation' | 'build-log' | 'container-config' }
>

function whereRunning(location: Running): Where {
  switch (location.kind) {
    case 'writable-layer': {
      const under = location.underMount === null ? null : 'hidden under the mount'
      const stopped = location.afterStop ? 'written while it stopped' : null
      return {
        what: PLACES['writable-layer'],
        name: location.path,
        remark: joined(PARTS[location.part], under, stopped)
      }
    }
    case 'volume': {
      const what = location.type === 'bind' ? 'bind mount' : location.type === 'volume' ? 'volume' : 'mount on disk'
      return { what, name: location.path, remark: PARTS[location.part] }
    }
    case 'memory':
      return {
        what: location.declared ? 'tmpfs' : 'other memory',
        name: location.path,
        remark: PARTS[location.part]
      }
    case 'log':
      return {
        what: `${location.stream === 'health' ? 'health-check output' : location.stream}, line ${location.line}`,
        name: null,
        remark: null
      }
    case 'process': {
      const held = { cmdline: 'command line', environ: 'environment', fd: 'open file' }[location.where]
      return { what: `${held} of process ${location.pid}`, name: location.detail, remark: null }
    }
    case 'mount':
      return { what: 'tmpfs mount', name: location.path, remark: null }
    case 'source':
      return { what: PLACES[location.source], name: location.path ?? null, remark: null }
  }
}

/** The bytes searched, as they may be shown: of memory in whole pages, so that nobody reads a secret's length from it. */
export function shownBytes(coverage: Coverage): number {
  const memory = coverage.source === 'memory' || coverage.source === 'other-memory'
  return memory ? Math.ceil(coverage.bytes / 4096) * 4096 : coverage.bytes
}
