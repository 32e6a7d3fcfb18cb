/** The looker without host access: through the engine, and by what runs inside the container. */
import type { MemoryFile, SwapFact } from '../evidence.js'
import type { ContainerJson } from '../docker/parse.js'
import type { Search } from '../sources/engine-context.js'
import { writableLayer } from '../sources/engine-layer.js'
import { volumes } from '../sources/engine-volumes.js'
import { containerUsers, insideAccess, type AccessQuestion } from '../sources/inside-access.js'
import { insideFacts, insideListing, type InsideFacts } from '../sources/inside-facts.js'
import { runSmallScript } from '../sources/inside-exec.js'
import { insideMemory, type KnownMounts, type MemoryScan } from '../sources/inside-memory.js'
import { insideMounts } from '../sources/inside-mounts.js'
import { processes } from '../sources/inside-processes.js'
import { isWithin } from '../kernel/mountinfo.js'
import { Matcher } from '../scan/matcher.js'
import type { RunContext } from './context.js'
import { plantControl } from './control.js'
import { CONTROL } from './host-scan.js'
import { containerContext, lookInside } from './look-inside-tools.js'
import type { InsideSight, Listing, Looker, MemorySight, MountSight, OwnUser, Sight } from './looker.js'
import { UNUSED_UID } from './passwd.js'
import type { SecretRegistry } from './registry.js'

const MOST_TRIED_FILES = 32
const MOST_USERS = 24

export class InsideLooker implements Looker {
  readonly canPause = false
  /** Each look starts a process in the container. */
  readonly pollMs = 200
  readonly #context: RunContext
  readonly #paths: string[]
  #id = ''
  #user = ''
  #uid: number | null = null
  #facts: InsideFacts | null = null
  /** Where the declared paths lie once symlinks are resolved. */
  #real: string[] = []
  /** As last asked for; null: could not be told. */
  #mounts: KnownMounts | null = null
  /** What was read for discovery, until it has been compared with what the tools say. */
  #discovered: MemoryScan | null = null

  constructor(context: RunContext) {
    this.#context = context
    this.#paths = context.inputs.tmpfs.map((spec) => spec.path)
  }

