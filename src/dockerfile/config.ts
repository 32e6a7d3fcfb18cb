/** Pure: which lines of a Dockerfile set a field of the image's configuration. */
import type { SourceRange } from '../evidence.js'
import type { Step } from './chain.js'

/** Instructions that replace what was set before. */
const REPLACED = new Map([
  ['CMD', 'Cmd'],
  ['ENTRYPOINT', 'Entrypoint'],
  ['HEALTHCHECK', 'Healthcheck'],
  ['USER', 'User'],
  ['WORKDIR', 'WorkingDir'],
  ['SHELL', 'Shell'],
  ['STOPSIGNAL', 'StopSignal']
])
/** Instructions that add to it. */
const ADDED = new Map([
  ['VOLUME', 'Volume'],
  ['EXPOSE', 'ExposedPorts'],
  ['ONBUILD', 'OnBuild']
])
const NAMED = new Map([
  ['ENV', 'Env'],
  ['LABEL', 'Label']
])

/**
 * Returns the ranges by field, those of the last instruction to set it. ENV and LABEL go by name, each with its own
 * lines. A field that several instructions add to has the range from the first to the last of them.
 */
export function configLines(steps: readonly Step[], file: string): Record<string, SourceRange> {
  const lines = new Map<string, SourceRange>()
  for (const { instruction, lines: own } of steps) {
    // A stage's ONBUILDs are used up by the stage that comes from it; its triggers are the sign.
    if (own !== instruction) lines.delete('OnBuild')
    const { startLine, endLine } = own
    const replaced = REPLACED.get(instruction.keyword)
    if (replaced !== undefined) lines.set(replaced, { file, startLine, endLine })
    const named = NAMED.get(instruction.keyword)
    if (named !== undefined) {
      for (const setting of instruction.settings) {
        lines.set(`${named}:${setting.name}`, { file, startLine: setting.startLine, endLine: setting.endLine })
      }
    }
    const added = ADDED.get(instruction.keyword)
    if (added !== undefined) {
      lines.set(added, { file, startLine: lines.get(added)?.startLine ?? startLine, endLine })
    }
  }
  return Object.fromEntries(lines)
}
