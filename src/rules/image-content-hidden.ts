import type { Evidence } from '../evidence.js'
import { isRead } from './coverage.js'
import { listed, plural, shown } from './format.js'
import { atMount } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

const MOST_EXAMPLES = 3

function judge(evidence: Evidence): Draft[] {
  return evidence.mounts.flatMap((fact): Draft[] => {
    const path = shown(fact.declared.path)
    const { imageContent } = fact
    const location = atMount(fact)
    if (imageContent === null) {
      // Where the layers were not read, source-unread tells.
      if (!isRead(evidence, 'layers')) return []
      const message = `Whether the image ships files at ${path}, hidden by the tmpfs, could not be told.`
      return [{ severity: 'warning', message, fix: 'layers: archive', location }]
    }
    if (imageContent.items === 0) return []
    const examples = imageContent.examples.slice(0, MOST_EXAMPLES).map((each) => shown(each))
    const some =
      examples.length === 0 ? '' : ` (${listed(examples)}${imageContent.items > examples.length ? ', …' : ''})`
    return [
      {
        severity: 'warning',
        message: `The image ships ${plural(imageContent.items, 'file')} at ${path}${some}: the tmpfs hides them from the program, and everyone who can pull the image reads them.`,
        fix: fixOf(fact.declared.path),
        location
      }
    ]
  })
}

/** The last part of the path is likely to be the same directory in the build context. */
function fixOf(path: string): string {
  const name = shown(path.slice(path.lastIndexOf('/') + 1))
  return [
    '# what a RUN makes there must be gone by the end of the same RUN',
    `RUN ./build.sh && rm -rf ${/^[\w./-]+$/.test(path) ? path : '/app/tmp'}`,
    '# what COPY brings in is kept out by a line of .dockerignore:',
    `#   **/${name}`
  ].join('\n')
}

export const imageContentHidden = makeRule(
  {
    slug: 'image-content-hidden',
    severities: ['warning'],
    title: 'The image ships files under the mount',
    says: 'The image ships files at a declared path: hidden by the mount, but still in the image.',
    why: 'A tmpfs covers what the image has at its path and does not copy it. The program sees nothing of it, while everyone who can pull the image does. Often it is what a build or a test wrote there.',
    how: {
      host: 'By the layer directories that the root mount of the container names.',
      engine: 'By the entries of each layer in `docker save`.'
    },
    fix: `Keep the directory empty in the image:\n\n${fenced('dockerfile', '# and in .dockerignore: **/tmp\nRUN ./build.sh && rm -rf /app/tmp')}`,
    limits:
      'Whether the files matter is not judged: if one holds a secret, `secret-in-layer` says so. Empty directories are not told.'
  },
  judge
)
