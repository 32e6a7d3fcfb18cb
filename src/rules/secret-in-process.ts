import { formsOf, idOf, shown, subject } from './format.js'
import { hitRule, type Sighting } from './hits.js'
import { fileDeliveryLines } from './lines.js'
import { fenced } from './rule.js'

type Seen = Sighting<'process'>

function message({ secret, location, forms }: Seen): string {
  const who = `${subject(secret)} is in`
  const of = `of process ${location.pid} (${shown(location.detail)}, ${formsOf(forms)})`
  switch (location.where) {
    case 'cmdline':
      return `${who} the command line ${of}: every user of the container and of the host can read it.`
    case 'environ':
      return `${who} the environment ${of}: its children inherit it, and crash reports and debug pages print it.`
    case 'fd':
      return `${who} an open file without a name ${of}: it is outside the declared paths, where no check of modes or files sees it.`
  }
}

function fix({ secret, location, evidence }: Seen): string {
  const mount = shown(evidence.mounts[0]?.declared.path ?? '/run/secrets')
  const id = idOf(secret)
  const why =
    location.where === 'fd'
      ? '# let the program keep it in a named file under the tmpfs, and not hand on memfd or deleted files'
      : '# the program reads a file under the tmpfs: no option, and no variable, holds the value'
  return [why, fileDeliveryLines(id, mount)].join('\n')
}

export const secretInProcess = hitRule(
  {
    slug: 'secret-in-process',
    severities: ['error', 'warning'],
    title: 'Secret in the process table',
    says: 'A secret is in a command line, or in an open file without a name (unlinked, or a memfd); as a warning, in an environment.',
    why: 'A command line can be read by every user of the container and of the host. An environment is for the owner only, but is inherited by every child, and printed by many tools when something goes wrong.',
    how: {
      host: 'By `/proc/<pid>/cmdline`, `environ` and `fd` of every process of the container.',
      engine: 'By `docker top` for command lines.',
      inside: 'By `/proc` as root in the container sees it.'
    },
    fix: `Let the program read a file:\n\n${fenced('yaml', 'deliver: file\nsecrets: db_password=${{ secrets.DB_PASSWORD }}')}\n\n${fenced('dockerfile', 'CMD ["/app/start", "--password-file", "/app/tmp/db_password"]')}`,
    limits: 'Processes that were gone before the look are not seen, and the heap of a process is not searched.'
  },
  { kind: 'process', severity: ({ where }) => (where === 'environ' ? 'warning' : 'error'), message, fix }
)
