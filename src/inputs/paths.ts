/** Paths on the runner: build context, Dockerfile, report file. */
import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { printable, yamlLine, type Problems } from './problems.js'

/** Where relative paths start, and where files of ours may be written. */
export interface Places {
  workspace: string
  temp: string
}

/** Returns the absolute paths of context and Dockerfile; notes a problem for each that does not exist. */
export function buildPaths(
  given: { context: string; file: string | null },
  places: Places,
  problems: Problems
): { context: string; file: string } {
  const context = resolve(places.workspace, given.context)
  if (!look(context)?.isDirectory() || isUrl(given.context)) {
    const why = isUrl(given.context)
      ? 'is a URL; the check builds a directory of the runner'
      : 'is no directory on the runner'
    problems.add({
      input: 'context',
      received: printable(given.context),
      message: `${why}. Is \`actions/checkout\` run before this step?`,
      yaml: yamlLine('context', '.')
    })
    return { context, file: join(context, 'Dockerfile') }
  }
  const file = given.file === null ? join(context, 'Dockerfile') : resolve(places.workspace, given.file)
  if (!look(file)?.isFile()) {
    problems.add(missingDockerfile({ context, file, given: given.file }, places))
  }
  return { context, file }
}

/** What is at a path; null when nothing is, or it may not be looked at: then it cannot be used either. */
function look(path: string, stat: (path: string) => Stats = statSync): Stats | null {
  try {
    return stat(path)
  } catch {
    // Missing, forbidden, too long a name, a circle of links: the caller tells the user which path cannot be used.
    return null
  }
}

function isUrl(text: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/|git@|-$)/i.test(text)
}

function missingDockerfile(
  at: { context: string; file: string; given: string | null },
  places: Places
): { input: string; received: string; message: string; yaml: string } {
  const inContext = at.given === null ? null : join(at.context, at.given)
  const found = inContext !== null && look(inContext)?.isFile()
  const path = relative(places.workspace, at.file) || at.file
  return {
    input: 'file',
    received: printable(at.given ?? ''),
    message: `there is no Dockerfile at ${printable(path)}; the path starts at the workspace, not at the context.`,
    yaml: yamlLine('file', found ? relative(places.workspace, inContext) : 'docker/Dockerfile')
  }
}

/**
 * Returns the absolute path of the report. One that was given must lie in the workspace or RUNNER_TEMP, also once links are
 * followed, and be no directory or link. By default one a step: `GITHUB_ACTION` tells two steps of a job apart.
 */
export function reportPath(
  given: string | null,
  options: { places: Places; step: string; problems: Problems }
): string {
  const { places, step, problems } = options
  if (given === null) {
    const suffix = step.replaceAll(/[^A-Za-z0-9_-]/g, '')
    return join(places.temp, suffix === '' ? 'tmpfs-check-report.json' : `tmpfs-check-report-${suffix}.json`)
  }
  const path = resolve(places.workspace, given)
  const wrong = reportProblem(path, places)
  if (wrong !== null) {
    problems.add({
      input: 'report-file',
      received: printable(given),
      message: wrong,
      yaml: yamlLine('report-file', 'tmpfs-check-report.json')
    })
  }
  return path
}

function reportProblem(path: string, places: Places): string | null {
  const there = look(path, lstatSync)
  if (there?.isSymbolicLink()) return 'is a link; the report is not written through it.'
  if (there !== null && !there.isFile()) return 'is there already and is no file.'
  const real = realParent(path)
  const roots = [places.workspace, places.temp].map((root) => realParent(join(root, 'x')))
  const inside = roots.some((root) => real === root || real.startsWith(root + sep))
  return inside ? null : 'must lie in the workspace or in RUNNER_TEMP.'
}

/** The nearest directory above a path that exists, with links followed; then what does not exist yet. */
function realParent(path: string): string {
  const parent = dirname(path)
  if (parent === path) return path
  if (look(parent) !== null) return realpathSync(parent)
  return join(realParent(parent), relative(dirname(parent), parent))
}
