/** Opens the host view as the input `host-access` says. */
import { dirname, join } from 'node:path'
import { EngineError } from '../docker/errors.js'
import type { Inputs } from '../inputs/types.js'
import { Host, openHost } from '../sources/host.js'

/** The reader's own bundle lies beside ours: dist/index.js and dist/reader/index.js. */
function readerProgram(): string {
  return join(dirname(process.argv[1] ?? ''), 'reader', 'index.js')
}

/** The host view, or why there is none. Throws EngineError where it is required. */
export async function openHostView(
  inputs: Inputs,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal
): Promise<{ host: Host | null; reason: string | null }> {
  if (inputs.hostAccess === 'none') return { host: null, reason: 'host-access is none' }
  const path = { PATH: env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' }
  const opened = await openHost({ program: readerProgram(), env: path, signal })
  if (opened instanceof Host) return { host: opened, reason: null }
  if (inputs.hostAccess === 'required') {
    throw new EngineError('DENIED', {
      phase: 'preflight',
      message: `host-access is required, but there is none: ${opened.reason}.`,
      remedy: 'host-access: auto   # looks through the engine where there is no root, and says what it could not see'
    })
  }
  return { host: null, reason: opened.reason }
}
