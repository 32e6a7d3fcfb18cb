import { formsOf, shown, subject } from './format.js'
import { hitRule, itemOf, type Sighting } from './hits.js'
import { fenced } from './rule.js'

type Seen = Sighting<'volume'>

const TYPES = { volume: 'a volume', bind: 'a bind mount', other: 'a mount' }

function message({ secret, location, forms }: Seen): string {
  return `${subject(secret)} is in ${TYPES[location.type]} on disk at ${shown(location.destination)} (${itemOf(location)}, ${formsOf(forms)}): it outlives the container.`
}

function fix({ location, evidence }: Seen): string {
  const own = evidence.mounts.map(({ declared }) => `  ${shown(declared.text)}`)
  const destination = shown(location.destination)
  return [
    `# make ${destination} memory too, or let the program keep the secret elsewhere`,
    'tmpfs: |',
    ...own,
    `  ${destination}:size=64k,mode=0700`
  ].join('\n')
}

export const secretInVolume = hitRule(
  {
    slug: 'secret-in-volume',
    severities: ['error', 'warning'],
    title: 'Secret in a volume or bind mount',
    says: 'A secret is in a volume or a bind mount that is not memory.',
    why: 'Volumes are made to outlive the container, are backed up and shared. A `VOLUME` of the image makes one that nobody asked for, and it stays on disk after the container is gone.',
    how: {
      host: 'By walking the source of each mount on the host, unless the kernel says it is memory.',
      engine: 'By `docker cp` of each destination.'
    },
    fix: `Take the path out of \`VOLUME\`, or mount a tmpfs over it:\n\n${fenced('yaml', 'tmpfs: |\n  /app/tmp:size=16k,mode=1770\n  /data:size=64k,mode=0700')}`,
    limits:
      'Everything in a volume is searched, also what was there before the run. What a volume driver keeps elsewhere is not seen.'
  },
  { kind: 'volume', message, fix }
)
