import { describe, expect, it } from '@jest/globals'
import type { EffectiveMount, Evidence, MountFact, TmpfsSpec } from '../../src/evidence.js'
import { parseVersion, whyMode } from '../../src/rules/runc.js'
import { effective, evidence, mount, row, secret, spec, withCoverage } from '../fixtures/evidence.js'
import { describeRule } from './cases.js'
import { judge } from './support.js'

const failed = (of: Evidence): Evidence => withCoverage(of, 'mounts', [row('mounts', { state: 'failed', reason: 'x' })])

/** Evidence of one mount. */
function of(fact: Partial<MountFact>, more: Partial<Evidence> = {}): Evidence {
  return evidence({ mounts: [mount(fact)], ...more })
}

function seen(
  declared: Partial<TmpfsSpec>,
  got: Partial<EffectiveMount>,
  runcVersion: string | null = '1.2.5'
): Evidence {
  const base = of({ declared: spec(declared), effective: effective(got) })
  return { ...base, engine: { ...base.engine, runcVersion } }
}

describeRule('mount-missing', [
  { name: 'is silent where the kernel has a tmpfs', evidence: evidence(), expected: [] },
  {
    name: 'tells another file system',
    evidence: of({ effective: effective({ fstype: 'overlay' }) }),
    expected: [
      { severity: 'error', message: /no tmpfs at \/app\/tmp: the kernel says overlay, although docker inspect/ }
    ]
  },
  {
    name: 'tells that there is none, and that the engine lists none either',
    evidence: of({ effective: null, listed: false }),
    expected: [{ severity: 'error', message: /the kernel says no mount there, and docker inspect lists none/ }]
  },
  {
    name: 'tells where a link leads',
    evidence: of({ effective: effective({ fstype: 'ext4', resolvedPath: '/data/tmp' }) }),
    expected: [{ severity: 'error', message: /\/app\/tmp \(which leads to \/data\/tmp\)/ }]
  },
  {
    name: 'leaves it to source-unread when nobody could look',
    evidence: failed(of({ effective: null })),
    expected: []
  },
  {
    name: 'still tells what it knows when another view failed',
    evidence: failed(of({ effective: effective({ fstype: 'overlay' }) })),
    expected: [{ severity: 'error', message: /overlay/ }]
  }
])

describeRule('mount-shadowed', [
  { name: 'is silent without another mount', evidence: evidence(), expected: [] },
  {
    name: 'tells each of them, and how it lies',
    evidence: of({
      foreign: [
        { path: '/app/tmp', relation: 'at', fstype: 'ext4', what: 'volume pgdata' },
        { path: '/app', relation: 'over', fstype: 'ext4', what: 'bind' },
        { path: '/app/tmp/cache', relation: 'below', fstype: 'nfs4', what: 'nfs4' }
      ]
    }),
    expected: [
      { severity: 'error', message: /^A mount \(volume pgdata\) lies at \/app\/tmp itself/ },
      { severity: 'error', message: /^A mount \(bind\) lies at \/app, over the tmpfs \/app\/tmp/ },
      { severity: 'error', message: /^A nfs4 mount lies at \/app\/tmp\/cache, below the tmpfs/ }
    ]
  },
  {
    name: 'tells them though the look was cut short',
    evidence: failed(of({ foreign: [{ path: '/app/tmp', relation: 'at', fstype: 'ext4', what: 'bind' }] })),
    expected: [{ severity: 'error', message: /bind/ }]
  }
])

describeRule('mount-size', [
  { name: 'is silent for the declared size', evidence: evidence(), expected: [] },
  { name: 'rounds up to pages', evidence: seen({ size: 5000 }, { size: 8192 }), expected: [] },
  {
    name: 'takes no page more',
    evidence: seen({ size: 5000 }, { size: 12288 }),
    expected: [{ severity: 'error', message: /declared with 5000 bytes \(8 KiB in whole pages\) and has 12 KiB/ }]
  },
  {
    name: 'tells a limit that is not there',
    evidence: seen({ size: 16384 }, { size: null }),
    expected: [{ severity: 'error', message: /declared with 16 KiB and has no limit/ }]
  },
  {
    name: 'warns without any limit',
    evidence: seen({ size: null }, { size: null }),
    expected: [{ severity: 'warning', message: /has no size limit: it can grow to half/ }]
  },
  {
    name: 'warns of size=0, which is no limit',
    evidence: seen({ size: 0 }, { size: null }),
    expected: [{ severity: 'warning', message: /no size limit/ }]
  },
  { name: 'is silent for a limit that was not declared', evidence: seen({ size: null }, { size: 4096 }), expected: [] },
  {
    name: 'does not compare a share of the memory',
    evidence: seen({ size: null, sizePercent: 10 }, { size: 1_234_567_168 }),
    expected: []
  },
  {
    name: 'warns when a share of the memory set no limit',
    evidence: seen({ size: null, sizePercent: 10, text: '/app/tmp:size=10%' }, { size: null }),
    expected: [{ severity: 'warning', message: /although \/app\/tmp:size=10% asks for one/ }]
  },
  { name: 'leaves a mount that is not there to mount-missing', evidence: of({ effective: null }), expected: [] }
])

