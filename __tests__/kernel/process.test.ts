import { describe, expect, it } from '@jest/globals'
import { belongsTo, cgroupPath, parseCgroup } from '../../src/kernel/cgroup.js'
import { unnamedMappings } from '../../src/kernel/maps.js'
import {
  CAP_DAC_OVERRIDE,
  handles,
  hasCapability,
  idInside,
  idOutside,
  parseIdMap,
  parseStatus,
  startTime
} from '../../src/kernel/process.js'
import { hasSwap, maySwap } from '../../src/kernel/swap.js'

const STATUS = `Name:\tapp (x)
Uid:\t1000\t1001\t1002\t1003
Gid:\t100\t101\t102\t103
Groups:\t5 27
CapEff:\t00000000a80425fb
CapBnd:\t00000000a80425fb
SigCgt:\t0000000000004000
`

describe('parseStatus', () => {
  it('reads effective ids, groups, capabilities and handlers', () => {
    const status = parseStatus(STATUS)
    expect(status).toEqual({ uid: 1001, gid: 101, groups: [5, 27], capEff: 0xa80425fbn, sigCgt: 0x4000n })
    expect([15, 14].map((signal) => status !== null && handles(status, signal))).toEqual([true, false])
  })

  it('tells single capabilities', () => {
    expect(hasCapability(0xa80425fbn, CAP_DAC_OVERRIDE)).toBe(true)
    expect(hasCapability(0xa80425f9n, CAP_DAC_OVERRIDE)).toBe(false)
  })

  it('is not misled by a missing group or field', () => {
    expect(parseStatus(STATUS.replace('5 27', ''))?.groups).toEqual([])
    expect(parseStatus(STATUS.replace(/SigCgt.*\n/, ''))).toBeNull()
    expect(parseStatus('')).toBeNull()
  })
})

describe('startTime', () => {
  it('counts from the last bracket: a name may hold anything', () => {
    const rest = Array.from({ length: 50 }, (_, index) => String(index + 3)).join(' ')
    expect(startTime(`42 (a) S 1 (b) ${rest}`)).toBe('22')
    expect(startTime('')).toBeNull()
    expect(startTime('42 (a) S 1')).toBeNull()
  })
})

describe('id maps', () => {
  const map = parseIdMap('         0     100000      65536\n     65536       5000          1\n')

  it('translates both ways', () => {
    expect(idInside(map, 100_007)).toBe(7)
    expect(idOutside(map, 7)).toBe(100_007)
    expect(idOutside(map, 65_536)).toBe(5000)
  })

  it('shows what has no counterpart as the kernel does', () => {
    expect(idInside(map, 7)).toBe(65_534)
    expect(parseIdMap('')).toEqual([])
  })
})

describe('cgroups', () => {
  const id = 'ab'.repeat(32)

  it.each([
    ['cgroupfs, version 1', `5:devices:/docker/${id}\n`],
    ['systemd, version 2', `0::/system.slice/docker-${id}.scope\n`],
    ['podman', `0::/machine.slice/libpod-${id}.scope/container\n`],
    ['seen from a cgroup beside it', `0::/../${id}\n`]
  ])('knows the container: %s', (_, text) => {
    expect(belongsTo(parseCgroup(text), id)).toBe(true)
  })

  it.each([
    ['the root', '0::/\n'],
    ['another one', `0::/docker/${'cd'.repeat(32)}\n`],
    ['a name that holds the ID', `0::/x/${id}extra\n`],
    ['nothing', '']
  ])('does not take for it: %s', (_, text) => {
    expect(belongsTo(parseCgroup(text), id)).toBe(false)
  })

  it('finds the path of a controller in both versions', () => {
    expect(cgroupPath(parseCgroup('3:cpu,memory:/a\n0::/b\n'), 'memory')).toEqual({ version: 1, path: '/a' })
    expect(cgroupPath(parseCgroup('0::/b:c\n'), 'memory')).toEqual({ version: 2, path: '/b:c' })
    expect(cgroupPath([], 'memory')).toBeNull()
  })
})

describe('swap', () => {
  const none = { swapMax: null, limit: null, memsw: null, swappiness: null }
  const unlimited = '9223372036854771712'

  it('sees areas below the heading', () => {
    expect(hasSwap('Filename\tType\tSize\tUsed\tPriority\n')).toBe(false)
    expect(hasSwap('Filename\tType\n/swapfile file 4194300 0 -2\n')).toBe(true)
  })

  it('asks every level', () => {
    expect(
      maySwap([
        { ...none, swapMax: 'max' },
        { ...none, swapMax: '0' }
      ]).may
    ).toBe(false)
    expect(
      maySwap([
        { ...none, swapMax: 'max' },
        { ...none, swapMax: 'max' }
      ])
    ).toEqual({
      may: true,
      detail: 'memory.swap.max is max'
    })
  })

  it('compares the sum with the limit in version 1', () => {
    expect(maySwap([{ ...none, limit: '100', memsw: '100' }]).may).toBe(false)
    expect(maySwap([{ ...none, limit: '100', memsw: '200' }]).may).toBe(true)
    expect(maySwap([{ ...none, limit: unlimited, memsw: unlimited }]).may).toBe(true)
    expect(maySwap([{ ...none, limit: unlimited, memsw: unlimited, swappiness: '0' }]).may).toBe(false)
  })

  it('does not guess without a limit file', () => {
    expect(maySwap([]).may).toBeNull()
    expect(maySwap([none]).may).toBeNull()
  })
})

describe('unnamedMappings', () => {
  it('lists each file once, and not the memory of the process itself', () => {
    const maps = [
      '55d0-55d1 r-xp 00000000 fe:00 12 /usr/bin/app',
      '007f10-007f20 rw-s 00000000 00:05 99 /memfd:x (deleted)',
      '7f20-7f30 rw-s 00010000 00:05 99 /memfd:x (deleted)',
      '7f30-7f40 rw-s 00000000 00:05 100 /SYSV00001234 (deleted)',
      '7f40-7f50 r--p 00000000 fe:00 101 /tmp/a b (deleted)',
      '7f50-7f60 rw-s 00000000 00:01 102 /dev/zero (deleted)',
      '7ffe-7fff rw-p 00000000 00:00 0 [stack]'
    ].join('\n')
    expect(unnamedMappings(maps)).toEqual([
      { range: '7f10-7f20', kind: 'memfd' },
      { range: '7f30-7f40', kind: 'System V shared memory' },
      { range: '7f40-7f50', kind: 'unlinked file' }
    ])
  })
})
