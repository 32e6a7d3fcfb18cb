/**
 * Every input. One table feeds the parsing, the errors, action.yml and the README (script/docs.mjs writes the
 * last two, tests compare them).
 */
import { parseDuration } from './duration.js'
import { parseIgnore } from './ignore.js'
import { parseImage } from './image-reference.js'
import { parseNameValues } from './name-value.js'
import { parseBoolean, choice, parseWords, trimmedLines, type Parser } from './scalar.js'
import type { InputSpec } from './spec.js'
import { parseSecretEnvs, parseSecretFiles, parseSecrets } from './secret-lines.js'
import { parseMemory } from './size.js'
import { parseTmpfs } from './tmpfs-spec.js'
import { parseWaitFor } from './wait-for.js'
import { parseLine, parseNames, parseNetwork, parsePlatform, parseTarget, parseUser } from './text.js'

const parseList: Parser<string[]> = (text) => trimmedLines(text)

/** What is given, in the order of action.yml. */
export const INPUTS = {
  tmpfs: {
    group: 'What to check',
    description:
      'Where the container keeps its secrets, one a line, as `docker run` takes it: `/app/tmp`, `/app/tmp:size=16k,mode=1770` (`--tmpfs`) or `type=tmpfs,dst=/app/tmp,tmpfs-size=16k,tmpfs-mode=1770` (`--mount`).',
    otherwise: 'required',
    parse: parseTmpfs
  },
  context: {
    group: 'What to check',
    description: 'Directory to build the image from.',
    default: '.',
    parse: parseLine
  },
  file: {
    group: 'What to check',
    description: 'The Dockerfile; the path starts at the workspace.',
    otherwise: '`<context>/Dockerfile`',
    parse: parseLine
  },
  target: { group: 'What to check', description: 'Stage to build.', otherwise: 'the last one', parse: parseTarget },
  'build-args': {
    group: 'What to check',
    description: 'Build arguments, `NAME=VALUE` a line, or `NAME` to take the value from the environment.',
    sensitive: true,
    parse: parseNameValues
  },
  platform: {
    group: 'What to check',
    description: 'Platform to build or pull, like `linux/amd64`.',
    otherwise: "the engine's",
    parse: parsePlatform
  },
  pull: {
    group: 'What to check',
    description: 'Pull the base images, or with `image` the image, also when one is present.',
    default: 'false',
    parse: parseBoolean
  },
  'no-cache': {
    group: 'What to check',
    description: 'Build without the cache.',
    default: 'false',
    parse: parseBoolean
  },
  'build-options': {
    group: 'What to check',
    description: 'More words for `docker build`, as in a shell.',
    sensitive: true,
    parse: parseWords
  },
  image: {
    group: 'What to check',
    description: 'Check this image (tag, digest or ID) instead of building one; pulled when it is not present.',
    otherwise: 'build `context`',
    parse: parseImage
  },
  secrets: {
    group: 'Secrets',
    description:
      '`NAME=VALUE` a line. `NAME` alone, or an empty value (pull requests from forks get none), makes a random canary stand in, with a notice.',
    sensitive: true,
    parse: parseSecrets
  },
  'secret-envs': {
    group: 'Secrets',
    description: '`NAME=ENV_VARIABLE` a line: the value is in that variable of the step. For values of several lines.',
    sensitive: true,
    parse: parseSecretEnvs
  },
  'secret-files': {
    group: 'Secrets',
    description: '`NAME=PATH` a line: the value is in that file of the workspace.',
    sensitive: true,
    parse: parseSecretFiles
  },
  deliver: {
    group: 'Secrets',
    description:
      'How the declared secrets reach the program. `file`: readable at `<first tmpfs>/NAME` before it starts, from memory, never from disk. `env`: environment variables (a finding in itself, the engine writes them to disk). `none`: they are only searched for.',
    default: 'file',
    parse: choice(['file', 'env', 'none'])
  },
  'build-secrets': {
    group: 'Secrets',
    description: 'Names of declared secrets that the build gets too (`RUN --mount=type=secret,id=NAME`), one a line.',
    parse: parseNames
  },
  discover: {
    group: 'Secrets',
    description:
      'What the program itself writes under the tmpfs counts as secret too, and is searched for everywhere else.',
    default: 'true',
    parse: parseBoolean
  },
  'expect-files': {
    group: 'Secrets',
    description:
      'Globs that must match a file under a tmpfs once the program is ready, one a line; relative ones start at the first tmpfs.',
    parse: parseList
  },
  entrypoint: {
    group: 'How to run it',
    description: "Entrypoint instead of the image's, as shell words; the words after the first go before `command`.",
    otherwise: 'as the image says',
    sensitive: true,
    parse: parseWords
  },
  command: {
    group: 'How to run it',
    description: "Command instead of the image's, as shell words.",
    otherwise: 'as the image says',
    sensitive: true,
    parse: parseWords
  },
  env: {
    group: 'How to run it',
    description:
      'Environment variables, `NAME=VALUE` a line, or `NAME` to take the value from the step. Not for secrets: the engine writes them to disk.',
    sensitive: true,
    parse: parseNameValues
  },
  user: {
    group: 'How to run it',
    description: 'User (and group) to run as, `NAME` or `UID:GID`.',
    otherwise: 'as the image says',
    parse: parseUser
  },
  network: {
    group: 'How to run it',
    description: 'Network to run in, like `none`.',
    otherwise: "the engine's",
    parse: parseNetwork
  },
  memory: {
    group: 'How to run it',
    description:
      'Memory limit, like `256m`. Also the limit of memory and swap together, so that nothing is swapped to disk.',
    otherwise: 'no limit',
    parse: parseMemory
  },
  'read-only': {
    group: 'How to run it',
    description: 'Make the root file system read-only: writes outside the tmpfs are then impossible, not only unseen.',
    default: 'false',
    parse: parseBoolean
  },
  'run-options': {
    group: 'How to run it',
    description:
      'More words for `docker create`, as in a shell. Those that would void the proof, like `--privileged`, are refused.',
    sensitive: true,
    parse: parseWords
  },
  'wait-for': {
    group: 'How to run it',
    description:
      'When the program has read its secrets. `settled`: healthy if the image has a health check, else the expected files exist and tmpfs and log have been quiet for a second. Or `healthy`, `file:PATH`, `log:TEXT`, or a time like `5s`.',
    default: 'settled',
    parse: parseWaitFor
  },
  exercise: {
    group: 'How to run it',
    description: 'Command to run inside once the program is ready, as shell words: a smoke test that uses the secret.',
    sensitive: true,
    parse: parseWords
  },
  'keep-alive': {
    group: 'How to run it',
    description: 'Keep the container up when its program ends at once, so that its tmpfs can be looked at.',
    default: 'false',
    parse: parseBoolean
  },
  timeout: {
    group: 'How to run it',
    description: 'For start, wait and exercise together.',
    default: '2m',
    parse: parseDuration
  },
  layers: {
    group: 'How to look',
    description:
      "How image layers are read. `auto`: the engine's layer directories where there is host access (fast), else `docker save`. `archive`: always `docker save`, every byte that ships, with each layer's digest proved.",
    default: 'auto',
    parse: choice(['auto', 'archive'])
  },
  'host-access': {
    group: 'How to look',
    description:
      'Read from outside the container as root (directly, or by `sudo -n`). `auto`: when it is there. `none`: never. `required`: an error when it is not there.',
    default: 'auto',
    parse: choice(['auto', 'none', 'required'])
  },
  'fail-on': {
    group: 'What comes of it',
    description: 'The least finding that fails the step: `warning`, `inconclusive`, `error`, or `never`.',
    default: 'inconclusive',
    parse: choice(['warning', 'inconclusive', 'error', 'never'])
  },
  ignore: {
    group: 'What comes of it',
    description:
      'Findings to accept, `RULE [GLOB] [until=YYYY-MM-DD] # reason` a line, as a block (`ignore: |`). The reason is required; what is ignored is counted and shown.',
    parse: parseIgnore
  },
  summary: {
    group: 'What comes of it',
    description: 'Write the job summary.',
    default: 'true',
    parse: parseBoolean
  },
  annotations: {
    group: 'What comes of it',
    description: 'Annotate the lines of Dockerfile and sources.',
    default: 'true',
    parse: parseBoolean
  },
  'report-file': {
    group: 'What comes of it',
    description: 'Where to write the JSON report, in the workspace or `RUNNER_TEMP`.',
    otherwise: 'a file in `RUNNER_TEMP`',
    parse: parseLine
  }
} as const satisfies Record<string, InputSpec<unknown>>

export type InputName = keyof typeof INPUTS

/** Inputs of the contract that this version does not serve yet: an error of their own when used. */
export const NOT_SERVED = ['container', 'sarif-file', 'predicate-file', 'comment', 'check-run', 'github-token'] as const
