/** Searches what the processes script (inside-processes.ts) says, section by section. */
import type { Form, Hit, Location } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import type { Search } from './engine-context.js'
import type { SectionHandler } from './inside-sections.js'
import { isWithin } from '../kernel/mountinfo.js'

/** A cut of a file without a name, in bytes; what is longer is not read to its end. */
export const FILE_BYTES = 64 * 1024 * 1024
/** Command lines are short (128 KiB an argument at most); what is longer is cut. */
const COMMAND_LINE_BYTES = 4 * 1024 * 1024
const NUL = 0

type Where = Extract<Location, { kind: 'process' }>['where']

interface Process {
  pid: number
  /** Of its own name; foreign text. */
  comm: string
  /** Effective user and group, `UID:GID`. */
  user: string
}

export class ProcessReader implements SectionHandler {
  readonly hits: Hit[] = []
  /** Numbers of the processes seen, and bytes searched. */
  readonly seen = new Set<number>()
  bytes = 0
  /** Processes whose environment only their own user can read. */
  readonly denied: Process[] = []
  /** Why something was not read, in our own words. */
  readonly problems = new Set<string>()
  readonly #search: Search
  readonly #declared: readonly string[]
  readonly #find: ItemSearch
  readonly #told = new Set<string>()
  #process: Process = { pid: 0, comm: '', user: '' }
  #label = ''
  /** Text of a short section. */
  #text = ''
  /** Bytes of the section, and the beginning of a command line. */
  #length = 0
  #commandLine: Buffer[] = []
  /** Where the file without a name was; '' when its content is not to be searched. */
  #link = ''

  constructor(search: Search, declared: readonly string[]) {
    this.#search = search
    this.#declared = declared
    this.#find = new ItemSearch(search.matcher)
  }

  begin(label: string): void {
    this.#end()
    this.#label = label
    this.#text = ''
    this.#length = 0
    this.#find.begin()
    if (label.startsWith('p ')) {
      this.seen.add(Number(label.slice(2)))
      this.#process = { pid: Number(label.slice(2)), comm: '', user: '' }
    }
    if (label === 'denied') this.denied.push(this.#process)
    if (label === 'unread') this.problems.add('the image has no readlink to tell open files by')
  }

  data(bytes: Buffer): void {
    this.#length += bytes.length
    switch (this.#label) {
      case 'cmdline':
        if (this.#length <= COMMAND_LINE_BYTES) this.#commandLine.push(Buffer.from(bytes))
        else this.problems.add('a command line was longer than can be')
        break
      case 'environ':
        this.#find.push(bytes)
        break
      case 'fd':
        if (this.#link !== '') this.#find.push(bytes)
        break
      default:
        if (this.#text.length < 8192) this.#text += bytes.toString()
    }
  }

  /** Call it when the script has ended. */
  finish(): void {
    this.#end()
    this.#label = ''
  }

  #end(): void {
    const label = this.#label
    if (label.startsWith('p ')) this.#readStatus()
    else if (label === 'cmdline') this.#endCommandLine()
    else if (label === 'environ') this.#endContent('environ', this.#search.clean(this.#process.comm))
    else if (label === 'f') this.#link = this.#declared.some((path) => isWithin(this.#text, path)) ? '' : this.#text
    else if (label === 'fd') this.#endFile()
    else if (label.endsWith('.code') && this.#text === '127') this.problems.add(MISSING_TOOLS)
  }

  #readStatus(): void {
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(this.#text)?.[1] ?? ''
    this.#process.comm = field('Name')
    const [uid, gid] = [field('Uid'), field('Gid')].map((ids) => /^\d+\s+(\d+)/.exec(ids)?.[1])
    this.#process.user = uid === undefined || gid === undefined ? '' : `${uid}:${gid}`
  }

  /** Arguments are separated by NUL; a secret with a space in it may be two. */
  #endCommandLine(): void {
    const line = Buffer.concat(this.#commandLine)
    this.#commandLine = []
    this.bytes += line.length
    const comm = this.#search.clean(this.#process.comm)
    for (const bytes of [line, line.map((byte) => (byte === NUL ? 0x20 : byte))]) {
      this.#find.begin()
      this.#find.push(bytes)
      this.#tell(this.#find.end(), 'cmdline', comm)
    }
  }

  #endFile(): void {
    if (this.#length >= FILE_BYTES)
      this.problems.add(`an open file without a name has more than ${FILE_BYTES >> 20} MiB`)
    if (this.#link === '') return
    const kind = this.#link.startsWith('/memfd:') ? 'memfd' : 'unlinked file'
    this.#endContent('fd', `${this.#search.clean(this.#process.comm)}, ${kind}`)
  }

  #endContent(where: Where, detail: string): void {
    this.bytes += this.#length
    this.#tell(this.#find.end(), where, detail)
  }

  #tell(matches: readonly { secret: number; form: Form }[], where: Where, detail: string): void {
    const { pid } = this.#process
    for (const { secret, form } of matches) {
      const key = JSON.stringify([secret, form, pid, where, detail])
      if (this.#told.has(key)) continue
      this.#told.add(key)
      this.hits.push({ secret, form, view: 'inside', location: { kind: 'process', pid, where, detail } })
    }
  }
}

const MISSING_TOOLS = 'the image lacks a tool (cat, head) to read processes with'
