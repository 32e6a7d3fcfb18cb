import type { Evidence, ForeignMount, MountFact } from '../evidence.js'
import { shown } from './format.js'
import { atMount } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

function judge(evidence: Evidence): Draft[] {
  return evidence.mounts.flatMap((fact) =>
    fact.foreign.map((foreign): Draft => ({
      severity: 'error',
      message: message(fact, foreign),
      fix: fixOf(fact, foreign),
      location: atMount(fact)
    }))
  )
}

function message({ declared }: MountFact, foreign: ForeignMount): string {
  const path = shown(declared.path)
  const what = foreign.what === foreign.fstype ? `A ${shown(foreign.fstype)} mount` : `A mount (${shown(foreign.what)})`
  const where = shown(foreign.path)
  switch (foreign.relation) {
    case 'at':
      return `${what} lies at ${where} itself, with the tmpfs or in its place: what is written to ${path} can reach the disk.`
    case 'over':
      return `${what} lies at ${where}, over the tmpfs ${path}: what the program writes beside the tmpfs, or at ${path} where the tmpfs is missing or hidden, reaches that disk and outlives the container.`
    case 'below':
      return `${what} lies at ${where}, below the tmpfs ${path}: what is written there reaches the disk although its path looks like memory.`
  }
}

function fixOf({ declared }: MountFact, foreign: ForeignMount): string {
  const own = shown(declared.text)
  const where = shown(foreign.path)
  const take = `# take ${where} out of run-options (-v, --mount) and out of VOLUME in the Dockerfile`
  return foreign.relation === 'below'
    ? `${take},\n# or make it memory too:\ntmpfs: |\n  ${own}\n  ${where}`
    : `${take}\ntmpfs: ${own}`
}

export const mountShadowed = makeRule(
  {
    slug: 'mount-shadowed',
    severities: ['error'],
    title: 'Another mount at, over or below the tmpfs',
    says: 'A volume, bind or other mount that is not memory lies at, over or below a declared path.',
    why: 'The mount on top is the one that processes see. A `VOLUME` of the image or a `-v` can put a disk where the path promises memory; one at a parent directory keeps everything that misses the tmpfs, and outlives the container.',
    how: {
      host: 'By the order of the lines of `/proc/<pid>/mountinfo`, of every process of the container that has a mount namespace of its own.',
      inside: 'By the order of the lines of `/proc/self/mountinfo`.'
    },
    fix: `Take the other mount away, or make it a tmpfs too:\n\n${fenced('yaml', 'tmpfs: |\n  /app/tmp:size=16k,mode=1770\n  /app/tmp/cache:size=16k')}`,
    limits:
      'A volume whose driver keeps it in memory counts as memory, by its file system. What a network file system does with the data on the other side is not known.'
  },
  judge
)
