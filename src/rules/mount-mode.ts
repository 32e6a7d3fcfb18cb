import type { Evidence, MountFact } from '../evidence.js'
import { listed, modeBits, modeWord } from './format.js'
import { atMount, declareLines, specWords, tmpfsMounts, type TmpfsMount } from './mounts.js'
import { byImageMode, whyMode } from './runc.js'
import { fenced, makeRule, type Draft } from './rule.js'

const WRITABLE_BY_ALL = 0o002

function judge(evidence: Evidence): Draft[] {
  return tmpfsMounts(evidence).flatMap((mount) => {
    const differs = differences(mount)
    if (differs.length > 0) return [different(evidence, mount, differs)]
    const { fact, effective } = mount
    const isOpen = (modeBits(effective.mode) & WRITABLE_BY_ALL) !== 0
    return fact.declared.mode === null && isOpen ? [open(evidence, mount)] : []
  })
}

/** `mode 1770, effective 0755` and the like, for what was declared and is not so. */
function differences({ fact, effective }: TmpfsMount): string[] {
  const { mode, uid, gid } = fact.declared
  const found: string[] = []
  if (differentMode(fact)) found.push(`mode ${modeWord(mode ?? '')}, effective ${modeWord(effective.mode)}`)
  if (uid !== null && uid !== effective.uid) found.push(`uid ${uid}, effective ${effective.uid}`)
  if (gid !== null && gid !== effective.gid) found.push(`gid ${gid}, effective ${effective.gid}`)
  return found
}

function differentMode({ declared, effective }: MountFact): boolean {
  return declared.mode !== null && modeBits(declared.mode) !== modeBits(effective?.mode ?? '')
}

function different(evidence: Evidence, { fact, path }: TmpfsMount, found: string[]): Draft {
  const cause = differentMode(fact) ? whyMode(evidence, fact) : null
  const why = cause === null ? '' : ` Why: ${cause}.`
  return {
    severity: 'error',
    message: `The tmpfs ${path} was declared with ${listed(found)}: other users get other rights than you decided.${why}`,
    fix: mend(evidence, fact),
    location: atMount(fact)
  }
}

function mend(evidence: Evidence, fact: MountFact): string {
  const { path, mode } = fact.declared
  if (!differentMode(fact) || !byImageMode(evidence) || !/^[\w./-]+$/.test(path)) {
    return `# start it anew with a current engine (runc 1.1.9 or later)\n${declareLines(evidence, specWords(fact))}`
  }
  return `# give the directory in the image the same mode, or leave it out of the image, or use runc 1.1.9 or later\nRUN mkdir -p ${path} && chmod ${modeWord(mode ?? '')} ${path}`
}

function open(evidence: Evidence, { fact, effective, path }: TmpfsMount): Draft {
  return {
    severity: 'warning',
    message: `The tmpfs ${path} has mode ${modeWord(effective.mode)}, for none was declared: every user in the container may enter it and write there.`,
    fix: declareLines(evidence, specWords(fact, { mode: '0700' })),
    location: atMount(fact)
  }
}

export const mountMode = makeRule(
  {
    slug: 'mount-mode',
    severities: ['error', 'warning'],
    title: 'Mode and owner of the tmpfs',
    says: 'The effective mode, owner or sticky bit differs from the declared one; as a warning, none was declared and every user may write there.',
    why: 'The mode decides who else in the container reaches the secrets. runc before 1.1.8 keeps the mode of a directory that the image ships at the path, whatever `mode=` says; runc 1.1.8 loses the sticky bit; after a restart the mode of the first mount point is kept.',
    how: {
      host: 'By `stat` of the root of the mount, from outside of the container.',
      inside: 'By `stat` (or `ls -ldn`) in the container.'
    },
    fix: `Let the directory in the image have the mode that the mount is to have, or leave it out of the image:\n\n${fenced('dockerfile', 'RUN mkdir -p /app/tmp && chmod 1770 /app/tmp')}\n\nor declare a mode where none was:\n\n${fenced('yaml', 'tmpfs: /app/tmp:size=16k,mode=0700')}`,
    limits:
      'Owners are compared when they were declared. Modes of files below the mount are judged by `secret-readable-by-others`. Whether a restart would change the mode is not tried.'
  },
  judge
)
