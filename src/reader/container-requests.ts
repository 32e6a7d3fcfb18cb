/** Answers what is asked about the running container: only while the pid is its own, before and after each look. */
import { closeSync, fstatSync, readFileSync } from 'node:fs'
import { kindOf, isMemory, parseMountinfo, type MountLine } from '../kernel/mountinfo.js'
import { isKernel } from '../kernel/fstype.js'
import { CAP_DAC_OVERRIDE, handles, hasCapability, idInside } from '../kernel/process.js'
import type { Matcher } from '../scan/matcher.js'
import { openNamed } from '../scan/walk-open.js'
import { tryAccess } from './access.js'
import { HeldContainer } from './container.js'
import { lookInRoot } from './in-root.js'
import { contents, Listings } from './listing.js'
import { scanMemory } from './memory.js'
import { lookAtMounts } from './mounts.js'
import { scanProcesses } from './processes.js'
import type { ContainerAnswer, ContainerRequest, DiskMount } from './protocol.js'
import type { Asking } from './serve.js'
import { readText, shown } from './text.js'

const SIGTERM = 15
const PASSWD_BYTES = 1024 * 1024

export class ContainerRequests {
  readonly #program: string
  readonly #matcher: (set: string) => Matcher
  #held: HeldContainer | null = null
  #listings = new Listings()

  constructor(program: string, matcher: (set: string) => Matcher) {
    this.#program = program
    this.#matcher = matcher
  }

  /** Takes hold of the container and tells what it is; null when the pid is not its own. */
  hold(pid: number, containerId: string): ContainerAnswer | null {
    const held = HeldContainer.hold(pid, containerId)
    this.#held = held
    this.#listings = new Listings()
    if (held === null) return null
    try {
      const answer = describe(held)
      return held.isThere() ? answer : null
    } catch (error) {
      if (!held.isThere()) return null
      throw error
    }
  }

  verify(): boolean {
    return this.#held?.isThere() === true
  }

  /** Where the host has the container's root file system mounted; null: nowhere that we see. */
  mergedOnHost(): string | null {
    if (!this.verify()) return null
    const root = this.#held?.mounts().find((line) => line.mountPoint === '/')
    const host = hostMounts().find((line) => line.device === root?.device && line.mountPoint !== '/')
    return host?.mountPoint ?? null
  }

  /** Throws when the container has ended, with that as its code. */
  async answer(request: ContainerRequest, asking: Asking): Promise<unknown> {
    const held = this.#held
    if (held?.isThere() !== true) throw gone()
    try {
      const answer = await held.withRoot((root) => this.#look(held, root, { request, asking }))
      if (held.isThere()) return answer
    } catch (error) {
      // Whatever failed, failed because it ended meanwhile.
      if (held.isThere()) throw error
    }
    throw gone()
  }

  #look(
    held: HeldContainer,
    root: number,
    { request, asking }: { request: ContainerRequest; asking: Asking }
  ): unknown {
    const { emit, cancelled: stopped } = asking
    switch (request.op) {
      case 'mounts':
        return { mounts: lookAtMounts(held, root, request.paths), mountinfos: held.mountinfos() }
      case 'listing':
        return this.#listings.look(root, request.paths)
      case 'contents':
        return contents(root, request.paths, request.skip)
      case 'memory':
        return scanMemory(held, root, { paths: request.paths, matcher: this.#matcher(request.set), emit, stopped })
      case 'processes': {
        const { memoryPaths } = request
        return scanProcesses(held, root, { memoryPaths, matcher: this.#matcher(request.set), emit, stopped })
      }
      case 'access':
        return tryAccess(held, root, { program: this.#program, tries: request.tries })
      case 'passwd':
        return passwd(root)
      case 'swap':
        return held.swap()
    }
  }
}

function describe(held: HeldContainer): ContainerAnswer | null {
  const status = held.status()
  if (status === null) return null
  return {
    uid: idInside(held.uidMap(), status.uid),
    gid: idInside(held.gidMap(), status.gid),
    hostUid: status.uid,
    hostGid: status.gid,
    groups: status.groups,
    overrides: hasCapability(status.capEff, CAP_DAC_OVERRIDE),
    handlesTerm: handles(status, SIGTERM),
    uidMap: held.uidMap(),
    pids: held.pids(),
    mountinfos: held.mountinfos(),
    diskMounts: held.mounts().flatMap((line) => diskMount(line) ?? [])
  }
}

/** /etc/passwd of the container, as far as it is a file of reasonable size; null: there is none. */
function passwd(root: number): string | null {
  return lookInRoot(root, '/etc/passwd', ({ fd }) => {
    const stats = fstatSync(fd)
    if (!stats.isFile() || stats.size > PASSWD_BYTES) return null
    const file = openNamed(fd)
    try {
      return readFileSync(file).toString('utf8')
    } finally {
      closeSync(file)
    }
  })
}

function diskMount(line: MountLine): DiskMount | null {
  if (line.mountPoint === '/' || isMemory(line.fstype) || isKernel(line.fstype)) return null
  return {
    mountPoint: shown(line.mountPoint),
    fstype: line.fstype,
    what: shown(kindOf(line)),
    writable: line.flags.includes('rw') && !line.superOptions.includes('ro'),
    hostPath: hostPath(line)
  }
}

/** Where the host has mounted what lies at a mount of the container: the same file system, at or above the same root. */
function hostPath(line: MountLine): string | null {
  const fits = hostMounts()
    .filter((host) => host.device === line.device && isAbove(host.root, line.root))
    .sort((a, b) => b.root.length - a.root.length)
  const [best] = fits
  if (best === undefined) return null
  const below = best.root === '/' ? line.root : line.root.slice(best.root.length)
  return shown(`${best.mountPoint === '/' ? '' : best.mountPoint}${below === '/' ? '' : below}` || '/')
}

function isAbove(root: string, path: string): boolean {
  return root === '/' || root === path || path.startsWith(`${root}/`)
}

function hostMounts(): MountLine[] {
  return parseMountinfo(readText('/proc/self/mountinfo') ?? '')
}

function gone(): Error {
  return Object.assign(new Error('gone'), { code: 'the container has ended' })
}
