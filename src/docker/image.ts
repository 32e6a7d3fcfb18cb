/** Building or finding the image, and resolving it once to its ID. */
import type { BuildInputs } from '../inputs/types.js'
import { buildCommand, type SecretFile } from './args.js'
import type { StreamedCommand } from './cli.js'
import { EngineError } from './errors.js'
import { imageTag } from './labels.js'
import { parseJson, single, type HistoryEntry, type ImageJson } from './parse.js'
import { lastWords, type Session } from './session.js'

const BUILD_MS = 30 * 60_000
const PULL_MS = 10 * 60_000

/** Starts the build; the caller reads its output to the end and then calls {@link buildEnded}. */
export function startBuild(
  session: Session,
  build: BuildInputs,
  options: { buildKit: boolean; secrets: readonly SecretFile[] }
): StreamedCommand {
  if (build.secrets.length > 0 && !options.buildKit) {
    throw new EngineError('BUILD_FAILED', {
      phase: 'build',
      message: 'build-secrets need BuildKit, and this docker client has no buildx.',
      remedy: '- uses: docker/setup-buildx-action@v3   # before this step'
    })
  }
  const command = buildCommand(build, session.identity, options)
  return session.cli.stream(command.args, { env: command.env, timeoutMs: BUILD_MS, signal: session.signal })
}

/** Returns the ID of the image that was built, or throws EngineError BUILD_FAILED with the build's last words. */
export async function buildEnded(session: Session, command: StreamedCommand, tail: string): Promise<ImageJson> {
  const exit = await command.exit
  if (exit.code !== 0) {
    throw new EngineError('BUILD_FAILED', {
      phase: 'build',
      message: `docker build failed (${exit.reason ?? 'unknown'}): ${lastWords(session, tail)}`,
      remedy: 'docker build .   # run the same build locally to see all of its output'
    })
  }
  return inspectImage(session, imageTag(session.identity.id))
}

/** Returns the image, pulled when it is not present. Throws EngineError NO_IMAGE. */
export async function resolveImage(
  session: Session,
  reference: string,
  options: { pull: boolean; platform: string | null }
): Promise<ImageJson> {
  if (!options.pull) {
    const found = await session.cli.text(['image', 'inspect', '--', reference])
    if (found.code === 0) return single(found.stdout, 'docker image inspect') as ImageJson
  }
  const platform = options.platform === null ? [] : ['--platform', options.platform]
  const pulled = await session.cli.text(['pull', '--quiet', ...platform, '--', reference], { timeoutMs: PULL_MS })
  if (pulled.code !== 0) {
    throw new EngineError('NO_IMAGE', {
      phase: 'image',
      message: `image ${session.clean(reference)} is not on the engine and could not be pulled (${pulled.reason ?? ''}): ${lastWords(session, pulled.stderr, 1)}`,
      remedy: 'image: ghcr.io/OWNER/NAME:TAG   # and log in before this step: docker/login-action'
    })
  }
  return inspectImage(session, reference)
}

/** `docker image inspect` of one image; throws EngineError. */
export async function inspectImage(session: Session, reference: string): Promise<ImageJson> {
  const result = await session.cli.text(['image', 'inspect', '--', reference])
  if (result.code !== 0) {
    throw new EngineError('NO_IMAGE', {
      phase: 'image',
      message: `docker image inspect failed (${result.reason ?? ''}): ${lastWords(session, result.stderr, 1)}`,
      remedy: 'Another job may have removed the image: run the check again.'
    })
  }
  return single(result.stdout, 'docker image inspect') as ImageJson
}

/**
 * The image's history, oldest first, by `docker history`: untruncated commands, sizes and comments. null when the engine
 * cannot say. `empty_layer` cannot be told from it: the config blob of `docker save` has that.
 */
export async function imageHistory(session: Session, imageId: string): Promise<HistoryEntry[] | null> {
  const result = await session.cli.text(['history', '--no-trunc', '--format', '{{json .}}', '--', imageId])
  if (result.code !== 0) return null
  const lines = result.stdout.split('\n').filter((line) => line.trim() !== '')
  return lines
    .map((line) => parseJson(line, 'docker history') as { CreatedBy?: string; Comment?: string; Size?: string })
    .map((each) => ({ created_by: each.CreatedBy ?? '', comment: each.Comment ?? '', empty_layer: each.Size === '0B' }))
    .reverse()
}
