import type { Evidence, MountFact } from '../evidence.js'
import { isRead } from './coverage.js'
import { listed } from './format.js'
import { atMount, declareLines, specWords, tmpfsMounts, type TmpfsMount } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

function judge(evidence: Evidence): Draft[] {
  return tmpfsMounts(evidence).flatMap((mount) => {
    const { fact } = mount
    const refused = refusals(evidence, fact)
    if (refused.errors.length > 0) return [draft(evidence, mount, { severity: 'error', what: refused.errors })]
    if (refused.warnings.length > 0) return [draft(evidence, mount, { severity: 'warning', what: refused.warnings })]
    return isTried(fact) || !isRead(evidence, 'mounts') ? [] : [untried(mount)]
  })
}

function refusals(evidence: Evidence, { declared, ownUser }: MountFact): { errors: string[]; warnings: string[] } {
  const errors: string[] = []
  if (ownUser?.enter === false) errors.push('enter it')
  // Who cannot enter cannot read either: one reason is enough.
  else if (ownUser?.read === false) errors.push('read what was delivered there')
  if (ownUser?.write !== false || declared.readOnly) return { errors, warnings: [] }
  return mustWrite(evidence, declared.path)
    ? { errors: [...errors, 'write there, although it has to'], warnings: [] }
    : { errors, warnings: ['write there; it need not, for what it needs was delivered'] }
}

/** Without a delivery only the program itself can put secrets there; and an expected file is its own to write. */
function mustWrite(evidence: Evidence, path: string): boolean {
  if (!evidence.secrets.some((secret) => secret.delivered === 'file')) return true
  return evidence.expectFiles.some((glob) => mayLieBelow(glob, path, evidence))
}

/** Whether a glob can match below `path`; relative ones are below the first tmpfs. Only its plain beginning is compared. */
function mayLieBelow(glob: string, path: string, evidence: Evidence): boolean {
  if (!glob.startsWith('/')) return evidence.mounts[0]?.declared.path === path
  const plain = /^[^*?[\]{}()!+@]*/.exec(glob)?.[0] ?? ''
  return plain.startsWith(`${path}/`) || `${path}/`.startsWith(plain)
}

/** Whether each of the tries that count had an answer. */
function isTried({ declared, ownUser }: MountFact): boolean {
  if (ownUser === null) return false
  const { enter, read, write } = ownUser
  return enter !== null && read !== null && (write !== null || declared.readOnly)
}

function draft(
  evidence: Evidence,
  { fact, effective, path }: TmpfsMount,
  { severity, what }: { severity: 'error' | 'warning'; what: string[] }
): Draft {
  const uid = fact.ownUser?.uid ?? 0
  const own = fact.declared.syntax === 'tmpfs' ? { uid: String(uid) } : { mode: '1777' }
  return {
    severity,
    message: `The container runs as uid ${uid}, which cannot ${listed(what)}: the tmpfs ${path} has mode ${effective.mode} and owner ${effective.uid}:${effective.gid}.`,
    fix: declareLines(evidence, specWords(fact, own)),
    location: atMount(fact)
  }
}

function untried({ fact, path }: TmpfsMount): Draft {
  return {
    severity: 'warning',
    message: `Whether the container's own user can use the tmpfs ${path} could not be tried.`,
    fix: '# trying as another user needs root on the runner (sudo -n)\nhost-access: required',
    location: atMount(fact)
  }
}

export const mountInaccessible = makeRule(
  {
    slug: 'mount-inaccessible',
    severities: ['error', 'warning'],
    title: 'The program cannot use the tmpfs',
    says: "The container's own user cannot enter the tmpfs or read what was delivered there, or cannot write although the program has to; as a warning, it cannot write and need not, or it could not be tried.",
    why: 'A program that cannot write to the memory it was given writes somewhere else, or not at all, and then the check proves nothing.',
    how: {
      host: 'Tried, not deduced: a process with the uid, gid and groups of the container asks the kernel.',
      inside: 'Tried by `docker exec` as the user of the container.'
    },
    fix: `Give the mount to the user that the program runs as:\n\n${fenced('yaml', 'tmpfs: /app/tmp:size=16k,mode=0700,uid=1000')}`,
    limits:
      'Only the first process counts: what it starts may run as other users. Security modules (AppArmor, SELinux) may refuse more than was tried.'
  },
  judge
)
