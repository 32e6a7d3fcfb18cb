import { formsOf, subject } from './format.js'
import { hitRule } from './hits.js'
import { fenced } from './rule.js'

const STREAMS = {
  stdout: 'the standard output of the container',
  stderr: 'the standard error of the container',
  health: 'the output of the health check'
}

export const secretInLogs = hitRule(
  {
    slug: 'secret-in-logs',
    severities: ['error', 'warning'],
    title: "Secret in the container's log",
    says: 'A secret is in what the container prints, or in the output of its health check.',
    why: 'The engine writes the output of a container to its disk and often sends it on to a collector of logs. The output of health checks is kept with the configuration of the container.',
    how: {
      engine:
        'By the output of the container, captured from before its start to its end without letting the engine store it; of a container that ran already by `docker logs`. Health checks by `docker inspect`.'
    },
    fix: `Print nothing of it: no \`set -x\`, no dump of the environment, no debug output. Log that it was read, not what:\n\n${fenced('dockerfile', 'CMD ["/app/start", "--log-level=info"]')}`,
    limits:
      'Logs that the program writes to files are found where they lie. What it sends over the network is not seen. Of health checks the engine keeps the last five, 4096 bytes of each.'
  },
  {
    kind: 'log',
    message: ({ secret, location, forms }) =>
      `${subject(secret)} is in line ${location.line} of ${STREAMS[location.stream]} (${formsOf(forms)}): the engine keeps it on disk, and log collectors carry it on.`,
    fix: () =>
      '# print nothing of it: no set -x, no dump of the environment, no debug output\nCMD ["/app/start", "--log-level=info"]'
  }
)
