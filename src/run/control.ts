/** A harmless value in the writable layer that has to be found there: else the look at it proves nothing. */
import { pack } from 'tar-stream'
import type { RunContext } from './context.js'

const COPY_MS = 30_000

/** Copies the value into the stopped container by `docker cp`; false where the root file system is read-only. */
export async function plantControl(context: RunContext, containerId: string, control: Buffer): Promise<boolean> {
  const archive = pack()
  archive.entry({ name: '.tmpfs-check-control', mode: 0o400 }, control)
  archive.finalize()
  const parts: Buffer[] = []
  for await (const part of archive) parts.push(Buffer.from(part as Uint8Array))
  const input = Buffer.concat(parts)
  const result = await context.session.cli.text(['cp', '-', `${containerId}:/`], { input, timeoutMs: COPY_MS })
  return result.code === 0
}
