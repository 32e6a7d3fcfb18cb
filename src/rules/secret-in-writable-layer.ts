import { formsOf, shown, subject } from './format.js'
import { hitRule, itemOf, type Sighting } from './hits.js'
import { fenced } from './rule.js'

type Seen = Sighting<'writable-layer'>

function message({ secret, location, forms }: Seen): string {
  const under = location.underMount === null ? '' : `, on disk underneath the tmpfs ${shown(location.underMount)}`
  const late = location.afterStop ? ', written while the container stopped' : ''
  return `${subject(secret)} is on disk in the container's writable layer (${itemOf(location)}, ${formsOf(forms)})${under}${late}: it stays there until the container is removed.`
}

function fix({ location, evidence }: Seen): string {
  const mount = shown(evidence.mounts[0]?.declared.path ?? '/app/tmp')
  const why =
    location.underMount === null
      ? '# let the program write under the tmpfs, and take the disk away from it'
      : '# docker cp into a tmpfs, and what is written before it is mounted, land on the disk below: deliver files in memory'
  const lines = location.underMount === null ? [`env: TMPDIR=${mount}`] : ['deliver: file']
  return [why, ...lines, 'read-only: true'].join('\n')
}

export const secretInWritableLayer = hitRule(
  {
    slug: 'secret-in-writable-layer',
    severities: ['error', 'warning'],
    title: 'Secret on disk in the container',
    says: 'A secret is on disk in the container: in its writable layer, also underneath the mount, or in `/etc/hosts`, `/etc/hostname` or `/etc/resolv.conf`, which the engine keeps beside it.',
    why: 'The writable layer is a directory on the disk of the host. It outlives the container until that is removed, `docker commit` makes an image of it, and `docker cp` into a tmpfs lands there without a word, hidden by the mount.',
    how: {
      host: 'By walking the upper directory of the overlay that the root mount of the container names, after the container has stopped, and the files that the engine has bound over `/etc/hosts` and its like. A control value is planted there and must be found.',
      engine:
        'By `docker diff` for the list, and `docker cp` or `docker export` for the content; `docker cp` of the files that the engine binds.'
    },
    fix: `Let the program write under the tmpfs; with a read-only root it cannot write anywhere else:\n\n${fenced('yaml', 'env: TMPDIR=/app/tmp\nread-only: true')}`,
    limits:
      'What was written and deleted before the look is not seen, unless `read-only` made it impossible. Blocks that the file system has freed may hold it still.'
  },
  { kind: 'writable-layer', message, fix }
)
