import type { Evidence, MountFact } from '../evidence.js'
import { isRead } from './coverage.js'
import { shown } from './format.js'
import { atMount, declareLines, specWords } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

function judge(evidence: Evidence): Draft[] {
  return evidence.mounts.flatMap((fact) => {
    const { effective } = fact
    if (effective?.fstype === 'tmpfs') return []
    // Without an answer it may well be there: then source-unread tells.
    if (effective === null && !isRead(evidence, 'mounts')) return []
    return [{ severity: 'error', message: message(fact), fix: fixOf(evidence, fact), location: atMount(fact) }]
  })
}

function message({ declared, effective, listed }: MountFact): string {
  const path = shown(declared.path)
  const resolved = effective === null ? declared.path : effective.resolvedPath
  const real = resolved === declared.path ? '' : ` (which leads to ${shown(resolved)})`
  const kernel = effective === null ? 'no mount there' : shown(effective.fstype, 40)
  const engine = listed ? ' although docker inspect lists one' : ' and docker inspect lists none'
  return `There is no tmpfs at ${path}${real}: the kernel says ${kernel},${engine}. What is written there reaches the disk.`
}

function fixOf(evidence: Evidence, fact: MountFact): string {
  const { declared, effective } = fact
  if (effective !== null && effective.resolvedPath !== declared.path) {
    return `# name the path that the link leads to\ntmpfs: ${shown(effective.resolvedPath)}`
  }
  return `${declareLines(evidence, specWords(fact))}\n# and see that nothing in the container unmounts it`
}

export const mountMissing = makeRule(
  {
    slug: 'mount-missing',
    severities: ['error'],
    title: 'No tmpfs at the path',
    says: "There is no tmpfs at a declared path, by the kernel's account.",
    why: 'What the program writes there goes to the disk: into the writable layer of the container or into a volume. `docker inspect` shows what was asked for, not what is mounted.',
    how: {
      host: 'By `statfs` of the path, resolved inside the root of the container, and the last line for it in `/proc/<pid>/mountinfo`.',
      inside: 'By `/proc/self/mountinfo` as a shell in the container reads it.'
    },
    fix: `Declare the mount for the path itself, not for a link to it:\n\n${fenced('yaml', 'tmpfs: /app/tmp:size=16k,mode=1770')}`,
    limits:
      'It judges the moment of the look: a mount that is taken away and put back in between is not seen. A ramfs is memory too, but not what was declared, and is reported.'
  },
  judge
)
