/** Extended attributes of whole trees: Node cannot read them, so a helper of the host does, beside the walk. */
import { spawn } from 'node:child_process'
import { ItemSearch } from '../scan/item-search.js'
import type { Matcher } from '../scan/matcher.js'
import type { WalkRoot } from '../scan/walk-types.js'
import type { Collector } from './collector.js'
import { HELPER_ENV } from './helpers.js'
import { XattrFields, type Attribute } from './xattr-fields.js'

const HELPER_MS = 15 * 60_000

/**
 * Reads `KEY PATH` of each root from stdin, NUL after each, and writes four fields for each attribute, NUL after each:
 * key, path below the root, name, value in hexadecimal; an error has the name `!`; at the end `end`. Goes down by
 * descriptors and stays on one file system, like the walk. errno 2: gone; 61: no such attribute; 95: there are none here.
 */
const PYTHON = `import os,sys
out=sys.stdout.buffer
lx=os.listxattr
O=os.O_RDONLY|os.O_DIRECTORY|os.O_NOFOLLOW
def tell(*fields): out.write(b'\\0'.join(fields)+b'\\0')
def fail(key,rel,e):
  if e.errno not in (2,61,95): tell(key,rel,b'!',str(e.errno).encode())
def attributes(key,rel,path,names,follow=False):
  for name in names:
    try: tell(key,rel,os.fsencode(name),os.getxattr(path,name,follow_symlinks=follow).hex().encode())
    except OSError as e: fail(key,rel,e)
def enter(key,fd,rel):
  os.fchdir(fd)
  below=[]
  with os.scandir(b'.') as entries:
    for entry in entries:
      name=entry.name
      try: names=lx(name,follow_symlinks=False)
      except OSError as e: fail(key,rel+name,e)
      else:
        if names: attributes(key,rel+name,name,names)
      if entry.is_dir(follow_symlinks=False): below.append(name)
  return below
def walk(key,path):
  try: attributes(key,b'',path,lx(path),True)
  except OSError as e: fail(key,b'',e)
  try: root=os.open(path,os.O_RDONLY|os.O_DIRECTORY)
  except OSError as e:
    if e.errno!=20: fail(key,b'',e)
    return
  device=os.fstat(root).st_dev
  frames=[(root,b'',enter(key,root,b''))]
  while frames:
    fd,rel,below=frames[-1]
    if not below:
      os.close(fd); frames.pop(); continue
    name=below.pop()
    try: child=os.open(name,O,dir_fd=fd)
    except OSError as e: fail(key,rel+name,e); continue
    if os.fstat(child).st_dev!=device or len(frames)>900:
      if len(frames)>900: tell(key,rel+name,b'!',b'36')
      os.close(child); continue
    try: frames.append((child,rel+name+b'/',enter(key,child,rel+name+b'/')))
    except OSError as e: fail(key,rel+name,e); os.close(child)
for root in sys.stdin.buffer.read().split(b'\\0'):
  if root:
    key,path=root.split(b' ',1)
    walk(key,path)
tell(b'end')
`

/** Directories that hide all below them in lower layers, by the root's path: `trusted.overlay.opaque` is `y`. */
export type Opaque = Map<string, Set<string>>

export interface XattrScan {
  matcher: Matcher
  collector: Collector
  opaque?: Opaque
}

/**
 * Searches names and values of all attributes under the roots. What could not be read is a shortfall of the collector;
 * never rejects.
 */
export async function scanXattrs(roots: readonly WalkRoot[], scan: XattrScan): Promise<void> {
  if (roots.length === 0) return
  const search = new ItemSearch(scan.matcher)
  const reason = await runHelper(roots, (attribute) => {
    take(attribute, { roots, search, scan })
  })
  if (reason !== null) scan.collector.shortfall(roots[0]?.key ?? 0, '', reason)
}

/** null when the helper read all to the end, else why not. */
function runHelper(roots: readonly WalkRoot[], onAttribute: (attribute: Attribute) => void): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('python3', ['-I', '-S', '-c', PYTHON], { stdio: ['pipe', 'pipe', 'ignore'], env: HELPER_ENV })
    const timer = setTimeout(() => child.kill('SIGKILL'), HELPER_MS)
    const fields = new XattrFields(onAttribute)
    const end = (reason: string | null): void => {
      clearTimeout(timer)
      resolve(reason)
    }
    child.once('error', () => {
      end('extended attributes were not read: install python3 on the host')
    })
    child.once('close', (code) => {
      end(code === 0 && fields.ended ? null : 'extended attributes were not read to their end')
    })
    child.stdin.on('error', () => undefined)
    child.stdout.on('data', (chunk: Buffer) => {
      fields.push(chunk)
    })
    // Descriptors of ours are the helper's only by our number.
    const own = `/proc/${process.pid}/`
    const input = roots.map((root) => `${root.key} ${root.path.replace(/^\/proc\/self\//, own)}\0`).join('')
    child.stdin.end(Buffer.from(input, 'latin1'))
  })
}

function take(
  { key, path, name, value }: Attribute,
  to: { roots: readonly WalkRoot[]; search: ItemSearch; scan: XattrScan }
): void {
  const { collector, opaque } = to.scan
  if (value === null) {
    collector.shortfall(key, path, `extended attributes could not be read (errno ${name.toString('latin1')})`)
    return
  }
  if (/^(trusted|user)\.overlay\.opaque$/.test(name.toString('latin1')) && value.toString('latin1') === 'y') {
    const root = to.roots.find((each) => each.key === key)?.path ?? ''
    opaque?.set(root, (opaque.get(root) ?? new Set()).add(path))
  }
  collector.count(0, name.length + value.length)
  for (const bytes of [name, value]) {
    to.search.begin()
    to.search.push(bytes)
    for (const match of to.search.end()) collector.hit(key, { ...match, path, part: 'xattr' })
  }
}
