import { formsOf, idOf, subject } from './format.js'
import { hitRule } from './hits.js'
import { buildSecretLines } from './lines.js'
import { fenced } from './rule.js'

export const secretInHistory = hitRule(
  {
    slug: 'secret-in-history',
    severities: ['error', 'warning'],
    title: "Secret in the image's history",
    says: "A secret is in the image's history: a build argument or a command of the Dockerfile, a comment or an author.",
    why: 'The history is part of the image and is shown by `docker history --no-trunc`. Each `RUN` is written there with the build arguments that it saw.',
    how: { engine: 'By every entry of the history of the image.' },
    fix: `Instead of \`ARG\`, use a build secret:\n\n${fenced('dockerfile', 'RUN --mount=type=secret,id=db_password ./build.sh')}\n\n${fenced('yaml', 'secrets: db_password=${{ secrets.DB_PASSWORD }}\nbuild-secrets: db_password')}`,
    limits:
      'Build arguments of stages that are not part of the image are not in its history; the provenance may hold them (`secret-in-attestation`).'
  },
  {
    kind: 'history',
    message: ({ secret, location, forms }) =>
      `${subject(secret)} is in entry ${location.index + 1} of the image's history (${location.field}, ${formsOf(forms)}): docker history shows it to everyone who can pull the image.`,
    fix: ({ secret }) =>
      [
        '# instead of ARG or a literal in the command, with build-secrets in the workflow',
        buildSecretLines(idOf(secret))
      ].join('\n')
  }
)
