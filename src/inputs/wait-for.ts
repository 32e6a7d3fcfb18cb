/** The `wait-for` input: when the program has read its secrets. */
import { posix } from 'node:path'
import { durationMs, inRange } from './duration.js'
import type { Parser } from './scalar.js'
import { yamlLine } from './problems.js'
import { nearest } from './suggest.js'
import type { WaitFor } from './types.js'

/** `settled`, `healthy`, `file:PATH`, `log:TEXT` or a time. */
export const parseWaitFor: Parser<WaitFor> = (text, field) => {
  const value = text.trim()
  const refuse = (message: string, yaml: string): null =>
    field.problem(message, { received: value, yaml: yamlLine('wait-for', yaml) })
  if (value === 'settled' || value === 'healthy') return { kind: value }
  if (value.startsWith('file:')) {
    const path = value.slice('file:'.length)
    if (path.startsWith('/') && !path.endsWith('/')) return { kind: 'file', path: posix.normalize(path) }
    return refuse('`file:` needs the absolute path of a file in the container.', 'file:/app/tmp/ready')
  }
  if (value.startsWith('log:')) {
    const wanted = value.slice('log:'.length).trim()
    return wanted === ''
      ? refuse('`log:` needs the text to wait for.', 'log:listening on')
      : { kind: 'log', text: wanted }
  }
  const ms = durationMs(value)
  if (ms !== null && inRange(ms)) return { kind: 'time', ms }
  if (/^\d+$/.test(value)) return refuse('needs a unit: is it seconds or minutes?', `${value}s`)
  const near = nearest(value, ['settled', 'healthy'])
  const hint = near === null ? '' : ` Did you mean \`${near}\`?`
  return refuse(
    `must be \`settled\`, \`healthy\`, \`file:PATH\`, \`log:TEXT\` or a time like \`5s\`.${hint}`,
    near ?? 'settled'
  )
}
