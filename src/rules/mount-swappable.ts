import type { Evidence, SwapFact } from '../evidence.js'
import { shown } from './format.js'
import { atMount, tmpfsMounts } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

function judge(evidence: Evidence): Draft[] {
  const says = swapWords(evidence.swap)
  if (says === null) return []
  return tmpfsMounts(evidence).map(({ fact, path }) => ({
    severity: 'warning',
    message: says(path),
    fix: fixOf(evidence),
    location: atMount(fact)
  }))
}

/** What to say of a path; null: nothing of it can be swapped out. */
function swapWords(swap: SwapFact | null): ((path: string) => string) | null {
  if (swap?.hostSwap === false || swap?.containerMaySwap === false) return null
  if (swap?.hostSwap === true && swap.containerMaySwap === true) {
    const detail = shown(swap.detail)
    return (path) => `The pages of ${path} can reach the disk: the host swaps, and the container may (${detail}).`
  }
  const detail = swap === null ? 'nothing was read' : shown(swap.detail)
  return (path) => `Whether the pages of ${path} can be swapped to disk could not be told: ${detail}.`
}

function fixOf({ subject }: Evidence): string {
  return subject.kind === 'container'
    ? '# start the container anew with\n#   docker run --memory 256m --memory-swap 256m\n# or turn swap off on the host: swapoff -a\nmemory: 256m'
    : '# a memory limit; the check sets the swap limit to the same, so that nothing is swapped\nmemory: 256m'
}

export const mountSwappable = makeRule(
  {
    slug: 'mount-swappable',
    severities: ['warning'],
    title: 'The tmpfs can be swapped to disk',
    says: 'Its pages can reach the disk: swap is on at the host and the container may swap, or neither could be ruled out.',
    why: 'A tmpfs lives in the page cache: under pressure the kernel writes its pages to swap, and there they stay on disk. Docker refuses the `noswap` option of newer kernels.',
    how: {
      host: 'By `/proc/swaps`, and `memory.swap.max` (cgroup v2) or `memory.memsw.limit_in_bytes` (v1) of the cgroup of the container and those above it.',
      inside: 'By `/proc/swaps` and the cgroup files as the container sees them, where it does.'
    },
    fix: `Set a memory limit; the check sets the swap limit to the same. Do so where the container really runs, too (\`docker run --memory 256m --memory-swap 256m\`):\n\n${fenced('yaml', 'memory: 256m')}`,
    limits:
      'It judges the machine of the check: the one in production may swap although this one does not. Hibernation and snapshots of virtual machines write memory to disk as well.'
  },
  judge
)
