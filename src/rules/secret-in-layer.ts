import { formsOf, idOf, shown, subject } from './format.js'
import { hitRule, itemOf, type Sighting } from './hits.js'
import { buildSecretLines } from './lines.js'
import { fenced } from './rule.js'

type Seen = Sighting<'layer'>

function message({ secret, location, forms, evidence }: Seen): string {
  const deleted = location.deleted ? ', deleted by a later layer but still shipped' : ''
  return `${subject(secret)} is in ${layerOf(location.index, evidence)} (${itemOf(location)}, ${formsOf(forms)})${deleted}: everyone who can pull the image can read it.`
}

/** Counted from 1, as people count the layers of `docker history`. */
function layerOf(index: number | null, { image }: Seen['evidence']): string {
  if (index === null) return 'an image layer'
  return image === null ? `image layer ${index + 1}` : `image layer ${index + 1} of ${image.layers.length}`
}

function fix({ secret, location }: Seen): string {
  const outer = location.path.split('!')[0] ?? ''
  const name = shown(outer.slice(outer.lastIndexOf('/') + 1))
  return [
    '# for a command that needs it while it builds; a later RUN rm does not help, the layer below still ships it',
    buildSecretLines(idOf(secret)),
    '# for a file that COPY or ADD brought in, a line of .dockerignore:',
    `#   **/${name}`,
    '# if the image was pushed, change the secret'
  ].join('\n')
}

export const secretInLayer = hitRule(
  {
    slug: 'secret-in-layer',
    severities: ['error', 'warning'],
    title: 'Secret in an image layer',
    says: 'A secret is in a file, a name, a link target or an attribute of a layer, also when a later layer deletes or overwrites it.',
    why: 'Everyone who can pull the image has all its layers. A file that a later layer deletes is hidden in the container and shipped all the same.',
    how: {
      host: 'By walking the layer directories that the root mount of the container names.',
      engine:
        'By `docker save`: every byte of each layer, tar headers and padding too, with the digest of each layer proved (`layers: archive` asks for this way).'
    },
    fix: `Mount it for the one command that needs it, and keep files out of \`COPY\` by \`.dockerignore\`:\n\n${fenced('dockerfile', '# syntax=docker/dockerfile:1\nRUN --mount=type=secret,id=db_password ./build.sh')}\n\n${fenced('yaml', 'secrets: db_password=${{ secrets.DB_PASSWORD }}\nbuild-secrets: db_password')}`,
    limits:
      'Forms of your own (encrypted, split, hashed) are not known. Archives are opened to depth 3 and within limits; past a limit the source is not complete. The walk of the host view sees files, not the bytes between them in the archive. The build cache is not part of the image.'
  },
  { kind: 'layer', message, fix }
)