describeRule('mount-mode', [
  { name: 'is silent for the declared mode', evidence: evidence(), expected: [] },
  { name: 'compares numbers, not digits', evidence: seen({ mode: '755' }, { mode: '0755' }), expected: [] },
  {
    name: 'tells the mode that runc took from the image, and why',
    evidence: seen({ mode: '1770' }, { mode: '0755' }, '1.1.5+ds1'),
    expected: [
      {
        severity: 'error',
        message:
          /declared with mode 1770, effective 0755: .*Why: runc before 1\.1\.8 \(here 1\.1\.5\+ds1\) probably keeps the mode of a directory that the image ships/
      }
    ]
  },
  {
    name: 'says so for certain where the image ships files there',
    evidence: {
      ...seen({ mode: '1770' }, { mode: '0755' }, '1.1.5'),
      mounts: [mount({ effective: effective({ mode: '0755' }), imageContent: { items: 2, examples: [] } })]
    },
    expected: [{ severity: 'error', message: /\(here 1\.1\.5\) keeps the mode .* \(it ships 2 files there\)/ }]
  },
  {
    name: 'says probably where runc is not known',
    evidence: seen({ mode: '1770' }, { mode: '0755' }, null),
    expected: [{ severity: 'error', message: /Why: probably its runc is older than 1\.1\.8/ }]
  },
  {
    name: 'gives no reason that it does not know',
    evidence: seen({ mode: '1770' }, { mode: '0755' }, '1.2.5'),
    expected: [{ severity: 'error', message: /effective 0755: other users get other rights than you decided\.$/ }]
  },
  {
    name: 'tells a lost sticky bit',
    evidence: seen({ mode: '1777' }, { mode: '0777' }, '1.1.8'),
    expected: [
      { severity: 'error', message: /mode 1777, effective 0777: .*Why: runc 1\.1\.8 \(here 1\.1\.8\) loses the sticky/ }
    ]
  },
  {
    name: 'tells another owner in the same finding',
    evidence: seen({ uid: 1000, gid: 1001 }, { mode: '0755' }),
    expected: [
      { severity: 'error', message: /mode 1770, effective 0755, uid 1000, effective 0 and gid 1001, effective 0:/ }
    ]
  },
  { name: 'does not compare an owner that was not declared', evidence: seen({}, { uid: 7, gid: 7 }), expected: [] },
  {
    name: 'warns of an open one that was not declared',
    evidence: seen({ mode: null }, { mode: '1777' }),
    expected: [{ severity: 'warning', message: /has mode 1777, for none was declared: every user/ }]
  },
  { name: 'is silent when it is open as declared', evidence: seen({ mode: '1777' }, { mode: '1777' }), expected: [] },
  {
    name: 'is silent for a closed one that was not declared',
    evidence: seen({ mode: null }, { mode: '0755' }),
    expected: []
  },
  { name: 'leaves a mount that is not there to mount-missing', evidence: of({ effective: null }), expected: [] }
])

describe('mount-mode fixes', () => {
  it('gives the image the mode on an old runc, and a newer engine elsewhere', () => {
    const old = judge('mount-mode', seen({ mode: '1770' }, { mode: '0755' }, '1.1.5'))[0]
    expect(old?.fix).toContain('RUN mkdir -p /app/tmp && chmod 1770 /app/tmp')
    const current = judge('mount-mode', seen({ mode: '1770' }, { mode: '0755' }, '1.2.5'))[0]
    expect(current?.fix).not.toContain('RUN ')
  })

  it('puts no odd path into a command', () => {
    const odd = seen({ mode: '1770', path: '/app/$(id)' }, { mode: '0755' }, '1.1.5')
    expect(judge('mount-mode', odd)[0]?.fix).not.toContain('RUN ')
  })
})

