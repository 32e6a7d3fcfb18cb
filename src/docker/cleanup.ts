/** Removes what a run made, found by its label: at the end, on every way out, and from post. */
import type { DockerCli } from './cli.js'
import { DEADLINE_LABEL, imageTag, RUN_LABEL } from './labels.js'

const TRIES = 3
const RETRY_MS = 500

/** What could not be removed: IDs only. Empty when nothing of the run is left. */
export interface Leftovers {
  containers: string[]
  images: string[]
  volumes: string[]
  /** The engine could not be asked. */
  unknown: boolean
}

/** What a run made that bears no label: volumes it named, images of the legacy builder's steps. */
export interface Own {
  volumes: readonly string[]
  images: readonly string[]
}

const NONE: Own = { volumes: [], images: [] }

/** Removes containers (with their anonymous volumes), the built image and labelled volumes of one run. */
export async function removeRun(cli: DockerCli, runId: string, own: Own = NONE): Promise<Leftovers> {
  let left = await find(cli, runId)
  for (let attempt = 0; attempt < TRIES && (attempt === 0 || !isEmpty(left)); attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    if (left.containers.length > 0) await cli.text(['rm', '--force', '--volumes', ...left.containers])
    await cli.text(['rmi', '--no-prune', imageTag(runId)])
    // One by one and newest first: each is the parent of the one before.
    for (const id of attempt === 0 ? own.images : []) await cli.text(['rmi', '--no-prune', id])
    if (left.images.length > 0) await removeUntagged(cli, left.images)
    const volumes = [...left.volumes, ...own.volumes]
    if (volumes.length > 0) await cli.text(['volume', 'rm', '--force', ...volumes])
    left = await find(cli, runId)
  }
  return left
}

/** Images that the user's own `--tag` in build-options keeps are theirs; the others go. */
async function removeUntagged(cli: DockerCli, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const tags = await cli.text(['image', 'inspect', '--format', '{{json .RepoTags}}', id])
    if (tags.code === 0 && /^(null|\[\])$/.test(tags.stdout.trim())) await cli.text(['rmi', '--no-prune', id])
  }
}

async function find(cli: DockerCli, runId: string): Promise<Leftovers> {
  const filter = ['--filter', `label=${RUN_LABEL}=${runId}`]
  const [containers, images, volumes] = await Promise.all([
    cli.text(['ps', '--all', '--quiet', '--no-trunc', ...filter]),
    cli.text(['images', '--quiet', '--no-trunc', '--filter', 'dangling=true', ...filter]),
    cli.text(['volume', 'ls', '--quiet', ...filter])
  ])
  return {
    containers: lines(containers.stdout),
    images: lines(images.stdout),
    volumes: lines(volumes.stdout),
    unknown: containers.code !== 0 || images.code !== 0 || volumes.code !== 0
  }
}

function isEmpty(left: Leftovers): boolean {
  return !left.unknown && left.containers.length + left.images.length + left.volumes.length === 0
}

function lines(text: string): string[] {
  return [
    ...new Set(
      text
        .split('\n')
        .map((each) => each.trim())
        .filter((each) => each !== '')
    )
  ]
}

/**
 * Removes what earlier runs left behind whose own deadline has passed (a killed runner has no post step).
 * Only objects with our label are ever looked at.
 */
export async function removeExpired(cli: DockerCli, now: number): Promise<void> {
  const format = ['--format', `{{.Label "${RUN_LABEL}"}} {{.Label "${DEADLINE_LABEL}"}}`]
  const containers = await cli.text(['ps', '--all', '--filter', `label=${RUN_LABEL}`, ...format])
  const runs = new Set<string>()
  for (const line of lines(containers.stdout)) {
    const [run, deadline] = line.split(' ')
    if (run !== undefined && /^[0-9a-f-]{36}$/.test(run) && Number(deadline) < now) runs.add(run)
  }
  for (const run of runs) await removeRun(cli, run)
}
