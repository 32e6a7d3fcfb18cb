/** What inputs say about each other. */
import { posix } from 'node:path'
import picomatch from 'picomatch'
import { steersClient } from '../docker/args.js'
import type { TmpfsSpec } from '../evidence.js'
import { nameOf } from './name-value.js'
import { printable, yamlLine, yamlLines, type Problems } from './problems.js'
import type { InputName } from './table.js'
import type { DeclaredSecret } from './types.js'
import type { Values } from './values.js'

const ONLY_BUILD: readonly InputName[] = [
  'context',
  'file',
  'target',
  'build-args',
  'no-cache',
  'build-options',
  'build-secrets'
]

/** PATH_MAX; picomatch refuses some longer ones by throwing. */
const LONGEST_GLOB = 4096

/** What is known once each input has been read by itself. */
export interface Together {
  given: ReadonlyMap<InputName, string>
  values: Values
  secrets: readonly DeclaredSecret[]
  env: NodeJS.ProcessEnv
  problems: Problems
}

/** Notes every contradiction between the inputs. */
export function checkTogether(all: Together): void {
  checkImageOrBuild(all)
  checkBuildSecrets(all)
  checkSomethingToFind(all)
  checkTimes(all)
  checkDelivery(all)
  checkVariables(all)
  checkMemory(all)
}

function checkImageOrBuild({ given, values, problems }: Together): void {
  const beside = ONLY_BUILD.filter((name) => given.has(name))
  if (!given.has('image') || beside.length === 0) return
  problems.add({
    input: 'image',
    received: '',
    message: `is given together with ${beside.map((name) => `\`${name}\``).join(', ')}, which say how to build one. Keep the one or the other.`,
    yaml: `${yamlLine('image', values.image ?? 'ghcr.io/OWNER/NAME:TAG')}   # without ${beside.join(', ')}`
  })
}

function checkBuildSecrets({ given, values, secrets, problems }: Together): void {
  const declared = secrets.map((secret) => secret.name)
  const missing = (values['build-secrets'] ?? []).filter((name) => !declared.includes(name))
  const known = !problems.problems.some(({ input }) => input.startsWith('secret'))
  if (missing.length === 0 || given.has('image') || !known) return
  problems.add({
    input: 'build-secrets',
    received: missing.map(printable).join(', '),
    message: 'names what is not declared under `secrets`, `secret-envs` or `secret-files`.',
    yaml: yamlLines('build-secrets', secrets.length > 0 ? secrets.map((secret) => secret.name) : ['npm_token'])
  })
}

function checkSomethingToFind({ given, values, problems }: Together): void {
  const declares = given.has('secrets') || given.has('secret-envs') || given.has('secret-files')
  if (declares || values.discover !== false) return
  problems.add({
    input: 'discover',
    received: 'false',
    message: 'is off and no secret is declared: there would be nothing to look for, and so nothing proved.',
    yaml: 'secrets: |\n  db_password=${{ secrets.DB_PASSWORD }}'
  })
}

function checkTimes({ values, problems }: Together): void {
  const wait = values['wait-for']
  if (wait?.kind !== 'time' || values.timeout === null || wait.ms < values.timeout) return
  problems.add({
    input: 'wait-for',
    received: `${wait.ms / 1000}s`,
    message: `is not shorter than \`timeout\` (${values.timeout / 1000}s), which counts start, wait and exercise together.`,
    yaml: `wait-for: ${Math.ceil(wait.ms / 1000)}s\ntimeout: ${Math.ceil(wait.ms / 1000) + 60}s`
  })
}

function checkDelivery({ values, secrets, problems }: Together): void {
  const refuse = (message: string, yaml: string): void => {
    problems.add({ input: 'deliver', received: values.deliver ?? '', message, yaml })
  }
  if (values.deliver === 'env') {
    const taken = (values.env ?? []).map(nameOf)
    for (const { name } of secrets) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        refuse(`${name} cannot be the name of an environment variable.`, 'deliver: file')
      else if (steersClient(name))
        refuse(`${name} would steer the docker client itself; use another name.`, 'deliver: file')
      else if (taken.includes(name))
        refuse(`${name} is declared as a secret and given under \`env\` too.`, 'deliver: file')
    }
  }
  const first = values.tmpfs?.[0]
  if (values.deliver !== 'file' || first === undefined) return
  for (const { name } of secrets) {
    const file = posix.join(first.path, name)
    const over = (values.tmpfs ?? []).some((spec) => spec.path === file || spec.path.startsWith(`${file}/`))
    if (over)
      refuse(
        `the secret ${name} would be the file ${printable(file)}, where another tmpfs is mounted.`,
        'deliver: none'
      )
  }
}

function checkVariables({ values, env, problems }: Together): void {
  for (const input of ['env', 'build-args'] as const) {
    const unset = (values[input] ?? []).filter((pair) => !pair.includes('=') && env[pair] === undefined)
    if (unset.length > 0)
      problems.notice(`${input}: ${unset.join(', ')} is not set in this step, so it is not passed on.`)
  }
}

function checkMemory({ values, problems }: Together): void {
  const limit = values.memory
  if (limit === null) return
  for (const spec of values.tmpfs ?? []) {
    if (spec.size !== null && spec.size > limit) {
      problems.notice(
        `tmpfs: ${printable(spec.path)} may grow larger than \`memory\` allows; the program would be killed first.`
      )
    }
  }
}

/**
 * Returns the globs of `expect-files` as absolute ones: a relative one starts at the first tmpfs. Notes a problem for one
 * that cannot match under any tmpfs.
 */
export function absoluteGlobs(globs: readonly string[], specs: readonly TmpfsSpec[], problems: Problems): string[] {
  const first = specs[0]?.path ?? '/'
  return globs.map((glob) => {
    const absolute = glob.startsWith('/') ? glob : posix.join(first, glob)
    const wrong = globProblem(glob, absolute, specs)
    if (wrong !== null) {
      const yaml = yamlLines('expect-files', [posix.join(first, '*.json')])
      problems.add({ input: 'expect-files', received: printable(glob), message: wrong, yaml })
    }
    return absolute
  })
}

function globProblem(glob: string, absolute: string, specs: readonly TmpfsSpec[]): string | null {
  if (glob.length > LONGEST_GLOB) return 'is longer than any path.'
  if (glob.startsWith('!')) return 'must say what has to be there; a `!` glob says what must not.'
  if (glob.split('/').includes('..')) return 'may not hold `..`.'
  const { base } = picomatch.scan(absolute)
  const below = (path: string, root: string): boolean => path === root || path.startsWith(`${root.replace(/\/$/, '')}/`)
  const possible =
    specs.length === 0 || specs.some(({ path }) => below(base, path) || (base !== absolute && below(path, base)))
  return possible ? null : 'matches nothing under a tmpfs of the input `tmpfs`.'
}