describe('runc versions', () => {
  it.each([
    ['1.1.5', [1, 1, 5]],
    ['v1.3.0-rc.1', [1, 3, 0]],
    ['1.1.5+ds1-1+deb12u1', [1, 1, 5]],
    ['unknown', null],
    ['', null]
  ])('reads %s', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected)
  })

  it.each([
    ['1.0.3', true],
    ['1.1.7', true],
    ['0.9.9', true],
    ['1.1.8', false],
    ['1.1.10', false],
    ['2.0.0', false]
  ])('%s: the mode of the image explains it: %s', (version, explains) => {
    const base = seen({ mode: '1770' }, { mode: '0755' }, version)
    expect(whyMode(base, mount({ effective: effective({ mode: '0755' }) })) !== null).toBe(explains)
  })
})

describeRule('mount-flags', [
  { name: 'is silent for the flags of the engine', evidence: evidence(), expected: [] },
  {
    name: 'tells what is missing',
    evidence: seen({}, { flags: ['rw', 'nodev'] }),
    expected: [{ severity: 'warning', message: /without nosuid and noexec, which nobody asked for/ }]
  },
  {
    name: 'is silent for what was asked for',
    evidence: seen({ flags: ['exec', 'suid', 'dev'] }, { flags: ['rw'] }),
    expected: []
  },
  {
    name: 'an asked-for exec does not excuse the others',
    evidence: seen({ flags: ['exec'] }, { flags: ['rw', 'nosuid'] }),
    expected: [{ severity: 'warning', message: /without nodev,/ }]
  },
  { name: 'leaves a mount that is not there to mount-missing', evidence: failed(of({ effective: null })), expected: [] }
])

const nothingDelivered = [secret({ delivered: 'env' })]
describeRule('mount-inaccessible', [
  { name: 'is silent for a user that may do all', evidence: evidence(), expected: [] },
  {
    name: 'tells who cannot enter, once',
    evidence: of({ ownUser: { uid: 1000, enter: false, read: false, write: true } }),
    expected: [
      {
        severity: 'error',
        message: /uid 1000, which cannot enter it: the tmpfs \/app\/tmp has mode 1770 and owner 0:0/
      }
    ]
  },
  {
    name: 'tells who cannot read what was delivered',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: false, write: true } }),
    expected: [{ severity: 'error', message: /cannot read what was delivered there/ }]
  },
  {
    name: 'warns who cannot write and need not',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: true, write: false } }),
    expected: [{ severity: 'warning', message: /cannot write there; it need not/ }]
  },
  {
    name: 'is an error where nothing was delivered',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: true, write: false } }, { secrets: nothingDelivered }),
    expected: [{ severity: 'error', message: /cannot write there, although it has to/ }]
  },
  {
    name: 'is an error where files are expected',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: true, write: false } }, { expectFiles: ['*.key'] }),
    expected: [{ severity: 'error', message: /although it has to/ }]
  },
  {
    name: 'is a warning where files are expected elsewhere',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: true, write: false } }, { expectFiles: ['/run/x/*.key'] }),
    expected: [{ severity: 'warning', message: /need not/ }]
  },
  {
    name: 'is an error where files may be expected there',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: true, write: false } }, { expectFiles: ['/app/*/a.key'] }),
    expected: [{ severity: 'error', message: /although it has to/ }]
  },
  {
    name: 'does not ask for writing on a read-only mount',
    evidence: of(
      { declared: spec({ readOnly: true }), ownUser: { uid: 1000, enter: true, read: true, write: false } },
      { secrets: nothingDelivered }
    ),
    expected: []
  },
  {
    name: 'tells that it could not be tried',
    evidence: of({ ownUser: null }),
    expected: [{ severity: 'warning', message: /could not be tried/ }]
  },
  {
    name: 'tells that writing could not be tried',
    evidence: of({ ownUser: { uid: 1000, enter: true, read: true, write: null } }),
    expected: [{ severity: 'warning', message: /could not be tried/ }]
  },
  {
    name: 'leaves an untried one to source-unread when mounts failed',
    evidence: failed(of({ ownUser: null })),
    expected: []
  }
])

