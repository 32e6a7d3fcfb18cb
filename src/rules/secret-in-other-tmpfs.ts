import { formsOf, shown, subject } from './format.js'
import { hitRule, itemOf, type Sighting } from './hits.js'
import { fenced } from './rule.js'

type Seen = Sighting<'memory'>

function fix({ location, evidence }: Seen): string {
  const own = evidence.mounts.map(({ declared }) => `  ${shown(declared.text)}`)
  return [
    '# declare that place too, with a size and a mode of its own, or let the program keep to the first one',
    'tmpfs: |',
    ...own,
    `  ${shown(location.mount)}:size=64k,mode=0700`
  ].join('\n')
}

export const secretInOtherTmpfs = hitRule(
  {
    slug: 'secret-in-other-tmpfs',
    severities: ['error', 'warning'],
    title: 'Secret in memory outside the declared paths',
    says: 'A secret is in memory, but outside the declared paths, in `/dev/shm` for example.',
    why: 'It is not on disk, but not where you decided either: `/dev/shm` is open to every user of the container (mode 1777), and may be shared with other containers (`--ipc`).',
    how: {
      host: 'By reading every other tmpfs of the container through `/proc/<pid>/root`.',
      inside: 'By `docker exec` of tar, cat or ls in the container.'
    },
    fix: `Let the program keep to the declared path, or declare the other one too:\n\n${fenced('yaml', 'tmpfs: |\n  /app/tmp:size=16k,mode=1770\n  /dev/shm:size=1m,mode=0700')}`,
    limits:
      'System V shared memory that no process has mapped has no file to read. Memory of a process that is in no file is not searched.'
  },
  {
    kind: 'memory',
    expected: (location) => location.declared,
    message: ({ secret, location, forms }) =>
      `${subject(secret)} is in memory outside the declared paths, at ${shown(location.mount)} (${itemOf(location)}, ${formsOf(forms)}): others in the container may reach it there.`,
    fix
  }
)
