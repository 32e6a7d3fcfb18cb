/** The inputs of one run: read, checked by themselves and together, defaults filled in. */
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { IgnoreEntry } from '../evidence.js'
import { declareSecrets } from './declared-secrets.js'
import { givenInputs, type Given } from './given.js'
import { isPast } from './ignore.js'
import { checkBuildOptions, checkRunOptions } from './options.js'
import { buildPaths, reportPath, type Places } from './paths.js'
import { Problems } from './problems.js'
import { INPUT_RULES, UNTRUSTED_CODE } from './rule-names.js'
import { absoluteGlobs, checkTogether } from './together.js'
import { untrustedCode } from './trust.js'
import type { BuildInputs, DeclaredSecret, Inputs, RunInputs } from './types.js'
import { readValues, type Values } from './values.js'

/** What the assembly of the parts needs at hand. */
interface Reading {
  env: NodeJS.ProcessEnv
  given: Given
  values: Values
  places: Places
  problems: Problems
}

/**
 * Reads all inputs from the environment that the runner made. Throws InputErrors with everything that is wrong; by then
 * nothing has been built, run or created. `today` is what the dates of `ignore` are compared with.
 */
export function readInputs(env: NodeJS.ProcessEnv, today: Date = new Date()): Inputs {
  const problems = new Problems()
  const given = givenInputs(env, problems)
  const values = readValues(given.texts, problems)
  const places = {
    workspace: resolve(env['GITHUB_WORKSPACE'] ?? '.'),
    temp: env['RUNNER_TEMP'] === undefined ? tmpdir() : resolve(env['RUNNER_TEMP'])
  }
  const reading = { env, given, values, places, problems }
  const secrets = declareSecrets(values, { env, workspace: places.workspace, problems })
  const ignore = values.ignore ?? []
  checkTmpfs(reading)
  checkTogether({ given: given.texts, values, secrets, env, problems })
  checkDates(ignore, today, problems)
  checkTrust(secrets, ignore, reading)
  checkRunOptions(values['run-options'] ?? [], ignore, problems)
  const inputs = assemble(reading, secrets)
  problems.throwIfAny((input) => holdsSecret(input, given, secrets))
  return inputs
}

function checkTmpfs({ given, problems }: Reading): void {
  if (given.texts.has('tmpfs') || given.meant.has('tmpfs')) return
  problems.add({
    input: 'tmpfs',
    received: '',
    message: 'is required: where does the container keep its secrets?',
    yaml: 'tmpfs: /run/secrets'
  })
}

function checkDates(ignore: readonly IgnoreEntry[], today: Date, problems: Problems): void {
  for (const entry of ignore.filter((each) => isPast(each, today))) {
    problems.add({
      input: 'ignore',
      received: `${entry.rule} until=${entry.until ?? ''}`,
      message: 'has run out: mend what it ignored, or decide anew until when.',
      yaml: `ignore: |\n  ${entry.rule} until=2030-01-31 # why it is no danger here`
    })
  }
}

function checkTrust(
  secrets: readonly DeclaredSecret[],
  ignore: readonly IgnoreEntry[],
  { env, problems }: Reading
): void {
  const real = secrets.filter((secret) => secret.origin === 'given')
  const why = real.length === 0 ? null : untrustedCode(env)
  if (why === null) return
  const entry = ignore.find((each) => each.rule === UNTRUSTED_CODE)
  if (entry) {
    problems.notice(`secrets are given although ${why}. Reason: ${entry.reason}`)
    return
  }
  problems.add({
    input: 'secrets',
    received: '',
    message: `${why}: it could keep them. Names without values make canaries stand in, which prove the same.`,
    yaml: `secrets: |\n${real.map((secret) => `  ${secret.name}`).join('\n')}`
  })
}

function assemble(reading: Reading, secrets: DeclaredSecret[]): Inputs {
  const { values, given, places, problems, env } = reading
  const image = given.texts.has('image') ? (values.image ?? '') : null
  const tmpfs = values.tmpfs ?? []
  return {
    build: image === null ? assembleBuild(reading) : null,
    image,
    pull: values.pull ?? false,
    platform: values.platform ?? null,
    tmpfs,
    secrets,
    deliver: values.deliver ?? 'file',
    discover: values.discover ?? true,
    expectFiles: absoluteGlobs(values['expect-files'] ?? [], tmpfs, problems),
    run: assembleRun(reading),
    layers: values.layers ?? 'auto',
    hostAccess: values['host-access'] ?? 'auto',
    failOn: values['fail-on'] ?? 'inconclusive',
    ignore: (values.ignore ?? []).filter((entry) => !INPUT_RULES.some((rule) => rule === entry.rule)),
    summary: values.summary ?? true,
    annotations: values.annotations ?? true,
    reportFile: reportPath(values['report-file'], { places, step: env['GITHUB_ACTION'] ?? '', problems }),
    workspace: places.workspace,
    temp: places.temp,
    notices: problems.notices
  }
}

function assembleBuild({ values, places, problems }: Reading): BuildInputs {
  checkBuildOptions(values['build-options'] ?? [], problems)
  return {
    ...buildPaths({ context: values.context ?? '.', file: values.file }, places, problems),
    target: values.target ?? null,
    buildArgs: values['build-args'] ?? [],
    platform: values.platform ?? null,
    pull: values.pull ?? false,
    noCache: values['no-cache'] ?? false,
    options: values['build-options'] ?? [],
    secrets: values['build-secrets'] ?? []
  }
}

function assembleRun({ values, problems }: Reading): RunInputs {
  const [entrypoint = null, ...before] = values.entrypoint ?? []
  if (entrypoint?.startsWith('-') === true) {
    problems.add({
      input: 'entrypoint',
      received: '',
      message: 'begins with `-`: Docker would take it as an option.',
      yaml: 'entrypoint: /app/start --flag'
    })
  }
  const command = values.command ?? null
  return {
    entrypoint,
    command: before.length === 0 ? command : [...before, ...(command ?? [])],
    env: values.env ?? [],
    user: values.user ?? null,
    network: values.network ?? null,
    memory: values.memory ?? null,
    readOnly: values['read-only'] ?? false,
    options: values['run-options'] ?? [],
    waitFor: values['wait-for'] ?? { kind: 'settled' },
    exercise: values.exercise ?? null,
    keepAlive: values['keep-alive'] ?? false,
    timeoutMs: values.timeout ?? 0
  }
}

/** Whether the text of an input that is not for secrets holds the value of a given one, or a line of it. */
function holdsSecret(input: string, given: Given, secrets: readonly DeclaredSecret[]): boolean {
  if (['secrets', 'secret-envs', 'secret-files'].includes(input)) return false
  const text = [...given.texts].find(([name]) => name === input)?.[1]
  if (text === undefined) return false
  return secrets
    .filter((secret) => secret.origin === 'given')
    .flatMap((secret) => secret.value.bytes().toString('utf8').split(/\r?\n/))
    .some((line) => line.length >= 8 && text.includes(line))
}
