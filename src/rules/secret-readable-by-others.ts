import type { AccessTry, Evidence, MemoryFile } from '../evidence.js'
import { isRead } from './coverage.js'
import { listed, modeBits, plural, shown } from './format.js'
import { makeRule, fenced, type Draft } from './rule.js'

const MOST_USERS = 3
const RIGHTS_OF_OTHERS = 0o007

function judge(evidence: Evidence): Draft[] {
  const judged = evidence.memoryFiles.filter((file) => !file.delivered)
  return [...judged.flatMap((file) => readable(evidence, file)), ...untried(evidence, judged)]
}

function readable(evidence: Evidence, file: MemoryFile): Draft[] {
  const allowed = file.others.filter((other) => other.allowed === true)
  if (allowed.length === 0) return []
  const mode = evidence.mounts.find(({ declared }) => declared.path === file.mount)?.declared.mode ?? null
  const promised = mode !== null && (modeBits(mode) & RIGHTS_OF_OTHERS) === 0
  const though = promised ? `, although mode ${mode} of ${shown(file.mount)} promises that others cannot` : ''
  return [
    {
      severity: promised ? 'error' : 'warning',
      message: `${shown(file.path)} (mode ${file.mode}, owner ${file.uid}:${file.gid}) can be read by ${usersOf(allowed)}${though}.`,
      fix: '# in the Dockerfile, before the program starts: its files are then for itself only\nCMD ["sh", "-c", "umask 077; exec /app/start"]',
      location: { kind: 'memory', mount: file.mount, declared: true, path: file.path, part: 'content', offset: null }
    }
  ]
}

function usersOf(allowed: readonly AccessTry[]): string {
  const names = allowed
    .slice(0, MOST_USERS)
    .map(({ uid, user }) => (user === null ? `uid ${uid}` : `${shown(user, 40)} (uid ${uid})`))
  const more = allowed.length - names.length
  return listed(more > 0 ? [...names, plural(more, 'other')] : names)
}

/** Files of which nobody could say whether others read them: one finding a mount. */
function untried(evidence: Evidence, judged: readonly MemoryFile[]): Draft[] {
  if (!isRead(evidence, 'memory')) return []
  const without = judged.filter(({ others }) => others.length === 0 || others.some(({ allowed }) => allowed === null))
  return [...new Set(without.map((file) => file.mount))].map((mount) => {
    const files = without.filter((file) => file.mount === mount).length
    return {
      severity: 'warning',
      message: `Whether other users can read ${plural(files, 'file')} under ${shown(mount)} could not be tried.`,
      fix: '# trying as other users needs root on the runner (sudo -n)\nhost-access: required',
      location: { kind: 'mount', path: mount }
    }
  })
}

export const secretReadableByOthers = makeRule(
  {
    slug: 'secret-readable-by-others',
    severities: ['error', 'warning'],
    title: 'Other users can read what the program wrote',
    says: 'Another user inside the container can read a file that the program made under the tmpfs: an error where the declared mode promised otherwise. A warning too where it could not be tried.',
    why: 'A second process in the container, of a helper or of an intruder, reads the secret without being the program. Files that the check delivered itself are not judged.',
    how: {
      host: "Tried, not deduced: as a uid that nobody has, and as each other user of the image's passwd, by the kernel's own answer.",
      inside: 'Tried by `docker exec` as these users.'
    },
    fix: `Let the program make its files for itself only, and give the mount a mode that keeps others out:\n\n${fenced('dockerfile', 'CMD ["sh", "-c", "umask 077; exec /app/start"]')}\n\n${fenced('yaml', 'tmpfs: /app/tmp:size=16k,mode=0700')}`,
    limits:
      'Root is not tried, for root reads everything. Many files or users are tried only up to a limit; the rest is told as not tried. Groups beyond those of passwd are not tried.'
  },
  judge
)
