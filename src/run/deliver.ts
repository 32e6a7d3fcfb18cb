/** How the declared secrets reach the program: as files in memory bound inside the tmpfs, or as variables. */
import { posix } from 'node:path'
import { hasHostMemory, removeFromMemory, writeInMemory } from '../docker/delivery.js'
import { execInside } from '../docker/container.js'
import { EngineError } from '../docker/errors.js'
import type { SecretFile } from '../docker/args.js'
import type { ImageJson } from '../docker/parse.js'
import type { RunContext } from './context.js'

const EXEC_MS = 15_000

export interface Delivery {
  files: SecretFile[]
  variables: { name: string; value: string }[]
  /** Names that have to be written by `docker exec` after the start, because nothing can be bound. */
  late: { name: string; target: string }[]
}

/** Where the secrets are readable: `<first tmpfs>/NAME`. */
export function deliveryPath(context: RunContext, name: string): string {
  return posix.join(context.inputs.tmpfs[0]?.path ?? '/', name)
}

/**
 * Prepares the delivery before the container is created. Files go to a host tmpfs and are bound read-only inside the
 * mount: never `docker cp`, which writes to the disk *under* a tmpfs (moby#22020).
 */
export function prepareDelivery(context: RunContext, image: ImageJson, bind: boolean): Delivery {
  const { inputs, session } = context
  const none: Delivery = { files: [], variables: [], late: [] }
  if (inputs.deliver === 'none') return none
  if (inputs.deliver === 'env') {
    return {
      ...none,
      variables: inputs.secrets.map((each) => ({ name: each.name, value: each.value.bytes().toString() }))
    }
  }
  const targets = inputs.secrets.map((each) => ({ name: each.name, target: deliveryPath(context, each.name) }))
  if (!bind) return { ...none, late: targets }
  const owner = numericUser(inputs.run.user ?? image.Config?.User ?? '')
  const files = inputs.secrets.map((each, index) => {
    const file = { name: each.name, bytes: each.value.bytes(), owner: context.engine.remapped ? null : owner }
    return { name: each.name, source: writeInMemory(session.identity.id, file), target: targets[index]?.target ?? '' }
  })
  return { ...none, files }
}

/** Whether files of this machine's memory can be bound into a container: a local engine and a host tmpfs. */
export function canBind(context: RunContext): boolean {
  return !context.engine.fact.remote && hasHostMemory()
}

/** The uid of `USER`; null for a name, which only the image knows. No user is root. */
function numericUser(user: string): number | null {
  const name = user.split(':')[0] ?? ''
  if (name === '' || name === 'root') return 0
  return /^\d+$/.test(name) ? Number(name) : null
}

/**
 * Writes secrets through `docker exec -i` into the tmpfs of the running container, and reads each back to compare.
 * Throws EngineError when it is not there as written.
 */
export async function deliverLate(context: RunContext, containerId: string, late: Delivery['late']): Promise<void> {
  for (const { name, target } of late) {
    const bytes = context.inputs.secrets.find((each) => each.name === name)?.value.bytes() ?? Buffer.alloc(0)
    const write = ['sh', '-c', 'umask 022; cat > "$1"', 'sh', target]
    const written = await execInside(context.session, containerId, {
      words: write,
      user: '0',
      input: bytes,
      timeoutMs: EXEC_MS
    })
    const compare = ['sh', '-c', '[ "$(cat "$1"; echo .)" = "$(cat; echo .)" ]', 'sh', target]
    const same =
      written.code === 0 &&
      (await execInside(context.session, containerId, { words: compare, user: '0', input: bytes, timeoutMs: EXEC_MS }))
        .code === 0
    if (same) continue
    throw new EngineError('START_FAILED', {
      phase: 'deliver',
      message: `Secret ${name} could not be written to the tmpfs by docker exec.`,
      remedy: 'deliver: env   # or run on the machine of the engine, where files can be bound from memory'
    })
  }
}

/** Removes the delivered files from the runner's memory. */
export function endDelivery(context: RunContext): void {
  removeFromMemory(context.session.identity.id)
}