  async meet(container: ContainerJson): Promise<boolean> {
    this.#id = container.Id
    this.#user = container.Config.User ?? ''
    this.#facts = await insideFacts(this.#at())
    const numeric = /^\d+/.exec(this.#user)?.[0]
    this.#uid = this.#facts.main?.uid ?? (this.#user === '' ? 0 : numeric === undefined ? null : Number(numeric))
    return true
  }

  uid(): number | null {
    return this.#uid
  }

  handlesTerm(): boolean | null {
    return this.#facts?.main?.handlesTerm ?? null
  }

  async listing(): Promise<Listing | null> {
    return insideListing(this.#at(), this.#paths)
  }

  async contents(skip: ReadonlySet<string>): Promise<{ path: string; bytes: Buffer }[]> {
    const { contents } = (this.#discovered = await this.#readMemory(new Matcher([]), skip))
    return contents.filter((file) => !skip.has(file.path))
  }

  async mounts(): Promise<MountSight> {
    const seen = await insideMounts(this.#at(), this.#context.inputs.tmpfs)
    this.#real = this.#paths.map((path) => seen.mounts.get(path)?.resolvedPath ?? path)
    const declared = this.#paths.map((path, index) => ({ declared: path, real: this.#real[index] ?? path }))
    this.#mounts = seen.table === null ? null : { declared, table: seen.table }
    const mounts: MountSight['mounts'] = new Map(
      this.#paths.map((path) => [
        path,
        { effective: seen.mounts.get(path) ?? null, foreign: seen.foreign.get(path) ?? [] }
      ])
    )
    return { mounts, coverage: seen.coverage }
  }

  /** The shell's own reading stands for the kernel's: the image's other tools must agree with it. */
  async inside(host: MountSight): Promise<InsideSight> {
    // The first comparison is with what was read a moment ago: where it differs, there is a second one of its own.
    const contents = async (): Promise<{ path: string; bytes: Buffer }[]> => {
      const known = this.#discovered ?? (await this.#readMemory(new Matcher([]), new Set()))
      this.#discovered = null
      return known.contents
    }
    const seen = await lookInside(this.#context, this.#id, { host, listing: () => this.listing(), contents })
    return { ...seen, coverage: [] }
  }

  async memory(registry: SecretRegistry, delivered: ReadonlySet<string>): Promise<MemorySight> {
    const scan = await this.#readMemory(registry.matcher(), delivered)
    return { hits: scan.hits, droppedHits: 0, coverage: scan.coverage, files: scan.files }
  }

  async processes(registry: SecretRegistry): Promise<Sight> {
    const scan = await processes(this.#at(), { search: this.#search(registry.matcher()), declared: this.#real })
    return { hits: scan.hits, droppedHits: 0, coverage: [scan.coverage] }
  }

  async ownUser(paths: readonly string[], delivered: readonly string[]): Promise<Map<string, OwnUser | null>> {
    const users = new Map<string, OwnUser | null>(paths.map((path) => [path, null]))
    const uid = this.#uid
    if (uid === null) return users
    const group = /^[^:]*:(\d+)/.exec(this.#user)?.[1]
    const gid = group === undefined ? null : Number(group)
    const questions = paths.flatMap((path): AccessQuestion[] => [
      { uid, gid, path, kind: 'enter' },
      { uid, gid, path, kind: 'write' },
      ...delivered
        .filter((file) => file.startsWith(`${path}/`))
        .map((file): AccessQuestion => ({ uid, gid, path: file, kind: 'read' }))
    ])
    const answers = await insideAccess(this.#at(), questions)
    for (const path of paths) {
      const of = (kind: AccessQuestion['kind']): (boolean | null)[] =>
        questions.flatMap((each, at) => {
          const mine = kind === 'read' ? each.path.startsWith(`${path}/`) : each.path === path
          return each.kind === kind && mine ? [answers[at] ?? null] : []
        })
      const reads = of('read')
      const enter = of('enter')[0] ?? null
      const read = reads.length === 0 ? enter : reads.includes(null) ? null : reads.every((each) => each === true)
      users.set(path, { uid, enter, read, write: of('write')[0] ?? null })
    }
    return users
  }

  async otherUsers(files: readonly MemoryFile[]): Promise<MemoryFile[]> {
    const judged = files.filter((file) => !file.delivered).slice(0, MOST_TRIED_FILES)
    if (judged.length === 0) return [...files]
    const known = (await containerUsers(this.#at())) ?? []
    const users = [
      { uid: UNUSED_UID, gid: UNUSED_UID, name: null },
      ...known.filter((user) => user.uid !== 0 && user.uid !== this.#uid).slice(0, MOST_USERS)
    ]
    const questions = users.flatMap(({ uid, gid }) =>
      judged.map(({ path }): AccessQuestion => ({ uid, gid, path, kind: 'read' }))
    )
    const answers = await insideAccess(this.#at(), questions)
    return files.map((file) => {
      const at = judged.indexOf(file)
      if (at < 0) return file
      const others = users.map((user, index) => ({
        uid: user.uid,
        user: user.name === null ? null : this.#context.session.clean(user.name),
        allowed: answers[index * judged.length + at] ?? null
      }))
      return { ...file, others }
    })
  }

  swap(): Promise<SwapFact | null> {
    return Promise.resolve(this.#facts?.swap ?? null)
  }

  noteWritten(): Promise<void> {
    return Promise.resolve()
  }

  async writableLayer(registry: SecretRegistry, control: Buffer): Promise<Sight & { controlFound: boolean | null }> {
    const planted = await plantControl(this.#context, this.#id, control)
    const needles = [
      ...registry.needles(registry.indices(() => true)),
      { secret: CONTROL, form: 'raw' as const, bytes: control }
    ]
    const scan = await writableLayer(this.#at(), {
      search: this.#search(new Matcher(needles)),
      tmpfs: this.#real,
      mounts: await this.#mountDestinations(),
      readOnlyRoot: this.#context.inputs.run.readOnly,
      // One look only: when it was written cannot be told.
      afterStop: false
    })
    const hits = scan.hits.filter((hit) => hit.secret !== CONTROL)
    const controlFound = planted ? hits.length < scan.hits.length : this.#context.inputs.run.readOnly ? null : false
    return { hits, droppedHits: 0, coverage: [scan.coverage], controlFound }
  }

  async volumes(registry: SecretRegistry, container: ContainerJson, ours: ReadonlySet<string>): Promise<Sight> {
    const mounts = container.Mounts.filter((mount) => !ours.has(mount.Destination)).map((mount) => ({
      type: mount.Type,
      name: mount.Name ?? null,
      source: mount.Source ?? '',
      destination: mount.Destination,
      rw: mount.RW
    }))
    const scan = await volumes(this.#at(), {
      search: this.#search(registry.matcher()),
      volumes: mounts,
      delivered: [...ours].flatMap((path) => [path, this.#realPath(path)])
    })
    return { hits: scan.hits, droppedHits: 0, coverage: [scan.coverage] }
  }

  async exists(path: string): Promise<boolean> {
    const lines = ['s there; [ -e "$1" ] && printf 1']
    const answer = await runSmallScript(this.#at(), { lines, args: [path], maxBytes: 1024 })
    return answer.sections.get('there')?.toString() === '1'
  }

  layerDirs(): Promise<null> {
    return Promise.resolve(null)
  }

  async sameContainer(): Promise<boolean> {
    const state = await this.#context.session.cli.text([
      'container',
      'inspect',
      '--format',
      '{{.State.Running}}',
      '--',
      this.#id
    ])
    return state.code === 0 && state.stdout.trim() === 'true'
  }

  async #mountDestinations(): Promise<string[]> {
    const result = await this.#context.session.cli.text([
      'container',
      'inspect',
      '--format',
      '{{json .Mounts}}',
      '--',
      this.#id
    ])
    if (result.code !== 0) return []
    return (JSON.parse(result.stdout) as { Type: string; Destination: string }[])
      .filter((each) => each.Type !== 'tmpfs')
      .map((each) => each.Destination)
  }

  /** Where a path lies once the symlinks on the way to its tmpfs are resolved. */
  #realPath(path: string): string {
    const at = this.#paths.findIndex((declared) => isWithin(path, declared))
    return at < 0 ? path : (this.#real[at] ?? '') + path.slice(this.#paths[at]?.length)
  }

  #readMemory(matcher: Matcher, delivered: ReadonlySet<string>): Promise<MemoryScan> {
    return insideMemory(this.#at(), {
      search: this.#search(matcher),
      declared: this.#paths,
      delivered: [...delivered],
      mounts: this.#mounts
    })
  }

  #search(matcher: Matcher): Search {
    return { matcher, clean: this.#context.session.clean }
  }

  #at(): ReturnType<typeof containerContext> {
    return containerContext(this.#context, this.#id)
  }
}
