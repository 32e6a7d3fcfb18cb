/** Removes what a run made, found by its label: at the end, on every way out, and from post. */
import type { DockerCli } from './cli.js'
import { DEADLINE_LABEL, imageTag, RUN_LABEL } from './labels.js'

const TRIES = 3
const RETRY_MS = 500

/** What could not be removed: IDs, and our own tag. Empty when nothing of the run is left. */
export interface Leftovers {
  containers: string[]
  images: string[]
  volumes: string[]
  /** The engine could not be asked. */
  unknown: boolean
}

/** What of a run is on the engine. */
interface Found extends Omit<Leftovers, 'images'> {
  /** Whether there is an image of our tag; null: the engine did not say. */
  tagged: boolean | null
  untagged: string[]
}

/** What a run made that bears no label: volumes it named, images of the legacy builder's steps. */
export interface Own {
  volumes: readonly string[]
  /** Newest first. */
  images: readonly string[]
}

const NONE: Own = { volumes: [], images: [] }

/**
 * Removes containers (with their anonymous volumes), the built image and labelled volumes of one run. Where there is
 * nothing, the engine is only asked.
 */
export async function removeRun(cli: DockerCli, runId: string, own: Own = NONE): Promise<Leftovers> {
  let left = await find(cli, runId)
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const isFirst = attempt === 0
    if (isEmpty(left) && !(isFirst && own.volumes.length + own.images.length > 0)) break
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    if (left.containers.length > 0) await cli.text(['rm', '--force', '--volumes', ...left.containers])
    if (left.tagged !== false) await cli.text(['rmi', '--no-prune', imageTag(runId)])
    await removeUntagged(cli, [...left.untagged, ...(isFirst ? own.images : [])])
    const volumes = [...left.volumes, ...own.volumes]
    if (volumes.length > 0) await cli.text(['volume', 'rm', '--force', ...volumes])
    left = await find(cli, runId)
  }
  const { containers, tagged, untagged, volumes, unknown } = left
  return { containers, images: [...(tagged === true ? [imageTag(runId)] : []), ...untagged], volumes, unknown }
}

/**
 * Images that the user's own `--tag` in build-options keeps are theirs; the others go, newest first: each may be the
 * parent of the one before. One that cannot be removed does not hold up the others.
 */
async function removeUntagged(cli: DockerCli, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  // Those that are gone are told on stderr only.
  const { stdout } = await cli.text(['image', 'inspect', '--format', '{{.Id}} {{json .RepoTags}}', ...ids])
  const untagged = lines(stdout).flatMap((line) => /^(\S+) (?:null|\[\])$/.exec(line)?.[1] ?? [])
  if (untagged.length > 0) await cli.text(['rmi', '--no-prune', ...untagged])
}

/** Our tag is asked for by name: a listing of all tagged images takes long where there are hundreds. */
async function find(cli: DockerCli, runId: string): Promise<Found> {
  const filter = ['--filter', `label=${RUN_LABEL}=${runId}`]
  const [containers, untagged, tagged, volumes] = await Promise.all([
    cli.text(['ps', '--all', '--quiet', '--no-trunc', ...filter]),
    cli.text(['images', '--quiet', '--no-trunc', '--filter', 'dangling=true', ...filter]),
    cli.text(['image', 'inspect', '--format', '{{.Id}}', imageTag(runId)]),
    cli.text(['volume', 'ls', '--quiet', ...filter])
  ])
  const isTagged = tagged.code === 0 ? true : /no such image/i.test(tagged.stderr) ? false : null
  return {
    containers: lines(containers.stdout),
    untagged: lines(untagged.stdout),
    tagged: isTagged,
    volumes: lines(volumes.stdout),
    unknown: isTagged === null || [containers, untagged, volumes].some(({ code }) => code !== 0)
  }
}

function isEmpty({ unknown, containers, tagged, untagged, volumes }: Found): boolean {
  return !unknown && tagged === false && [containers, untagged, volumes].every((each) => each.length === 0)
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
