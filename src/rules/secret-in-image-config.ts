import { formsOf, idOf, shown, subject } from './format.js'
import { hitRule } from './hits.js'
import { buildSecretLines } from './lines.js'
import { fenced } from './rule.js'

export const secretInImageConfig = hitRule(
  {
    slug: 'secret-in-image-config',
    severities: ['error', 'warning'],
    title: "Secret in the image's configuration",
    says: "A secret is in the image's configuration: an environment variable, a label, the command, the health check.",
    why: 'The configuration goes wherever the image goes, and `docker image inspect` shows it to everyone who can pull it. Each container of the image inherits it.',
    how: { engine: 'By every field and name of `docker image inspect`.' },
    fix: `Take it out of \`ENV\`, \`LABEL\`, \`CMD\`, \`ENTRYPOINT\` and \`HEALTHCHECK\`; let the program read a file under the tmpfs when it starts:\n\n${fenced('dockerfile', 'ENV DB_PASSWORD_FILE=/app/tmp/db_password')}\n\nand for the build:\n\n${fenced('dockerfile', 'RUN --mount=type=secret,id=db_password ./build.sh')}`,
    limits:
      'A value that is put together only at run time, from several variables, is not seen here; `secret-in-process` may.'
  },
  {
    kind: 'image-config',
    message: ({ secret, location, forms }) =>
      `${subject(secret)} is in the image's configuration (${shown(location.field)}, ${formsOf(forms)}): everyone who can pull the image reads it with docker image inspect.`,
    fix: ({ secret }) =>
      [
        '# instead of ENV, LABEL, CMD or HEALTHCHECK: the program reads it from a file under the tmpfs when it starts,',
        '# and a command of the build from a build secret',
        buildSecretLines(idOf(secret))
      ].join('\n')
  }
)
