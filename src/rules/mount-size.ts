import type { Evidence } from '../evidence.js'
import { bytesOf, shown, sizeWord } from './format.js'
import { atMount, declareLines, specWords, tmpfsMounts, type TmpfsMount } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

/** The kernel rounds the size of a tmpfs up to pages (mm/shmem.c); 4 KiB on the machines of GitHub. */
const PAGE_BYTES = 4096
/** Enough for a handful of secrets. */
const SUGGESTED_BYTES = 65_536

function judge(evidence: Evidence): Draft[] {
  return tmpfsMounts(evidence).flatMap((mount) => {
    const { fact, effective, path } = mount
    const { size, sizePercent } = fact.declared
    // A share of the memory is turned into bytes by the kernel; only that there is a limit can be compared.
    const asked = sizePercent === null && size !== null && size > 0 ? size : null
    const expected = asked === null ? null : Math.ceil(asked / PAGE_BYTES) * PAGE_BYTES
    if (expected === null) return effective.size === null ? [unlimited(evidence, mount)] : []
    if (effective.size === expected) return []
    const now = effective.size === null ? 'no limit' : bytesOf(effective.size)
    return [
      {
        severity: 'error',
        message: `The tmpfs ${path} was declared with ${bytesOf(asked ?? 0)}${rounded(asked ?? 0, expected)} and has ${now}: what runs is not what was asked for.`,
        fix: declareLines(evidence, specWords(fact, { size: sizeWord(expected) })),
        location: atMount(fact)
      }
    ]
  })
}

function rounded(asked: number, expected: number): string {
  return asked === expected ? '' : ` (${bytesOf(expected)} in whole pages)`
}

function unlimited(evidence: Evidence, { fact, path }: TmpfsMount): Draft {
  const asked = fact.declared.sizePercent === null ? '' : `, although ${shown(fact.declared.text)} asks for one`
  return {
    severity: 'warning',
    message: `The tmpfs ${path} has no size limit${asked}: it can grow to half of the memory of the machine, or take all of it.`,
    fix: declareLines(evidence, specWords(fact, { size: sizeWord(SUGGESTED_BYTES) })),
    location: atMount(fact)
  }
}

export const mountSize = makeRule(
  {
    slug: 'mount-size',
    severities: ['error', 'warning'],
    title: 'Size of the tmpfs',
    says: 'The size differs from the declared one, rounded up to pages; as a warning, there is no limit at all.',
    why: 'A tmpfs without a limit may take half of the memory of the machine, and one with another size than declared was not set up as you think.',
    how: {
      host: 'By `size=` among the super options of the mount in `/proc/<pid>/mountinfo`.',
      inside: 'By the same line of `/proc/self/mountinfo`.'
    },
    fix: `Give a size that fits the secrets, in whole pages of 4 KiB:\n\n${fenced('yaml', 'tmpfs: /app/tmp:size=64k,mode=0700')}`,
    limits:
      'A size in per cent is only checked for being a limit. Pages are taken as 4 KiB: on a kernel with larger ones declare a multiple of those. Whether the size is more than the memory limit of the container is not judged.'
  },
  judge
)
