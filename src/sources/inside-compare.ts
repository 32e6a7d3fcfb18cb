/** Pure: what the container's own tools say against what the kernel says. */
import type { EffectiveMount, InsideDifference } from '../evidence.js'
import type { ToolClaims } from './inside-claims.js'
import { isMemory } from '../kernel/mountinfo.js'
import { MOST_NAMES } from './inside-mounts.js'

/** `statfs` magic numbers in hexadecimal (linux/magic.h). */
const MAGIC: Readonly<Record<string, string>> = { tmpfs: '1021994', ramfs: '858458f6' }

/** What the kernel says, from outside where there is host access, else as the shell itself read it. */
export interface KernelView {
  mount: EffectiveMount
  /** Names in the directory; null: not known. */
  files: readonly string[] | null
  /** Content of some files, by absolute path in the container. */
  contents: ReadonlyMap<string, Uint8Array>
}

export interface InsideView {
  /** As the shell itself read it; null: could not look. */
  mount: EffectiveMount | null
  claims: ToolClaims | null
  contents: ReadonlyMap<string, Uint8Array | null>
}

/**
 * Every way in which the two disagree. A tool that is missing or refuses is no disagreement. `clean` makes foreign text
 * printable. Of contents it is only told that they differ. The program runs on between the two looks: only what differs
 * in two comparisons one after the other ({@link lasting}) is more than a change.
 */
export function compareViews(
  kernel: KernelView,
  inside: InsideView,
  clean: (text: string) => string
): InsideDifference[] {
  const { mount } = kernel
  const differences: InsideDifference[] = []
  const differ = (what: InsideDifference['what'], said: string, truth: string): void => {
    differences.push({ what, inside: clean(said), kernel: clean(truth) })
  }
  for (const claim of [
    ...fileSystemClaims(mount, inside),
    ...statusClaims(mount, inside),
    ...sizeClaims(mount, inside)
  ]) {
    differ(claim.what, claim.said, claim.truth)
  }
  const names = differentNames(kernel.files, inside.claims?.files ?? null)
  if (names !== null) differ('files', names.said, names.truth)
  const { asked, different } = differentContents(kernel.contents, inside.contents)
  if (different > 0) differ('content', `cat: differs in ${different} of ${asked} files`, `${asked} files read`)
  return differences
}

/** The differences of `now` that were there `before` too, word for word. */
export function lasting(before: readonly InsideDifference[], now: readonly InsideDifference[]): InsideDifference[] {
  const key = (each: InsideDifference): string => JSON.stringify([each.what, each.inside, each.kernel])
  const known = new Set(before.map(key))
  return now.filter((each) => known.has(key(each)))
}

interface Claim {
  what: InsideDifference['what']
  said: string
  truth: string
}

function fileSystemClaims({ fstype }: EffectiveMount, { mount, claims }: InsideView): Claim[] {
  const truth = fstype
  const found: Claim[] = []
  if (mount !== null && mount.fstype !== fstype && (isMemory(fstype) || isMemory(mount.fstype))) {
    found.push({ what: 'fstype', said: `mountinfo: ${mount.fstype}`, truth })
  }
  const listed = claims?.mount?.fstype
  const lies = isMemory(fstype) ? listed !== fstype : isMemory(listed ?? '')
  if (listed !== undefined && lies) found.push({ what: 'fstype', said: `mount: ${listed ?? 'not listed'}`, truth })
  const magic = claims?.statFs ?? null
  if (magic !== null && magicLies(magic, fstype)) found.push({ what: 'fstype', said: `stat -f: type ${magic}`, truth })
  return [...found, ...unreadable(claims, 'fstype', truth)]
}

function magicLies(magic: string, fstype: string): boolean {
  const expected = MAGIC[fstype]
  return expected === undefined ? Object.values(MAGIC).includes(magic) : magic !== expected
}

function statusClaims(truth: EffectiveMount, { mount, claims }: InsideView): Claim[] {
  const found: Claim[] = unreadable(claims, 'mode', truth.mode)
  const said = claims?.stat ?? mount
  if (said === null) return found
  if (said.mode !== truth.mode) found.push({ what: 'mode', said: `stat: ${said.mode}`, truth: truth.mode })
  if (said.uid !== truth.uid || said.gid !== truth.gid) {
    found.push({ what: 'owner', said: `stat: ${said.uid}:${said.gid}`, truth: `${truth.uid}:${truth.gid}` })
  }
  return found
}

/** A mount without a limit has no size of its own to compare with. */
function sizeClaims({ size }: EffectiveMount, { mount, claims }: InsideView): Claim[] {
  if (size === null) return []
  const sizes = [
    ['mountinfo', mount?.size],
    ['mount', claims?.mount?.size],
    ['df', claims?.df]
  ] as const
  const lies = sizes.filter(([, said]) => said !== null && said !== undefined && said !== size)
  return [
    ...lies.map(([tool, said]): Claim => ({
      what: 'size',
      said: `${tool}: ${said ?? 0} bytes`,
      truth: `${size} bytes`
    })),
    ...unreadable(claims, 'size', `${size} bytes`)
  ]
}

function unreadable(claims: ToolClaims | null, what: 'mode' | 'size' | 'fstype', truth: string): Claim[] {
  const tool = { mode: 'stat', size: 'df', fstype: 'stat -f' }[what]
  return (claims?.unreadable ?? [])
    .filter((each) => each.what === what)
    .map((each) => ({ what, said: `${tool}: ${each.text}`, truth }))
}

/** `ls` shows odd characters as `?` (busybox) or as they are, and a newline in a name as two lines. */
function differentNames(
  kernel: readonly string[] | null,
  claimed: readonly string[] | null
): { said: string; truth: string } | null {
  if (kernel === null || claimed === null || kernel.length >= MOST_NAMES) return null
  if (kernel.some((name) => name.includes('\n'))) return null
  const plain = (names: readonly string[]): string[] => names.map((name) => name.replace(/[^ -~]+/g, '?')).sort()
  const truth = plain(kernel)
  const said = plain(claimed)
  const hidden = truth.filter((name) => !said.includes(name))
  const made = said.filter((name) => !truth.includes(name))
  if (hidden.length === 0 && made.length === 0) return null
  return { said: `ls: ${told('shows', made)}, ${told('hides', hidden)}`, truth: `${truth.length} names` }
}

function told(verb: string, names: readonly string[]): string {
  const examples = names.slice(0, 3).join(' ')
  return names.length === 0 ? `${verb} nothing else` : `${verb} ${names.length} (${examples})`
}

function differentContents(
  kernel: ReadonlyMap<string, Uint8Array>,
  inside: ReadonlyMap<string, Uint8Array | null>
): { asked: number; different: number } {
  let asked = 0
  let different = 0
  for (const [path, truth] of kernel) {
    const said = inside.get(path) ?? null
    if (said === null) continue
    asked += 1
    if (Buffer.compare(said, truth) !== 0) different += 1
  }
  return { asked, different }
}
