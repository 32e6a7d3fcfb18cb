/** Pure: what "not there" is worth, place by place. */
import type { ContainerFact, Evidence, SourceName } from '../evidence.js'

/**
 * enforced: nothing can have been there and gone before the look. observed: it was not there when looked at; what was
 * written and deleted before is not seen. unknown: the place was not read to its end.
 */
export interface Assurance {
  source: SourceName
  absence: 'enforced' | 'observed' | 'unknown'
  reason: string
}

/** Places where a secret may be: absence means nothing there. */
const EXPECTED: ReadonlySet<SourceName> = new Set(['mounts', 'memory'])

type Judged = Omit<Assurance, 'source'>

const IMAGE: Judged = { absence: 'enforced', reason: 'an image does not change once it is built' }
const MOMENT: Judged = {
  absence: 'observed',
  reason: 'looked at while it ran: what was there before or after is not seen'
}

function observed(what: string): Judged {
  return { absence: 'observed', reason: `${what}: a write that was deleted before the look is not seen` }
}

function writable(container: ContainerFact | null): Judged {
  if (container?.readOnlyRoot === true) return { absence: 'enforced', reason: 'the root file system is read-only' }
  return observed('the root file system is writable')
}

function volumes(container: ContainerFact | null): Judged {
  if (container !== null && container.writableDiskMounts.length === 0) {
    return { absence: 'enforced', reason: 'no mount on disk is writable' }
  }
  return observed('a mount on disk is writable')
}

function judge(source: SourceName, evidence: Evidence): Judged {
  switch (source) {
    case 'layers':
    case 'image-config':
    case 'history':
    case 'attestations':
      return IMAGE
    case 'build-log':
      return { absence: 'enforced', reason: 'the output was read as it came, from the first byte to the last' }
    case 'container-config':
      return { absence: 'enforced', reason: 'it is fixed when the container is created' }
    case 'writable-layer':
      return writable(evidence.container)
    case 'volumes':
      return volumes(evidence.container)
    case 'logs':
      return evidence.subject.kind === 'container'
        ? { absence: 'observed', reason: 'the engine keeps the log: what it dropped or rotated away is not seen' }
        : { absence: 'enforced', reason: 'the output was read as it came, from before the start to the end' }
    case 'mounts':
    case 'memory':
    case 'other-memory':
    case 'processes':
      return MOMENT
  }
}

/**
 * Returns, for each place that was looked at, what the absence of a finding there is worth. A read-only root file system
 * and no writable mount on disk make passing writes impossible; without them only the moment of the look is known.
 */
export function assurance(evidence: Evidence): Assurance[] {
  const states = new Map<SourceName, boolean>()
  for (const { source, state } of evidence.coverage) {
    if (state === 'skipped' || EXPECTED.has(source)) continue
    states.set(source, (states.get(source) ?? true) && state === 'complete')
  }
  return [...states].map(([source, complete]) => ({
    source,
    ...(complete ? judge(source, evidence) : { absence: 'unknown', reason: 'it was not read to its end' })
  }))
}
