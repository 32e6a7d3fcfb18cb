/** The `tmpfs` input: one spec a line, in any of Docker's syntaxes. */
import { posix } from 'node:path'
import type { TmpfsSpec } from '../evidence.js'
import { printable, yamlLine, yamlLines, type Field } from './problems.js'
import { trimmedLines, type Parser } from './scalar.js'
import { hasControl } from './text.js'
import { mountOptions, noOptions, tmpfsOptions, type TmpfsOptions } from './tmpfs-options.js'

const EXAMPLE = '/app/tmp:size=16k,mode=1770'
const LONGEST_PATH = 4095
const LONGEST_NAME = 255

/** The specs of the `tmpfs` input, in its order. */
export const parseTmpfs: Parser<TmpfsSpec[]> = (text, field) => {
  const specs = trimmedLines(text).map((line) => parseSpec(line, field))
  const good = specs.filter((spec) => spec !== null)
  const byPath = new Map<string, TmpfsSpec>()
  for (const spec of good) {
    const first = byPath.get(spec.path)
    if (first) {
      field.problem(`two specs for ${printable(spec.path)}: Docker would mount one over the other. Keep one.`, {
        received: `${first.text} and ${spec.text}`,
        yaml: yamlLine('tmpfs', first.text)
      })
    }
    byPath.set(spec.path, spec)
  }
  return byPath.size === specs.length ? good : null
}

function parseSpec(line: string, field: Field): TmpfsSpec | null {
  if (/^--?(tmpfs|mount)\b/.test(line)) {
    const bare = line.replace(/^--?(tmpfs|mount)[\s=]*/, '')
    return field.problem('takes the value alone, without the flag of `docker run`.', {
      received: line,
      yaml: yamlLine('tmpfs', bare === '' ? EXAMPLE : bare)
    })
  }
  return isMountForm(line) ? parseMountForm(line, field) : parseTmpfsForm(line, field)
}

function isMountForm(line: string): boolean {
  return !line.startsWith('/') && /(^|,)\s*(type|dst|destination|target|source|src|tmpfs-size|tmpfs-mode)=/i.test(line)
}

function parseTmpfsForm(line: string, field: Field): TmpfsSpec | null {
  const colon = line.indexOf(':')
  const path = colon < 0 ? line : line.slice(0, colon)
  const { options, refusals } = colon < 0 ? { options: noOptions(), refusals: [] } : tmpfsOptions(line.slice(colon + 1))
  refuse(refusals, line, field)
  return finish({ text: line, syntax: 'tmpfs', path, options, refused: refusals.length > 0 }, field)
}

function parseMountForm(line: string, field: Field): TmpfsSpec | null {
  if (/["'\\]/.test(line)) {
    return field.problem(
      'a quoted `--mount` word is not taken; a path with a comma can be given in the `--tmpfs` form.',
      {
        received: line,
        yaml: yamlLine('tmpfs', EXAMPLE)
      }
    )
  }
  const { path, options, refusals } = mountOptions(line)
  if (path === null || path === '') refusals.push('needs a path: `dst=/app/tmp`.')
  refuse(refusals, line, field)
  if (path === null || path === '') return null
  return finish({ text: line, syntax: 'mount', path, options, refused: refusals.length > 0 }, field)
}

function refuse(refusals: readonly string[], line: string, field: Field): void {
  for (const refusal of refusals) field.problem(refusal, { received: line, yaml: yamlLine('tmpfs', EXAMPLE) })
}

interface Draft {
  text: string
  syntax: TmpfsSpec['syntax']
  path: string
  options: TmpfsOptions
  refused: boolean
}

function finish(draft: Draft, field: Field): TmpfsSpec | null {
  const path = normalised(draft.path)
  const wrong = pathProblem(draft.path, path)
  if (wrong !== null) return field.problem(wrong.message, { received: draft.text, yaml: wrong.yaml })
  if (draft.refused) return null
  if (path !== draft.path) {
    field.notice(`tmpfs: ${printable(draft.path)} is taken as ${printable(path)}, the same place written plainly.`)
  }
  return { path, text: draft.text, syntax: draft.syntax, ...draft.options }
}

function normalised(path: string): string {
  const plain = posix.normalize(path)
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain
}

interface PathProblem {
  message: string
  yaml: string
}

function pathProblem(given: string, path: string): PathProblem | null {
  const example = yamlLine('tmpfs', EXAMPLE)
  if (!given.startsWith('/')) {
    const tail = posix.normalize(`/${given}`)
    const usable = /^[A-Za-z0-9/._-]+$/.test(tail) && tail !== '/'
    return {
      message: 'must be an absolute path in the container: it begins with `/`.',
      yaml: usable ? yamlLine('tmpfs', tail) : example
    }
  }
  if (/[,\s]\s*\//.test(given)) {
    return { message: 'holds more than one path: write one a line.', yaml: yamlLines('tmpfs', given.split(/[,\s]+/)) }
  }
  if (hasControl(given)) return { message: 'has a control character in its path.', yaml: example }
  if (/\s$/.test(given)) {
    // A name may end so, and hardly ever does: who reads the workflow would not see it.
    return { message: 'has a blank at the end of its path.', yaml: yamlLine('tmpfs', given.trimEnd()) }
  }
  if (path === '/') {
    return {
      message: 'cannot cover the root `/`: Docker refuses it. Name the directory that the secrets are in.',
      yaml: example
    }
  }
  if (isSystemPath(path)) {
    return {
      message: `${printable(path)} belongs to the container's own system directories (/proc, /sys, /dev); of these only /dev/shm can be a tmpfs of yours.`,
      yaml: yamlLine('tmpfs', '/dev/shm')
    }
  }
  if (
    Buffer.byteLength(path) > LONGEST_PATH ||
    path.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME)
  ) {
    return { message: 'is a longer path than the kernel takes (4095 bytes, 255 a name).', yaml: example }
  }
  return null
}

function isSystemPath(path: string): boolean {
  if (path === '/dev/shm' || path.startsWith('/dev/shm/')) return false
  return ['/proc', '/sys', '/dev'].some((system) => path === system || path.startsWith(`${system}/`))
}
