import type { Evidence } from '../evidence.js'
import { isRead } from './coverage.js'
import { shown } from './format.js'
import { makeRule, fenced, type Draft } from './rule.js'

function judge(evidence: Evidence): Draft[] {
  // What was not read to its end may hold it: then source-unread tells.
  if (!isRead(evidence, 'memory')) return []
  return [...absentSecrets(evidence), ...absentFiles(evidence)]
}

/** Declared secrets that we delivered as files must be there; those given as variables, or only searched for, need not. */
function absentSecrets(evidence: Evidence): Draft[] {
  const path = evidence.mounts[0]?.declared.path ?? null
  const seen = new Set(
    evidence.hits.flatMap(({ secret, location }) => (location.kind === 'memory' && location.declared ? [secret] : []))
  )
  return evidence.secrets.flatMap((secret, index): Draft[] => {
    if (secret.delivered !== 'file' || secret.origin === 'discovered' || seen.has(index)) return []
    return [
      {
        severity: 'error',
        secret: secret.name,
        message: `Secret ${shown(secret.name)} is not under ${shown(path ?? 'any tmpfs')}, where it was delivered: something removed it, or another mount lies over it.`,
        fix: '# the program must not remove what it is given; where it does so on purpose, only search for the secret\ndeliver: none',
        location: path === null ? null : { kind: 'mount', path }
      }
    ]
  })
}

function absentFiles(evidence: Evidence): Draft[] {
  const path = evidence.mounts[0]?.declared.path ?? null
  return evidence.missingFiles.map((glob) => ({
    severity: 'error',
    message: `Nothing under the tmpfs matches the expected file ${shown(glob)}: the program did not write it, or wrote it elsewhere.`,
    fix: `# a relative glob is below the first tmpfs; wait for a file that comes late\nexpect-files: ${yamlWord(glob)}\nwait-for: file:${yamlPath(glob, path)}`,
    location: path === null ? null : { kind: 'mount', path }
  }))
}

function yamlWord(text: string): string {
  return /^[\w./][\w./*-]*$/.test(text) ? text : `'${shown(text).replaceAll("'", "''")}'`
}

function yamlPath(glob: string, mount: string | null): string {
  return shown(glob.startsWith('/') ? glob : `${mount ?? ''}/${glob}`)
}

export const secretNotInTmpfs = makeRule(
  {
    slug: 'secret-not-in-tmpfs',
    severities: ['error'],
    title: 'A secret or file is not under the tmpfs',
    says: 'A declared secret that was delivered as a file, or an expected file, is not under a declared path.',
    why: 'If the secret is not where it belongs, that it is nowhere else proves little: the program did not do what the check is about.',
    how: {
      host: 'By reading every file under `/proc/<pid>/root/<path>`, in all forms of the secret.',
      inside: 'By `docker exec` of tar, cat or ls in the container.'
    },
    fix: `Let the program write under the tmpfs, and wait until it has:\n\n${fenced('yaml', 'expect-files: session.key\nwait-for: file:/app/tmp/session.key')}`,
    limits:
      'With `deliver: env` or `none` a declared secret need not be there; only `nothing-proven` asks that some secret is. It judges the moment of the look.'
  },
  judge
)
