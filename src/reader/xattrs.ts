/** Extended attributes of a whole tree: Node cannot read them, so a helper of the host does, beside the walk. */
import { spawn } from 'node:child_process'
import { ItemSearch } from '../scan/item-search.js'
import type { Matcher } from '../scan/matcher.js'
import type { Collector } from './collector.js'
import type { TreeRoot } from './protocol.js'

const HELPER_MS = 10 * 60_000
/**
 * Reads roots (`KEY PATH`, NUL after each) from stdin and writes for each attribute four fields with a NUL after each: key,
 * path, name, value in hexadecimal; at the end `end`. os.listxattr asks llistxattr(2), which names trusted.* to root only.
 */
const PYTHON = `import os,sys
out=sys.stdout.buffer
def look(key,path,rel):
  try:
    names=os.listxattr(path,follow_symlinks=False)
  except OSError as e:
    if e.errno not in (2,95): out.write(b'\\0'.join((key,rel,b'!',str(e.errno).encode()))+b'\\0')
    return
  for name in names:
    try: value=os.getxattr(path,name,follow_symlinks=False)
    except OSError: continue
    out.write(b'\\0'.join((key,rel,os.fsencode(name),value.hex().encode()))+b'\\0')
for root in sys.stdin.buffer.read().split(b'\\0'):
  if not root: continue
  key,path=root.split(b' ',1)
  look(key,path,b'')
  stack=[(path,b'')]
  while stack:
    here,rel=stack.pop()
    try: entries=list(os.scandir(here))
    except OSError as e:
      if e.errno!=20: out.write(b'\\0'.join((key,rel,b'!',str(e.errno).encode()))+b'\\0')
      continue
    for entry in entries:
      name=rel+b'/'+entry.name
      look(key,entry.path,name)
      if entry.is_dir(follow_symlinks=False): stack.append((entry.path,name))
out.write(b'end\\0')
`

/** Paths (key and path) of directories that hide all below them in lower layers: `trusted.overlay.opaque`. */
export type Opaque = Set<string>

/**
 * Searches names and values of all attributes under the roots. Returns why not, or null when all were read. Opaque
 * directories are added to `opaque`, as `KEY PATH`.
 */
export function scanXattrs(
  roots: readonly TreeRoot[],
  matcher: Matcher,
  to: { collector: Collector; opaque: Opaque }
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('python3', ['-I', '-S', '-c', PYTHON], { stdio: ['pipe', 'pipe', 'ignore'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), HELPER_MS)
    const parser = new FieldParser(matcher, to)
    child.stdin.on('error', () => undefined)
    child.stdin.end(roots.map((root) => `${root.key} ${root.path}\0`).join(''))
    child.stdout.on('data', (chunk: Buffer) => {
      parser.push(chunk)
    })
    const end = (reason: string | null): void => {
      clearTimeout(timer)
      resolve(reason)
    }
    child.once('error', () => {
      end('extended attributes were not read: python3 is not installed on the host')
    })
    child.once('close', (code) => {
      end(code === 0 && parser.ended ? null : 'extended attributes were not read to their end')
    })
  })
}

class FieldParser {
  ended = false
  #rest: Buffer = Buffer.alloc(0)
  #fields: Buffer[] = []
  readonly #search: ItemSearch
  readonly #to: { collector: Collector; opaque: Opaque }

  constructor(matcher: Matcher, to: { collector: Collector; opaque: Opaque }) {
    this.#search = new ItemSearch(matcher)
    this.#to = to
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(0, from); at !== -1; at = bytes.indexOf(0, from)) {
      this.#field(bytes.subarray(from, at))
      from = at + 1
    }
    this.#rest = Buffer.from(bytes.subarray(from))
  }

  #field(field: Buffer): void {
    if (this.#fields.length === 0 && field.toString() === 'end') {
      this.ended = true
      return
    }
    this.#fields.push(Buffer.from(field))
    const [key, path, name, value] = this.#fields
    if (key === undefined || path === undefined || name === undefined || value === undefined) return
    this.#fields = []
    this.#attribute(Number(key.toString()), { path: path.toString(), name, value })
  }

  #attribute(key: number, of: { path: string; name: Buffer; value: Buffer }): void {
    const { collector, opaque } = this.#to
    if (of.name.toString() === '!') {
      collector.shortfall(key, of.path, `extended attributes could not be read (errno ${of.value.toString()})`)
      return
    }
    const value = Buffer.from(of.value.toString(), 'hex')
    if (/^(trusted|user)\.overlay\.opaque$/.test(of.name.toString()) && value.toString() === 'y')
      opaque.add(`${key} ${of.path}`)
    collector.items += 1
    collector.bytes += of.name.length + value.length
    this.#search.begin()
    this.#search.push(Buffer.concat([of.name, Buffer.from([0]), value]))
    for (const match of this.#search.end()) {
      collector.hit({ ...match, offset: null, part: 'xattr', key, path: of.path === '' ? '/' : of.path })
    }
  }
}
