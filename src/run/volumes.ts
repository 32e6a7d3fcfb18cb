/** Named volumes that this run makes by naming them in run-options: they are ours to remove. */
import { inspectContainer } from '../docker/container.js'
import type { RunContext } from './context.js'

/** The volumes there are; null when no run option can make one. */
export async function volumeNames(context: RunContext): Promise<Set<string> | null> {
  if (!context.inputs.run.options.some((word) => /^(-v|--volume|--mount)/.test(word))) return null
  const result = await context.session.cli.text(['volume', 'ls', '--quiet'])
  return result.code === 0 ? new Set(result.stdout.split('\n').filter((name) => name !== '')) : null
}

/** Notes the volumes that `docker create` made although they were not there before; anonymous ones go with the container. */
export async function noteNewVolumes(
  context: RunContext,
  containerId: string,
  before: Set<string> | null
): Promise<void> {
  if (before === null) return
  const container = await inspectContainer(context.session, containerId)
  for (const mount of container?.Mounts ?? []) {
    if (mount.Type === 'volume' && mount.Name !== undefined && !before.has(mount.Name))
      context.journal.volume(mount.Name)
  }
}
