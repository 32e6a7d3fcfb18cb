import type { Evidence } from '../evidence.js'
import { listed } from './format.js'
import { atMount, declareLines, tmpfsMounts } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

/** Each flag that the engine sets by itself (moby daemon/oci_linux.go), with the word that asks for its absence. */
const EXPECTED = [
  ['nosuid', 'suid'],
  ['nodev', 'dev'],
  ['noexec', 'exec']
] as const

function judge(evidence: Evidence): Draft[] {
  return tmpfsMounts(evidence).flatMap(({ fact, effective, path }) => {
    const missing = EXPECTED.filter(
      ([flag, opposite]) => !effective.flags.includes(flag) && !fact.declared.flags.includes(opposite)
    ).map(([flag]) => flag)
    if (missing.length === 0) return []
    const words = `${path}:${missing.join(',')}`
    return [
      {
        severity: 'warning',
        message: `The tmpfs ${path} is mounted without ${listed(missing)}, which nobody asked for: it can hold more than data.`,
        fix: `# mount it as a tmpfs of the engine, which sets these flags by itself\n${declareLines(evidence, words)}`,
        location: atMount(fact)
      }
    ]
  })
}

export const mountFlags = makeRule(
  {
    slug: 'mount-flags',
    severities: ['warning'],
    title: 'Flags of the tmpfs',
    says: '`nosuid`, `nodev` or `noexec` is missing without having been asked for.',
    why: 'The engine sets all three on a tmpfs. Where one is missing, something else mounted it, a volume of a driver for example, and programs or devices could be put there.',
    how: {
      host: 'By the flags of the mount itself (sixth field) in `/proc/<pid>/mountinfo`.',
      inside: 'By the same field of `/proc/self/mountinfo`.'
    },
    fix: `Let the engine mount it, and ask for \`exec\`, \`suid\` or \`dev\` in so many words where the program needs them:\n\n${fenced('yaml', 'tmpfs: /app/tmp:size=16k,mode=0700,exec')}`,
    limits: 'A process with CAP_SYS_ADMIN can remount it with other flags after the look.'
  },
  judge
)
