import { formsOf, idOf, shown, subject } from './format.js'
import { hitRule } from './hits.js'
import { buildSecretLines } from './lines.js'
import { fenced } from './rule.js'

export const secretInAttestation = hitRule(
  {
    slug: 'secret-in-attestation',
    severities: ['error', 'warning'],
    title: 'Secret in an attestation',
    says: 'A secret is in an attestation that is attached to the image: build arguments or the Dockerfile in its provenance, names in its SBOM.',
    why: 'Attestations are pushed with the image and are made to be read. The provenance holds build arguments, and with `mode=max` the Dockerfile itself, in base64.',
    how: {
      engine:
        'By the index in `docker save`, every attestation manifest and its blobs, also inside the base64 they hold.'
    },
    fix: `A build secret is in no attestation:\n\n${fenced('dockerfile', 'RUN --mount=type=secret,id=db_password ./build.sh')}\n\nor make no provenance:\n\n${fenced('yaml', 'build-options: --provenance=false --sbom=false')}`,
    limits:
      'The classic image store cannot hold attestations, so there are none to look at: those of the pushed image are made later. Signatures and attestations that are only in the registry are not fetched.'
  },
  {
    kind: 'attestation',
    message: ({ secret, location, forms }) =>
      `${subject(secret)} is in an attestation of the image (${shown(location.predicateType)}, ${formsOf(forms)}): it is pushed with the image, for everyone to read.`,
    fix: ({ secret }) =>
      [
        '# a build secret is in no attestation, a build argument is',
        buildSecretLines(idOf(secret)),
        '# or make none, in the workflow: build-options: --provenance=false --sbom=false'
      ].join('\n')
  }
)
