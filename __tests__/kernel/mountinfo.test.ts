import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  foreignMounts,
  mountOf,
  otherMemory,
  parseMountinfo,
  sizeLimit,
  superOption,
  unescapeOctal
} from '../../src/kernel/mountinfo.js'

/** As Docker 20.10 writes it for `--tmpfs /app/tmp:size=16k,mode=1770` with a volume at /data, shortened. */
const TABLE = [
  '139 65 0:51 / / rw,relatime master:5 - overlay overlay rw,lowerdir=/l/A:/l/B,upperdir=/u/diff,workdir=/u/work',
  '145 139 0:54 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw',
  '146 139 0:55 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755',
  '183 146 0:59 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k',
  '184 139 254:0 /docker/volumes/data/_data /data rw,relatime - ext4 /dev/vda rw,discard',
  '187 139 0:60 / /app/tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=16k,mode=1770',
  '70 145 0:61 / /proc/acpi ro,relatime - tmpfs tmpfs ro',
  '71 145 0:55 /null /proc/keys rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755'
]
const lines = (...more: string[]): ReturnType<typeof parseMountinfo> =>
  parseMountinfo([...TABLE, ...more, ''].join('\n'))

describe('parseMountinfo', () => {
  it('reads every field', () => {
    expect(lines()[5]).toEqual({
      id: 187,
      parent: 139,
      device: '0:60',
      root: '/',
      mountPoint: '/app/tmp',
      flags: ['rw', 'nosuid', 'nodev', 'noexec', 'relatime'],
      fstype: 'tmpfs',
      source: 'tmpfs',
      superOptions: ['rw', 'size=16k', 'mode=1770']
    })
  })

  it('skips any number of optional fields', () => {
    const [line] = parseMountinfo('1 0 0:1 / /a rw shared:1 master:2 propagate_from:3 - xfs /dev/x rw')
    expect(line).toMatchObject({ mountPoint: '/a', fstype: 'xfs', source: '/dev/x' })
  })

  it('refuses a line that has been cut', () => {
    expect(() => parseMountinfo('1 0 0:1 / /a rw,relatime')).toThrow(SyntaxError)
    expect(() => parseMountinfo('1 0 0:1 / /a rw - tmpfs')).toThrow(SyntaxError)
  })

  it('gives back what the kernel escaped', () => {
    const escape = (text: string): string =>
      text.replace(/[ \t\n\\,]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~\t\n]{1,20}$/), (name) => {
        expect(unescapeOctal(escape(name))).toBe(name)
        const [line] = parseMountinfo(`1 0 0:1 / /${escape(name)} rw - tmpfs tmpfs rw,a=${escape(name)}`)
        expect(line?.mountPoint).toBe(`/${name}`)
        expect(superOption(line?.superOptions ?? [], 'a')).toBe(name)
      })
    )
  })
})

describe('mountOf', () => {
  it('takes the longest mount point, and of several the last', () => {
    const stacked = lines('200 187 0:70 / /app/tmp rw - ext4 /dev/x rw')
    expect(mountOf(lines(), '/app/tmp/x')?.id).toBe(187)
    expect(mountOf(stacked, '/app/tmp/x')?.id).toBe(200)
    expect(mountOf(lines(), '/app/tmpx')?.id).toBe(139)
    expect(mountOf([], '/')).toBeNull()
  })

  it('sees that a later mount over a parent hides a path', () => {
    expect(mountOf(lines('200 139 0:70 / /app rw - ext4 /dev/x rw'), '/app/tmp/x')?.id).toBe(200)
  })

  it('sees that a mount on top of one at a parent is not hidden by it', () => {
    const volume = '90 139 0:70 / /v rw - ext4 /dev/x rw'
    const tmpfs = '91 90 0:71 / /v/t rw - tmpfs tmpfs rw'
    expect(mountOf(lines(volume, tmpfs), '/v/t')?.id).toBe(91)
    expect(mountOf(lines(tmpfs, volume), '/v/t')?.id).toBe(91)
  })
})

describe('sizeLimit', () => {
  it('is in bytes, and null for no limit', () => {
    const options = ['size=16k', 'size=0k', 'mode=1770']
    const table = parseMountinfo(options.map((option) => `1 0 0:1 / /a rw - tmpfs t rw,${option}`).join('\n'))
    expect(table.map(sizeLimit)).toEqual([16384, null, null])
  })
})

describe('foreignMounts', () => {
  const relations = (path: string, ...more: string[]): unknown[] =>
    foreignMounts(lines(...more), path).map(({ relation, what }) => [relation, what])

  it('finds none around a clean tmpfs', () => {
    expect(relations('/app/tmp')).toEqual([])
  })

  it('finds a volume at and below the path, by its name', () => {
    expect(relations('/app/tmp', '200 187 254:0 /docker/volumes/abc/_data /app/tmp rw - ext4 /dev/x rw')).toEqual([
      ['at', 'volume abc']
    ])
    expect(relations('/app/tmp', '200 187 254:0 /home/x /app/tmp/sub rw - ext4 /dev/x rw')).toEqual([['below', 'bind']])
    expect(relations('/app/tmp', '200 187 0:70 / /app/tmp/sub rw - nfs s rw')).toEqual([['below', 'nfs']])
  })

  it('leaves out memory, kernel interfaces, and the root', () => {
    expect(relations('/app/tmp', '200 187 0:70 /s /app/tmp/sub rw - tmpfs t rw')).toEqual([])
    expect(relations('/app/tmp', '200 187 0:70 / /app/tmp/proc rw - proc proc rw')).toEqual([])
    expect(relations('/data/x')).toEqual([['over', 'volume data']])
  })

  it('finds a volume over the path, whether it hides the tmpfs or carries it', () => {
    const hiding = '200 139 254:0 /docker/volumes/v/_data /app rw - ext4 /dev/x rw'
    expect(relations('/app/tmp', hiding)).toEqual([['over', 'volume v']])
    const carrying = '90 139 254:0 /docker/volumes/v/_data /v rw - ext4 /dev/x rw'
    expect(relations('/v/t', carrying, '91 90 0:71 / /v/t rw - tmpfs tmpfs rw')).toEqual([['over', 'volume v']])
  })
})

describe('otherMemory', () => {
  it('lists memory outside the declared paths, without what covers /proc', () => {
    expect(otherMemory(lines(), ['/app/tmp'])).toEqual(['/dev', '/dev/shm'])
    expect(otherMemory(lines(), [])).toEqual(['/dev', '/dev/shm', '/app/tmp'])
    expect(otherMemory(lines('200 187 0:70 / /app/tmp/in rw - tmpfs t rw'), ['/app/tmp'])).toEqual(['/dev', '/dev/shm'])
  })

  it('leaves out a mount point that disk covers', () => {
    expect(otherMemory(lines('200 187 254:0 / /app/tmp rw - ext4 /dev/x rw'), [])).toEqual(['/dev', '/dev/shm'])
  })
})