const swap = (hostSwap: boolean | null, containerMaySwap: boolean | null): Evidence =>
  evidence({ swap: { hostSwap, containerMaySwap, detail: 'memory.swap.max is max' } })
describeRule('mount-swappable', [
  { name: 'is silent without swap', evidence: swap(false, true), expected: [] },
  { name: 'is silent when the container may not swap', evidence: swap(true, false), expected: [] },
  {
    name: 'is silent when the container may not swap, whatever the host does',
    evidence: swap(null, false),
    expected: []
  },
  {
    name: 'warns where it may',
    evidence: swap(true, true),
    expected: [
      {
        severity: 'warning',
        message: /can reach the disk: the host swaps, and the container may \(memory\.swap\.max is max\)/
      }
    ]
  },
  {
    name: 'tells that the limit could not be told',
    evidence: swap(true, null),
    expected: [{ severity: 'warning', message: /could not be told/ }]
  },
  {
    name: 'tells that the swap of the host could not be told',
    evidence: swap(null, true),
    expected: [{ severity: 'warning', message: /could not be told/ }]
  },
  {
    name: 'tells that nothing was read',
    evidence: evidence({ swap: null }),
    expected: [{ severity: 'warning', message: /could not be told: nothing was read/ }]
  },
  { name: 'is silent of a mount that is not there', evidence: of({ effective: null }, { swap: null }), expected: [] }
])

describeRule('image-content-hidden', [
  { name: 'is silent for an empty directory', evidence: evidence(), expected: [] },
  {
    name: 'tells how many files, and some of them',
    evidence: of({ imageContent: { items: 5, examples: ['/app/tmp/a', '/app/tmp/b', '/app/tmp/c', '/app/tmp/d'] } }),
    expected: [
      {
        severity: 'warning',
        message: /ships 5 files at \/app\/tmp \(\/app\/tmp\/a, \/app\/tmp\/b and \/app\/tmp\/c, …\)/
      }
    ]
  },
  {
    name: 'tells one file',
    evidence: of({ imageContent: { items: 1, examples: ['/app/tmp/a'] } }),
    expected: [{ severity: 'warning', message: /ships 1 file at \/app\/tmp \(\/app\/tmp\/a\): / }]
  },
  {
    name: 'tells that it could not be told',
    evidence: of({ imageContent: null }),
    expected: [{ severity: 'warning', message: /could not be told/ }]
  },
  {
    name: 'leaves it to source-unread when the layers were not read',
    evidence: withCoverage(of({ imageContent: null }), 'layers', [row('layers', { state: 'partial' })]),
    expected: []
  }
])

describeRule('inside-view-differs', [
  { name: 'is silent without differences', evidence: evidence(), expected: [] },
  {
    name: 'tells each',
    evidence: of({
      differences: [
        { what: 'fstype', inside: 'mount: tmpfs', kernel: 'overlay' },
        { what: 'files', inside: 'ls: hides 1 (a)', kernel: '1 names' }
      ]
    }),
    expected: [
      {
        severity: 'error',
        message: /say of the kind of file system at \/app\/tmp "mount: tmpfs", the kernel says "overlay"/
      },
      { severity: 'error', message: /say of the files/ }
    ]
  },
  {
    name: 'is silent where there was nothing to compare: source-unread tells',
    evidence: failed(of({ effective: null, inside: null })),
    expected: []
  }
])

describe('rules on mounts', () => {
  it('judge every mount', () => {
    const two = evidence({
      mounts: [
        mount({ effective: effective({ mode: '0755' }) }),
        mount({
          declared: spec({ path: '/run/secrets' }),
          effective: effective({ resolvedPath: '/run/secrets', mode: '0700' })
        })
      ]
    })
    expect(judge('mount-mode', two).map(({ location }) => location)).toEqual([
      { kind: 'mount', path: '/app/tmp' },
      { kind: 'mount', path: '/run/secrets' }
    ])
  })

  it('say how to start a container of others anew', () => {
    const running = seen({ size: 16384 }, { size: 8192 })
    const fix = judge('mount-size', { ...running, subject: { kind: 'container', name: 'web' } })[0]?.fix
    expect(fix).toContain('docker run --tmpfs /app/tmp:size=16k,mode=1770')
  })
})
