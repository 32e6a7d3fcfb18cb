import type { Evidence } from '../evidence.js'
import { shown } from './format.js'
import { fenced, makeRule, type Draft } from './rule.js'

function judge(evidence: Evidence): Draft[] {
  const proven = evidence.hits.some(({ secret, location }) => {
    const fact = evidence.secrets[secret]
    return location.kind === 'memory' && location.declared && fact?.extent === 'whole'
  })
  if (proven) return []
  const paths = evidence.mounts.map(({ declared }) => shown(declared.path)).join(', ')
  return [
    {
      severity: 'inconclusive',
      message: `No secret was ever seen under ${paths === '' ? 'a tmpfs' : paths}: that none was found elsewhere proves nothing.`,
      fix: '# a name alone lets a random canary stand in for the value\nsecrets: db_password\ndeliver: file',
      location: null
    }
  ]
}

export const nothingProven = makeRule(
  {
    slug: 'nothing-proven',
    severities: ['inconclusive'],
    title: 'No secret was ever under the tmpfs',
    says: 'No secret was ever seen under a declared path, so that "nowhere else" means nothing.',
    why: 'A check that searches for nothing finds nothing. At least one whole secret, delivered or written by the program, has to be seen in its place.',
    how: {
      host: 'By reading every file under the declared paths.',
      inside: 'By `docker exec` of tar, cat or ls in the container.'
    },
    fix: `Deliver a secret (a name alone makes a random canary), or wait until the program has written one:\n\n${fenced('yaml', 'secrets: db_password\ndeliver: file')}\n\n${fenced('yaml', 'discover: true\nwait-for: file:/app/tmp/session.key')}`,
    limits: 'A canary shows where a delivered file goes, not what the program does with the real value.'
  },
  judge
)
