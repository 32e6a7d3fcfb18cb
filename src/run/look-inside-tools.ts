/** Compares what the container's own tools say with what the kernel says. */
import type { EffectiveMount, InsideDifference } from '../evidence.js'
import type { ContainerContext } from '../sources/engine-context.js'
import { compareViews, lasting } from '../sources/inside-compare.js'
import { insideMounts } from '../sources/inside-mounts.js'
import type { RunContext } from './context.js'
import type { InsideSight, Listing, MountSight } from './looker.js'

const LOOK_MS = 30_000
/** Files whose content is compared: few and small ones. */
const MOST_FILES = 16
const MOST_FILE_BYTES = 64 * 1024

export interface KernelSide {
  host: MountSight
  listing: () => Promise<Listing | null>
  contents: (skip: ReadonlySet<string>) => Promise<{ path: string; bytes: Buffer }[]>
}

/** What the engine views need to know of a container. */
export function containerContext(context: RunContext, containerId: string): ContainerContext {
  return { cli: context.session.cli, containerId, signal: context.session.signal, deadlineMs: LOOK_MS }
}

/**
 * Asks the image's tools and compares; where something differs a second time too, for the program runs on between two
 * looks. An image without a shell is skipped: the kernel was asked without it.
 */
export async function lookInside(context: RunContext, containerId: string, kernel: KernelSide): Promise<InsideSight> {
  const first = await compareOnce(context, containerId, kernel)
  const differs = [...first.differences.values()].some((each) => each.length > 0)
  if (!differs) return first
  const second = await compareOnce(context, containerId, kernel)
  const differences = new Map<string, InsideDifference[]>()
  for (const [path, before] of first.differences)
    differences.set(path, lasting(before, second.differences.get(path) ?? []))
  return { ...second, differences }
}

async function compareOnce(context: RunContext, containerId: string, kernel: KernelSide): Promise<InsideSight> {
  const { tmpfs } = context.inputs
  const [listing, contents] = await Promise.all([kernel.listing(), kernel.contents(new Set())])
  const read = contents.filter((file) => file.bytes.length <= MOST_FILE_BYTES).slice(0, MOST_FILES)
  const seen = await insideMounts(
    containerContext(context, containerId),
    tmpfs,
    read.map((file) => file.path)
  )
  const inside = new Map<string, EffectiveMount | null>()
  const differences = new Map<string, InsideDifference[]>()
  for (const spec of tmpfs) {
    const mount = kernel.host.mounts.get(spec.path)?.effective ?? null
    inside.set(spec.path, seen.mounts.get(spec.path) ?? null)
    const claims = seen.claims.get(spec.path) ?? null
    if (mount === null || (claims === null && inside.get(spec.path) === null)) continue
    const below = (path: string): boolean => path.startsWith(`${spec.path}/`)
    const files = listing?.paths.filter(below).map((path) => path.slice(spec.path.length + 1)) ?? null
    const own = (of: ReadonlyMap<string, Uint8Array | null>): [string, Uint8Array | null][] =>
      [...of].filter(([path]) => below(path))
    const view = {
      mount,
      files: files?.filter((name) => !name.includes('/')) ?? null,
      contents: new Map(read.filter((file) => below(file.path)).map((file) => [file.path, file.bytes]))
    }
    const said = { mount: inside.get(spec.path) ?? null, claims, contents: new Map(own(seen.contents)) }
    differences.set(spec.path, compareViews(view, said, context.session.clean))
  }
  // The kernel was asked from outside: that the image has no tools to ask is no gap.
  const row = seen.coverage.state === 'complete' ? seen.coverage : { ...seen.coverage, state: 'skipped' as const }
  return { inside, differences, coverage: [row] }
}
