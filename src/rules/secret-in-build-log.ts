import { formsOf, idOf, subject } from './format.js'
import { hitRule } from './hits.js'
import { fenced } from './rule.js'

export const secretInBuildLog = hitRule(
  {
    slug: 'secret-in-build-log',
    severities: ['error', 'warning'],
    title: 'Secret in the output of the build',
    says: 'A secret is in the output of the build.',
    why: 'The output goes to the log of the workflow, which everyone who may read the repository can read, and which is kept for months. The runner masks only a few forms of a secret.',
    how: { engine: 'By the output of `docker build`, as it comes.' },
    fix: `Let no command of the build print it; \`set -x\` does so too:\n\n${fenced('dockerfile', 'RUN --mount=type=secret,id=db_password set +x; ./build.sh > /dev/null')}`,
    limits:
      'A step that comes from the cache prints nothing: what it printed the first time is not seen (`no-cache: true` runs it again). An image that was not built here has no such output.'
  },
  {
    kind: 'build-log',
    message: ({ secret, location, forms }) =>
      `${subject(secret)} is in line ${location.line} of the output of the build (${formsOf(forms)}): who can read the log of the workflow can read it.`,
    fix: ({ secret }) =>
      `# print nothing of it: no echo, no cat, no set -x\nRUN --mount=type=secret,id=${idOf(secret)} set +x; ./build.sh > /dev/null`
  }
)
