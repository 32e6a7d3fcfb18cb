/** Pure: what the rules on mounts share. */
import type { EffectiveMount, Evidence, Finding, MountFact } from '../evidence.js'
import { shown } from './format.js'

/** A mount that the kernel calls a tmpfs. */
export interface TmpfsMount {
  fact: MountFact
  effective: EffectiveMount
  /** As in messages: printable. */
  path: string
}

/** The declared mounts that are there; of any other `mount-missing` or `source-unread` tells. */
export function tmpfsMounts(evidence: Evidence): TmpfsMount[] {
  return evidence.mounts.flatMap((fact) => {
    const { effective } = fact
    return effective?.fstype === 'tmpfs' ? [{ fact, effective, path: shown(fact.declared.path) }] : []
  })
}

/** The location of a finding on a mount. */
export function atMount({ declared }: MountFact): Finding['location'] {
  return { kind: 'mount', path: declared.path }
}

/**
 * Lines that declare a tmpfs as `words` say: the `tmpfs` input, or for a container that others started the flag of
 * `docker run`.
 */
export function declareLines(evidence: Evidence, words: string): string {
  return evidence.subject.kind === 'container'
    ? `# start the container anew with\n#   docker run --tmpfs ${words}\ntmpfs: ${words}`
    : `tmpfs: ${words}`
}

/** `/app/tmp:size=16k,mode=1770`, with what is given put over what was declared. */
export function specWords(fact: MountFact, change: Record<string, string> = {}): string {
  const { declared } = fact
  const options: Record<string, string | null> = {
    size: declared.sizePercent === null ? (declared.size?.toString() ?? null) : `${declared.sizePercent}%`,
    mode: declared.mode,
    uid: declared.uid?.toString() ?? null,
    gid: declared.gid?.toString() ?? null,
    ...change
  }
  const words = Object.entries(options).flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]))
  if (declared.readOnly) words.unshift('ro')
  return words.length === 0 ? shown(declared.path) : `${shown(declared.path)}:${words.join(',')}`
}
