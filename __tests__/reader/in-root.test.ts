import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { lookInRoot, resolveInRoot } from '../../src/reader/in-root.js'
import { errorCode, pathAt } from '../../src/scan/walk-open.js'
import { directory, make, type Tree } from '../scan/walk-support.js'

/** Resolves below `root` and tells what is there. */
function resolve(root: string, path: string): { path: string; inode: number | null } | string {
  const fd = openSync(root, 'r')
  try {
    const place = resolveInRoot(fd, path)
    if (place.fd === null) return { path: place.path, inode: null }
    const inode = fstatSync(place.fd).ino
    closeSync(place.fd)
    return { path: place.path, inode }
  } catch (error) {
    return errorCode(error)
  } finally {
    closeSync(fd)
  }
}

describe('resolveInRoot', () => {
  it('keeps absolute links and `..` below the root', () => {
    const root = make(directory(), {
      etc: { passwd: 'inside' },
      app: { link: '/etc' },
      up: { link: '../../../../etc/passwd' },
      a: { b: {}, rel: { link: '../etc' } }
    })
    const passwd = lstatSync(join(root, 'etc/passwd')).ino
    for (const path of [
      '/app/passwd',
      '/up',
      '/a/rel/passwd',
      '/../../etc/passwd',
      '/a/b/../../app/./passwd',
      'etc//passwd'
    ])
      expect(resolve(root, path)).toEqual({ path: '/etc/passwd', inode: passwd })
    expect(resolve(root, '/')).toEqual({ path: '/', inode: lstatSync(root).ino })
    expect(resolve(root, '/..')).toEqual({ path: '/', inode: lstatSync(root).ino })
  })

  it('leaves what does not exist as it was written', () => {
    const root = make(directory(), { dir: {}, file: 'x', dangling: { link: '/dir/none' } })
    expect(resolve(root, '/dir/none/../x')).toEqual({ path: '/dir/x', inode: null })
    expect(resolve(root, '/file/below')).toEqual({ path: '/file/below', inode: null })
    expect(resolve(root, '/dangling/y')).toEqual({ path: '/dir/none/y', inode: null })
  })

  it('gives up on loops and on links of /proc', () => {
    const root = make(directory(), { a: { link: 'b' }, b: { link: 'a' }, self: { link: 'self/x' } })
    expect(resolve(root, '/a')).toBe('goes through too many symbolic links')
    expect(resolve(root, '/self')).toBe('goes through too many symbolic links')
    expect(resolve('/', '/proc/self/root')).toBe('goes through a link of /proc')
  })

  it('closes what it opened', () => {
    const root = make(directory(), { a: { b: { c: 'x' } }, loop: { link: 'loop' }, up: { link: 'a/b/../../a/b/c' } })
    const count = (): number => readdirSync('/proc/self/fd').length
    const before = count()
    for (const path of ['/a/b/c', '/a/none', '/loop', '/up', '/', '/a/b/c/d']) resolve(root, path)
    expect(count()).toBe(before)
  })

  it('opens what it found', () => {
    const root = make(directory(), { a: { link: 'b' }, b: 'content' })
    const fd = openSync(root, 'r')
    expect(lookInRoot(fd, '/a', (place) => readFileSync(pathAt(place.fd, null), 'utf8'))).toBe('content')
    expect(lookInRoot(fd, '/c', () => 'never')).toBeNull()
    closeSync(fd)
  })

  const name = fc.constantFrom('a', 'b', 'c')
  const path = fc.array(fc.oneof(name, fc.constantFrom('..', '.')), { minLength: 1, maxLength: 5 })
  const target = fc.tuple(fc.boolean(), path)
  /** Links are written with the root's own path in front where they are absolute, so that the host resolves them alike. */
  const forest = (root: string): fc.Arbitrary<Tree> =>
    fc.letrec<{ tree: Tree; entry: Tree[string] }>((tie) => ({
      tree: fc.dictionary(name, tie('entry'), { maxKeys: 3 }),
      entry: fc.oneof(
        { maxDepth: 3 },
        fc.constant('file'),
        target.map(([absolute, parts]) => ({ link: `${absolute ? `${root}/` : ''}${parts.join('/')}` })),
        tie('tree')
      )
    })).tree

  it('agrees with the kernel where nothing leads out', () => {
    const root = directory()
    let run = 0
    fc.assert(
      fc.property(forest('@'), path, (tree, parts) => {
        run += 1
        const base = make(root, { [`r${run}`]: {} }) && join(root, `r${run}`)
        make(base, JSON.parse(JSON.stringify(tree).replaceAll('@', base)) as Tree)
        const asked = `${base}/${parts.join('/')}`
        let expected: string | null = null
        try {
          expected = realpathSync.native(asked)
        } catch {
          // ENOENT, ENOTDIR and ELOOP: nothing is there.
        }
        const found = resolve('/', asked)
        if (expected === null) expect(typeof found === 'string' || found.inode === null).toBe(true)
        else expect(found).toEqual({ path: expected, inode: lstatSync(expected).ino })
      }),
      { numRuns: 300 }
    )
  })

  it('never leaves the root, whatever the links are', () => {
    const outside = new Set(['/etc', '/root', '/home', '/tmp', '/usr'].flatMap((each) => inodeOf(each) ?? []))
    const root = directory()
    let run = 0
    fc.assert(
      fc.property(forest(''), path, (tree, parts) => {
        run += 1
        make(root, { [`r${run}`]: {} })
        const base = join(root, `r${run}`)
        make(base, { ...tree, etc: { link: '/../../../../../../etc' }, tmp: { link: '../../../../../../../../tmp' } })
        for (const asked of [parts.join('/'), `etc/${parts.join('/')}`, `tmp/${parts.join('/')}`]) {
          const found = resolve(base, asked)
          if (typeof found !== 'string' && found.inode !== null) expect(outside.has(found.inode)).toBe(false)
        }
      }),
      { numRuns: 200 }
    )
  })
})

function inodeOf(path: string): number[] | null {
  try {
    return [lstatSync(path).ino]
  } catch {
    // Not every machine has each of them.
    return null
  }
}
