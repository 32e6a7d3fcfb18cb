/** Pure: what is said to the engine, as argv. No secret value is ever in it. */
import type { TmpfsSpec } from '../evidence.js'
import type { BuildInputs, RunInputs } from '../inputs/types.js'
import { imageTag, labelArgs } from './labels.js'

/** argv, and what goes into the client's environment because it may be secret. */
export interface Command {
  args: string[]
  env: Record<string, string>
}

export interface RunIdentity {
  id: string
  /** Seconds since 1970. */
  deadline: number
}

/** A secret file on the runner that is bound into the container or offered to the build. */
export interface SecretFile {
  name: string
  /** Path on the runner. */
  source: string
  /** Path in the container; unused for builds. */
  target: string
}

/**
 * Variables that steer the docker client itself. A build argument or container variable of such a name cannot be passed
 * by the client's environment without changing the client; it goes into argv, which is why no secret may have one.
 */
const CLIENT_VARIABLE =
  /^(PATH|HOME|USER|SHELL|PWD|TMPDIR|LANG|LC_.*|DOCKER_.*|BUILDX_.*|BUILDKIT_.*|LD_.*|GODEBUG|GO.*|XDG_.*|SSL_.*|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|https?_proxy|no_proxy|all_proxy)$/

/** Whether a name steers the docker client (see CLIENT_VARIABLE). */
export function steersClient(name: string): boolean {
  return CLIENT_VARIABLE.test(name)
}

/** Splits `NAME=VALUE` words into flags and environment: `--flag NAME` with the value in the client's environment. */
function byEnvironment(flag: string, pairs: readonly string[]): Command {
  const args: string[] = []
  const env: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = at < 0 ? pair : pair.slice(0, at)
    if (at < 0 || steersClient(name)) {
      args.push(flag, pair)
    } else {
      args.push(flag, name)
      env[name] = pair.slice(at + 1)
    }
  }
  return { args, env }
}

/** `docker build` for the build inputs. `buildKit` says whether buildx stands behind `docker build`. */
export function buildCommand(
  build: BuildInputs,
  run: RunIdentity,
  options: { buildKit: boolean; secrets: readonly SecretFile[] }
): Command {
  const buildArgs = byEnvironment('--build-arg', build.buildArgs)
  const args = ['build', '--file', build.file, '--tag', imageTag(run.id), ...labelArgs(run.id, run.deadline)]
  // The legacy builder leaves the container of a step that failed, without a label, unless told not to.
  args.push(...(options.buildKit ? ['--progress', 'plain', '--load'] : ['--force-rm']))
  if (build.target !== null) args.push('--target', build.target)
  if (build.platform !== null) args.push('--platform', build.platform)
  if (build.pull) args.push('--pull')
  // A secret is no part of the cache key: a cached step would hold the value of an earlier build (docker/buildx#651).
  if (build.noCache || options.secrets.length > 0) args.push('--no-cache')
  args.push(...buildArgs.args)
  for (const secret of options.secrets) args.push('--secret', `id=${secret.name},src=${secret.source}`)
  args.push(...build.options, '--', build.context)
  return { args, env: { ...buildArgs.env, DOCKER_BUILDKIT: options.buildKit ? '1' : '0' } }
}

/** The `--tmpfs` or `--mount` words of one spec, as the user wrote it but with the path normalised. */
export function tmpfsArgs(spec: TmpfsSpec): string[] {
  return spec.syntax === 'mount' ? ['--mount', mountWord(spec)] : ['--tmpfs', tmpfsWord(spec)]
}

function mountWord(spec: TmpfsSpec): string {
  const words = ['type=tmpfs', csv(`dst=${spec.path}`)]
  if (spec.size !== null) words.push(`tmpfs-size=${spec.size}`)
  if (spec.mode !== null) words.push(`tmpfs-mode=${spec.mode}`)
  if (spec.readOnly) words.push('readonly')
  return words.join(',')
}

/** A field of `--mount`, which the client reads as CSV (docker/cli opts/mount.go). */
function csv(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

function tmpfsWord(spec: TmpfsSpec): string {
  const options = [...spec.flags, ...(spec.readOnly && !spec.flags.includes('ro') ? ['ro'] : [])]
  if (spec.sizePercent !== null) options.push(`size=${spec.sizePercent}%`)
  else if (spec.size !== null) options.push(`size=${spec.size}`)
  if (spec.mode !== null) options.push(`mode=${spec.mode}`)
  if (spec.uid !== null) options.push(`uid=${spec.uid}`)
  if (spec.gid !== null) options.push(`gid=${spec.gid}`)
  options.push(...spec.other)
  return options.length === 0 ? spec.path : `${spec.path}:${options.join(',')}`
}

export interface CreateRequest {
  /** Image ID, `sha256:…`: nothing else, so that no tag can move under us. */
  imageId: string
  /** What the image runs by itself: needed to wrap it for keep-alive. */
  image: { entrypoint: string[]; cmd: string[] }
  tmpfs: readonly TmpfsSpec[]
  run: RunInputs
  /** Delivered as files: bound read-only inside the tmpfs. */
  files: readonly SecretFile[]
  /** Delivered as variables: values go through the client's environment. */
  variables: readonly { name: string; value: string }[]
}

/**
 * `docker create`. `--log-driver none`: a program that leaks must not make us write its secret to disk.
 * `--pull never`: the image is there, or it is an error.
 */
export function createCommand(request: CreateRequest, identity: RunIdentity): Command {
  const { run } = request
  const given = byEnvironment('--env', run.env)
  const secret = byEnvironment(
    '--env',
    request.variables.map((each) => `${each.name}=${each.value}`)
  )
  const args = ['create', ...labelArgs(identity.id, identity.deadline), '--log-driver', 'none', '--pull', 'never']
  for (const spec of request.tmpfs) args.push(...tmpfsArgs(spec))
  for (const file of request.files)
    args.push('--mount', `type=bind,${csv(`src=${file.source}`)},${csv(`dst=${file.target}`)},readonly`)
  if (run.user !== null) args.push('--user', run.user)
  if (run.network !== null) args.push('--network', run.network)
  if (run.memory !== null) args.push('--memory', String(run.memory), '--memory-swap', String(run.memory))
  if (run.readOnly) args.push('--read-only')
  args.push(...given.args, ...secret.args, ...run.options)
  const { entrypoint, words } = program(request)
  if (entrypoint !== null) args.push('--entrypoint', entrypoint)
  args.push('--', request.imageId, ...words)
  return { args, env: { ...given.env, ...secret.env } }
}

/**
 * Keeps the container of a one-shot program up: runs it, passes SIGTERM on while it runs, then sleeps until told to stop.
 * In the background with `wait`, for a shell defers its traps while a foreground child runs (POSIX, 2.11).
 */
const KEEP_ALIVE = [
  '"$@" & child=$!',
  'trap "kill -TERM $child" TERM INT',
  'wait $child; code=$?',
  'while kill -0 $child 2>/dev/null; do wait $child; code=$?; done',
  'trap "exit $code" TERM INT',
  'while :; do sleep 1 & wait $!; done'
].join('; ')

function program(request: CreateRequest): { entrypoint: string | null; words: string[] } {
  const { run, image } = request
  if (!run.keepAlive) return { entrypoint: run.entrypoint, words: run.command ?? [] }
  const entrypoint = run.entrypoint === null ? image.entrypoint : [run.entrypoint]
  const command = run.command ?? (run.entrypoint === null ? image.cmd : [])
  return { entrypoint: 'sh', words: ['-c', KEEP_ALIVE, 'tmpfs-check', ...entrypoint, ...command] }
}
