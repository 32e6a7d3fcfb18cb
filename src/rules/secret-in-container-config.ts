import { formsOf, idOf, shown, subject } from './format.js'
import { hitRule, type Sighting } from './hits.js'
import { fileDeliveryLines } from './lines.js'
import { fenced } from './rule.js'

type Seen = Sighting<'container-config'>

function message({ secret, location, forms }: Seen): string {
  const by =
    secret.delivered === 'env' && location.field.startsWith('Config.Env') ? ' (`deliver: env` puts it there)' : ''
  return `${subject(secret)} is in the container's configuration (${shown(location.field)}, ${formsOf(forms)})${by}: the engine keeps it on disk, and docker inspect shows it.`
}

function fix({ secret, evidence }: Seen): string {
  const mount = shown(evidence.mounts[0]?.declared.path ?? '/run/secrets')
  return [
    '# as a file in memory instead of env, command, labels or run-options',
    fileDeliveryLines(idOf(secret), mount)
  ].join('\n')
}

export const secretInContainerConfig = hitRule(
  {
    slug: 'secret-in-container-config',
    severities: ['error', 'warning'],
    title: "Secret in the container's configuration",
    says: 'A secret is in what `docker inspect` shows of the container: an environment variable, the command, a label, an option.',
    why: 'The engine writes the configuration of each container to its own disk (`config.v2.json`) and shows it to everyone who may ask it.',
    how: {
      engine:
        'By every field and name of `docker container inspect`, but for what the image has in the same field already.'
    },
    fix: `Deliver it as a file in memory, not by \`-e\`, \`env\`, a command or a label:\n\n${fenced('yaml', 'deliver: file\nsecrets: db_password=${{ secrets.DB_PASSWORD }}')}`,
    limits: 'What an orchestrator keeps of its own (Compose files, Swarm, Kubernetes objects) is not looked at.'
  },
  { kind: 'container-config', message, fix }
)
