import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { tmpfsArgs } from '../../src/docker/args.js'
import { parseTmpfs } from '../../src/inputs/tmpfs-spec.js'
import { parse } from './helpers.js'

const plain = { size: null, sizePercent: null, mode: null, uid: null, gid: null, readOnly: false, flags: [], other: [] }

describe('a tmpfs spec', () => {
  it.each([
    ['/app/tmp', { path: '/app/tmp', syntax: 'tmpfs' }],
    ['/a,b', { path: '/a,b', syntax: 'tmpfs' }],
    ['/my dir', { path: '/my dir', syntax: 'tmpfs' }],
    ['/dev/shm', { path: '/dev/shm', syntax: 'tmpfs' }],
    ['/dev/shm/x', { path: '/dev/shm/x', syntax: 'tmpfs' }],
    ['/devices', { path: '/devices', syntax: 'tmpfs' }],
    ['/a:size=16k,mode=1770', { path: '/a', syntax: 'tmpfs', size: 16384, mode: '1770' }],
    ['/a:size=64MiB', { path: '/a', syntax: 'tmpfs', size: 64 * 2 ** 20 }],
    ['/a:size=1gb', { path: '/a', syntax: 'tmpfs', size: 2 ** 30 }],
    ['/a:size=0', { path: '/a', syntax: 'tmpfs', size: 0 }],
    ['/a:size=10%', { path: '/a', syntax: 'tmpfs', sizePercent: 10 }],
    ['/a:mode=0', { path: '/a', syntax: 'tmpfs', mode: '0' }],
    ['/a:mode=0000', { path: '/a', syntax: 'tmpfs', mode: '0' }],
    ['/a:mode=01770', { path: '/a', syntax: 'tmpfs', mode: '1770' }],
    ['/a:mode=0700,uid=1000,gid=0', { path: '/a', syntax: 'tmpfs', mode: '700', uid: 1000, gid: 0 }],
    ['/a:exec,suid,dev', { path: '/a', syntax: 'tmpfs', flags: ['exec', 'suid', 'dev'] }],
    ['/a:defaults,ro', { path: '/a', syntax: 'tmpfs', readOnly: true }],
    ['/a:rw,nr_inodes=1k,mpol=bind:0-1', { path: '/a', syntax: 'tmpfs', other: ['nr_inodes=1k', 'mpol=bind:0-1'] }],
    ['type=tmpfs,dst=/a', { path: '/a', syntax: 'mount' }],
    ['type=tmpfs,destination=/a,tmpfs-size=16k', { path: '/a', syntax: 'mount', size: 16384 }],
    ['TYPE=tmpfs,target=/a,tmpfs-mode=1770', { path: '/a', syntax: 'mount', mode: '1770' }],
    ['type=tmpfs,dst=/a,readonly', { path: '/a', syntax: 'mount', readOnly: true }],
    ['dst=/a,type=tmpfs,ro=true', { path: '/a', syntax: 'mount', readOnly: true }],
    ['type=tmpfs,dst=/a,readonly=false', { path: '/a', syntax: 'mount' }]
  ])('%s is taken', (text, expected) => {
    expect(parse(parseTmpfs, text)).toEqual({ value: [{ ...plain, ...expected, text }], messages: [], notices: [] })
  })

  it.each([
    ['/app/tmp/', '/app/tmp'],
    ['/app//tmp', '/app/tmp'],
    ['/app/./tmp', '/app/tmp'],
    ['/app/../tmp', '/tmp'],
    ['/../../tmp:size=1m', '/tmp'],
    ['type=tmpfs,dst=/app/tmp/', '/app/tmp']
  ])('%s is normalised, with a notice', (text, path) => {
    const { value, messages, notices } = parse(parseTmpfs, text)
    expect(value?.[0]?.path).toBe(path)
    expect(messages).toEqual([])
    expect(notices).toEqual([expect.stringContaining(`taken as ${path}`)])
  })

  it.each([
    ['relative/path', /absolute path/],
    ['tmp', /absolute path/],
    ['-v', /absolute path/],
    ['~/.cache', /absolute path/],
    ['--tmpfs /a', /without the flag/],
    ['--mount=type=tmpfs,dst=/a', /without the flag/],
    ['/', /root/],
    ['/a/..', /root/],
    ['type=tmpfs,dst=/', /root/],
    ['/proc', /system directories/],
    ['/proc/x', /system directories/],
    ['/sys', /system directories/],
    ['/dev', /system directories/],
    ['/dev/pts', /system directories/],
    ['/app/../proc/1', /system directories/],
    ['/a:/b', /colon/],
    ['/a:b:size=1k', /colon/],
    ['type=tmpfs,dst=/a,/b', /has no/],
    ['/a, /b', /more than one path/],
    ['/a /b', /more than one path/],
    ['/a\u001b[31m', /control character/],
    [`/${'x'.repeat(256)}`, /longer path/],
    ['/a:', /Docker knows no tmpfs option/],
    ['/a:size=-1', /size must be/],
    ['/a:size=1x', /size must be/],
    ['/a:size=1.5g', /size must be/],
    ['/a:size=', /size must be/],
    ['/a:size=99999999999999T', /size must be/],
    ['/a:size=0%', /1% to 100%/],
    ['/a:size=101%', /1% to 100%/],
    ['/a:size=1k,size=2k', /given twice/],
    ['/a:size=1k,nr_blocks=1', /both set the size/],
    ['/a:mode=8999', /octal/],
    ['/a:mode=u+x', /octal/],
    ['/a:mode=17777', /octal/],
    ['/a:mode=', /octal/],
    ['/a:uid=app', /must be a number/],
    ['/a:gid=4294967295', /must be a number/],
    ['/a:nr_inodes=x', /whole number/],
    ['/a:mpol=$(id)', /mpol/],
    ['/a:noswap', /memory/],
    ['/a:huge=always', /knows no tmpfs option/],
    ['/a:remount', /makes no new tmpfs/],
    ['/a:bind', /makes no new tmpfs/],
    ['/a:rshared', /makes no new tmpfs/],
    ['/a:__proto__', /knows no tmpfs option/],
    ['/a:constructor=1', /knows no tmpfs option/],
    ['/a:exec,noexec', /contradict/],
    ['/ :defaults', /blank at the end/],
    ['/a :size=1k', /blank at the end/],
    ['type=tmpfs', /needs a path/],
    ['type=tmpfs,dst=', /needs a path/],
    ['type=bind,src=/,dst=/a', /type=tmpfs/],
    ['dst=/a', /type=tmpfs/],
    ['type=tmpfs,dst=/a,src=x', /has no `src`/],
    ['type=tmpfs,dst=/a,uid=1000', /use the `--tmpfs` form/],
    ['type=tmpfs,dst=/a,size=1k', /use the `--tmpfs` form/],
    ['type=tmpfs,dst=/a,noexec', /use the `--tmpfs` form/],
    ['type=tmpfs,dst=/a,tmpfs-mode=9999', /octal/],
    ['type=tmpfs,dst=/a,tmpfs-size=10%', /size must be/],
    ['type=tmpfs,dst=/a,tmpfs-size', /size must be/],
    ['type=tmpfs,dst=/a,readonly=maybe', /true/],
    ['type=tmpfs,dst=/a,target=/b', /given twice/],
    ['type=tmpfs,"dst=/a,b"', /quoted/]
  ])('%s is refused', (text, message) => {
    const { value, messages } = parse(parseTmpfs, text)
    expect(value).toBeNull()
    expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(message)]))
  })

  it.each([['/a\n/a'], ['/a\n/a/'], ['/a:size=1k\ntype=tmpfs,dst=/a']])(
    'two specs for one path are refused: %j',
    (text) => {
      const { value, messages } = parse(parseTmpfs, text)
      expect(value).toBeNull()
      expect(messages).toEqual([expect.stringContaining('two specs for /a')])
    }
  )

  it('takes nested paths, blank lines and Windows line ends', () => {
    expect(parse(parseTmpfs, '/a\r\n\r\n  /a/b  \n').value?.map((spec) => spec.path)).toEqual(['/a', '/a/b'])
  })

  it('tells everything that is wrong with several lines', () => {
    expect(parse(parseTmpfs, 'x\n/\n/ok:mode=9,size=z').messages).toHaveLength(4)
  })

  it('never becomes an option or more than one word of the command line', () => {
    const segment = fc.oneof(
      fc.constantFrom('a', '-x', '..', '.', '', 'b,c', '-', 'd e', '"', '%'),
      fc.string({ maxLength: 5 })
    )
    const option = fc.oneof(
      fc.constantFrom('size=16k', 'mode=01770', 'uid=0', 'ro', 'exec', 'nr_inodes=9', 'size=5%', 'defaults', '-v', ''),
      fc.string({ maxLength: 6 })
    )
    const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
    const spec = fc.oneof(
      fc.string({ maxLength: 30 }),
      path,
      fc.tuple(path, fc.array(option, { maxLength: 3 })).map(([where, options]) => `${where}:${options.join(',')}`),
      fc
        .tuple(path, fc.constantFrom('', ',ro', ',tmpfs-size=1k', ',x'))
        .map(([where, rest]) => `type=tmpfs,dst=${where}${rest}`)
    )
    let accepted = 0
    fc.assert(
      fc.property(spec, (text) => {
        for (const parsed of parse(parseTmpfs, text).value ?? []) {
          accepted++
          const args = tmpfsArgs(parsed)
          expect(args).toHaveLength(2)
          expect(parsed.path).toMatch(/^\/(?!$)/)
          expect(
            parsed.path
              .split('/')
              .slice(1)
              .some((part) => ['', '.', '..'].includes(part))
          ).toBe(false)
          expect(args[1]).not.toMatch(/^-/)
          // Read back from what Docker gets, it is the same mount.
          const again = parse(parseTmpfs, args[1] ?? '').value?.[0]
          expect({ ...again, text: '' }).toEqual({ ...parsed, text: '' })
        }
      }),
      { numRuns: 3000 }
    )
    expect(accepted).toBeGreaterThan(500)
  })
})
