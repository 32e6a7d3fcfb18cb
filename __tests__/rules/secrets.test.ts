import { describe, expect, it } from '@jest/globals'
import type { Evidence, Form, Hit, Location, SecretFact, SourceName } from '../../src/evidence.js'
import { evidence, hit, memoryHit, mount, row, secret, spec, withCoverage } from '../fixtures/evidence.js'
import { describeRule } from './cases.js'
import { judge, type Case } from './support.js'

const DISCOVERED = secret({ name: '/app/tmp/config.json', origin: 'discovered', delivered: 'none' })
const PART = secret({ name: '/app/tmp/config.json:key', origin: 'discovered', extent: 'part', delivered: 'none' })
const SECRETS: SecretFact[] = [secret(), DISCOVERED, PART]

function withHits(...hits: Hit[]): Evidence {
  return evidence({ secrets: SECRETS, hits: [memoryHit(), ...hits] })
}

const LAYER = {
  kind: 'layer',
  index: 1,
  digest: 'sha256:00',
  path: '/app/.env',
  part: 'content',
  offset: 21,
  deleted: false
} as const
const DISK = {
  kind: 'writable-layer',
  path: '/var/cache/x',
  part: 'content',
  offset: 0,
  underMount: null,
  afterStop: false
} as const
const VOLUME = {
  kind: 'volume',
  destination: '/data',
  type: 'volume',
  path: '/data/x',
  part: 'content',
  offset: 0
} as const
const SHM = {
  kind: 'memory',
  mount: '/dev/shm',
  declared: false,
  path: '/dev/shm/x',
  part: 'content',
  offset: 0
} as const

interface Place {
  slug: string
  source: SourceName
  location: Location
  message: RegExp
  severity?: 'error' | 'warning'
}

const PLACES: Place[] = [
  {
    slug: 'secret-in-layer',
    source: 'layers',
    location: LAYER,
    message: /^Secret db_password is in image layer 2 of 2 \(\/app\/\.env, raw\): everyone/
  },
  {
    slug: 'secret-in-image-config',
    source: 'image-config',
    location: { kind: 'image-config', field: 'Config.Env[DB_PASSWORD]' },
    message: /image's configuration \(Config\.Env\[DB_PASSWORD\], raw\)/
  },
  {
    slug: 'secret-in-history',
    source: 'history',
    location: { kind: 'history', index: 4, field: 'created_by' },
    message: /entry 5 of the image's history \(created_by, raw\)/
  },
  {
    slug: 'secret-in-attestation',
    source: 'attestations',
    location: { kind: 'attestation', digest: 'sha256:00', predicateType: 'https://slsa.dev/provenance/v1', offset: 3 },
    message: /in an attestation of the image \(https:\/\/slsa\.dev\/provenance\/v1, raw\)/
  },
  {
    slug: 'secret-in-build-log',
    source: 'build-log',
    location: { kind: 'build-log', line: 12 },
    message: /line 12 of the output of the build \(raw\)/
  },
  {
    slug: 'secret-in-container-config',
    source: 'container-config',
    location: { kind: 'container-config', field: 'Config.Cmd[1]' },
    message: /container's configuration \(Config\.Cmd\[1\], raw\): the engine keeps it/
  },
  {
    slug: 'secret-in-writable-layer',
    source: 'writable-layer',
    location: DISK,
    message: /on disk in the container's writable layer \(\/var\/cache\/x, raw\): it stays/
  },
  {
    slug: 'secret-in-volume',
    source: 'volumes',
    location: VOLUME,
    message: /in a volume on disk at \/data \(\/data\/x, raw\)/
  },
  {
    slug: 'secret-in-other-tmpfs',
    source: 'other-memory',
    location: SHM,
    message: /in memory outside the declared paths, at \/dev\/shm \(\/dev\/shm\/x, raw\)/
  },
  {
    slug: 'secret-in-logs',
    source: 'logs',
    location: { kind: 'log', stream: 'stderr', line: 3 },
    message: /line 3 of the standard error of the container \(raw\)/
  },
  {
    slug: 'secret-in-process',
    source: 'processes',
    location: { kind: 'process', pid: 41, where: 'cmdline', detail: 'app' },
    message: /command line of process 41 \(app, raw\)/
  },
  {
    slug: 'secret-in-process',
    source: 'processes',
    location: { kind: 'process', pid: 41, where: 'fd', detail: 'memfd' },
    message: /open file without a name of process 41 \(memfd, raw\)/
  },
  {
    slug: 'secret-in-process',
    source: 'processes',
    location: { kind: 'process', pid: 41, where: 'environ', detail: 'app' },
    message: /environment of process 41/,
    severity: 'warning'
  }
]

/** What every rule on hits has to do alike. */
function alike({ source, location, message, severity = 'error' }: Place): Case[] {
  const forms = (...of: Form[]): Hit[] => of.map((form) => hit(location, { form }))
  return [
    { name: 'is silent without a hit', evidence: withHits(), expected: [] },
    { name: 'tells a declared secret', evidence: withHits(hit(location)), expected: [{ severity, message }] },
    {
      name: 'tells a discovered file as severely',
      evidence: withHits(hit(location, { secret: 1 })),
      expected: [{ severity, message: /^The content of \/app\/tmp\/config\.json is (in|on disk in) / }]
    },
    {
      name: 'only warns of a part of one',
      evidence: withHits(hit(location, { secret: 2 })),
      expected: [
        {
          severity: 'warning',
          message: /^A part of what the program wrote \(\/app\/tmp\/config\.json:key\) is (in|on disk in) /
        }
      ]
    },
    {
      name: 'tells several forms in one finding',
      evidence: withHits(...forms('hex', 'raw', 'base64')),
      expected: [{ severity, message: /raw, base64 and hex/ }]
    },
    {
      name: 'tells of one place the declared secret alone',
      evidence: withHits(hit(location, { secret: 2 }), hit(location, { secret: 1 }), hit(location, { form: 'hex' })),
      expected: [{ severity, message: /^Secret db_password .*hex/ }]
    },
    {
      name: 'tells of one place the whole file rather than its parts',
      evidence: withHits(hit(location, { secret: 2 }), hit(location, { secret: 1 })),
      expected: [{ severity, message: /^The content of/ }]
    },
    {
      name: 'loses no hit of a secret that nobody knows',
      evidence: withHits(hit(location, { secret: 99 })),
      expected: [{ severity, message: /^Secret unknown/ }]
    },
    {
      name: 'tells what was found though the source was cut short',
      evidence: withCoverage(withHits(hit(location)), source, [row(source, { state: 'partial', reason: 'x' })]),
      expected: [{ severity, message }]
    },
    {
      name: 'says nothing of a source that could not be read: source-unread does',
      evidence: withCoverage(withHits(), source, [row(source, { state: 'failed', reason: 'x' })]),
      expected: []
    }
  ]
}

for (const place of PLACES) {
  describe(place.location.kind, () => {
    describeRule(place.slug, alike(place))
  })
}

describeRule('secret-in-layer', [
  {
    name: 'says that a deleted file is still shipped',
    evidence: withHits(hit({ ...LAYER, deleted: true }, { form: 'base64' })),
    expected: [
      {
        severity: 'error',
        message:
          /^Secret db_password is in image layer 2 of 2 \(\/app\/\.env, base64\), deleted by a later layer but still shipped: /
      }
    ]
  },
  {
    name: 'says what of the item it is, each by itself',
    evidence: withHits(
      hit({ ...LAYER, part: 'name' }),
      hit({ ...LAYER, part: 'link-target' }),
      hit({ ...LAYER, part: 'xattr' })
    ),
    expected: [
      { severity: 'error', message: /\(the name of \/app\/\.env, raw\)/ },
      { severity: 'error', message: /\(the link target of \/app\/\.env, raw\)/ },
      { severity: 'error', message: /\(an extended attribute of \/app\/\.env, raw\)/ }
    ]
  },
  {
    name: 'takes a layer that could not be told',
    evidence: withHits(hit({ ...LAYER, index: null, digest: null })),
    expected: [{ severity: 'error', message: /in an image layer \(/ }]
  },
  {
    name: 'knows the number without the image',
    evidence: { ...withHits(hit(LAYER)), image: null },
    expected: [{ severity: 'error', message: /in image layer 2 \(/ }]
  },
  {
    name: 'tells two declared secrets of one file',
    evidence: evidence({
      secrets: [secret(), secret({ name: 'api_key' })],
      hits: [hit(LAYER), hit(LAYER, { secret: 1 })]
    }),
    expected: [
      { severity: 'error', message: /^Secret db_password/ },
      { severity: 'error', message: /^Secret api_key/ }
    ]
  }
])

describeRule('secret-in-writable-layer', [
  {
    name: 'says that it lies under the mount',
    evidence: withHits(hit({ ...DISK, path: '/app/tmp/x', underMount: '/app/tmp' })),
    expected: [{ severity: 'error', message: /, on disk underneath the tmpfs \/app\/tmp: / }]
  },
  {
    name: 'says that it was written at the end',
    evidence: withHits(hit({ ...DISK, afterStop: true })),
    expected: [{ severity: 'error', message: /, written while the container stopped: / }]
  }
])

describeRule('secret-in-volume', [
  {
    name: 'tells a bind mount',
    evidence: withHits(hit({ ...VOLUME, type: 'bind' })),
    expected: [{ severity: 'error', message: /in a bind mount on disk/ }]
  }
])

describeRule('secret-in-logs', [
  {
    name: 'tells the health check',
    evidence: withHits(hit({ kind: 'log', stream: 'health', line: 1 })),
    expected: [{ severity: 'error', message: /line 1 of the output of the health check/ }]
  }
])

describeRule('secret-in-container-config', [
  {
    name: 'says that the delivery by environment puts it there',
    evidence: {
      ...evidence({ secrets: [secret({ delivered: 'env' })], deliver: 'env' }),
      hits: [hit({ kind: 'container-config', field: 'Config.Env[db_password]' })]
    },
    expected: [{ severity: 'error', message: /\(`deliver: env` puts it there\)/ }]
  }
])

describeRule('secret-in-other-tmpfs', [
  {
    name: 'is silent of the declared paths',
    evidence: withHits(memoryHit({}, 1), memoryHit({}, 2)),
    expected: []
  }
])

const unreadMemory = (of: Evidence): Evidence =>
  withCoverage(of, 'memory', [row('memory', { state: 'partial', reason: 'x' })])

describeRule('secret-not-in-tmpfs', [
  { name: 'is silent when each is there', evidence: evidence(), expected: [] },
  {
    name: 'tells a delivered secret that is not there',
    evidence: evidence({ secrets: [secret(), secret({ name: 'api_key', origin: 'canary' })] }),
    expected: [{ severity: 'error', message: /^Secret api_key is not under \/app\/tmp/ }]
  },
  {
    name: 'does not take other memory for it',
    evidence: evidence({ hits: [hit(SHM)] }),
    expected: [{ severity: 'error', message: /db_password/ }]
  },
  {
    name: 'asks for no secret that was given as a variable, or only searched for',
    evidence: evidence({ secrets: [secret({ delivered: 'env' }), secret({ delivered: 'none' })], hits: [] }),
    expected: []
  },
  { name: 'asks for no discovered one', evidence: evidence({ secrets: [DISCOVERED], hits: [] }), expected: [] },
  {
    name: 'tells each expected file that is missing',
    evidence: evidence({ missingFiles: ['*.key', '/app/tmp/b'] }),
    expected: [
      { severity: 'error', message: /expected file \*\.key/ },
      { severity: 'error', message: /expected file \/app\/tmp\/b/ }
    ]
  },
  {
    name: 'leaves it to source-unread when memory was not read to its end',
    evidence: unreadMemory(evidence({ hits: [], missingFiles: ['*.key'] })),
    expected: []
  }
])

const other = (
  allowed: boolean | null,
  user: string | null = null
): { uid: number; user: string | null; allowed: boolean | null } => ({
  uid: 33,
  user,
  allowed
})
const file = {
  mount: '/app/tmp',
  path: '/app/tmp/session.key',
  bytes: 1,
  delivered: false,
  mode: '0644',
  uid: 1000,
  gid: 1000,
  others: [other(true, 'www-data')]
}
const open = mount({ declared: spec({ mode: '1777' }) })
describeRule('secret-readable-by-others', [
  {
    name: 'is silent when none may',
    evidence: evidence({ memoryFiles: [{ ...file, others: [other(false)] }] }),
    expected: []
  },
  {
    name: 'is an error where the mode promised otherwise',
    evidence: evidence({ memoryFiles: [file] }),
    expected: [
      {
        severity: 'error',
        message:
          /^\/app\/tmp\/session\.key \(mode 0644, owner 1000:1000\) can be read by www-data \(uid 33\), although mode 1770/
      }
    ]
  },
  {
    name: 'warns elsewhere',
    evidence: evidence({ mounts: [open], memoryFiles: [file] }),
    expected: [{ severity: 'warning', message: /can be read by www-data \(uid 33\)\.$/ }]
  },
  {
    name: 'warns where no mode was declared',
    evidence: evidence({ mounts: [mount({ declared: spec({ mode: null }) })], memoryFiles: [file] }),
    expected: [{ severity: 'warning', message: /can be read by/ }]
  },
  {
    name: 'names a few users and counts the others',
    evidence: evidence({
      mounts: [open],
      memoryFiles: [{ ...file, others: Array.from({ length: 5 }, () => other(true)) }]
    }),
    expected: [{ severity: 'warning', message: /by uid 33, uid 33, uid 33 and 2 others\.$/ }]
  },
  {
    name: 'does not judge what we delivered',
    evidence: evidence({ memoryFiles: [{ ...file, delivered: true }] }),
    expected: []
  },
  {
    name: 'tells what could not be tried, once a mount',
    evidence: evidence({
      memoryFiles: [
        { ...file, others: [] },
        { ...file, others: [other(null)] }
      ]
    }),
    expected: [{ severity: 'warning', message: /other users can read 2 files under \/app\/tmp could not be tried/ }]
  },
  {
    name: 'leaves untried ones to source-unread when memory was not read',
    evidence: unreadMemory(evidence({ memoryFiles: [{ ...file, others: [] }] })),
    expected: []
  }
])

describe('findings on hits', () => {
  it('carry the secret, the plainest form and its place', () => {
    const findings = judge(
      'secret-in-layer',
      withHits(hit({ ...LAYER, offset: 9 }, { form: 'hex' }), hit({ ...LAYER, offset: 4 }, { form: 'base64' }))
    )
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ secret: 'db_password', form: 'base64', location: { ...LAYER, offset: 4 } })
  })

  it('carry the line that any of the forms has', () => {
    const origin = { file: 'app/.env', startLine: 3, endLine: 3 }
    const findings = judge('secret-in-layer', withHits(hit(LAYER), hit(LAYER, { form: 'hex', origin })))
    expect(findings[0]?.annotation).toEqual(origin)
  })

  it('offer a build secret by the name of the secret, and never by a path', () => {
    expect(judge('secret-in-layer', withHits(hit(LAYER)))[0]?.fix).toContain('--mount=type=secret,id=db_password')
    const discovered = judge('secret-in-layer', withHits(hit(LAYER, { secret: 1 })))[0]?.fix
    expect(discovered).toContain('id=my_secret')
    expect(discovered).not.toContain('config.json')
  })

  it('put nothing unprintable of a path into messages and fixes', () => {
    const path = '/a\n::error::x/\u001b[31m\u202eb\r'
    for (const { slug, location } of PLACES) {
      const odd = Object.fromEntries(
        Object.entries(location).map(([key, value]) => [
          key,
          ['path', 'field', 'destination', 'mount', 'detail', 'predicateType'].includes(key) &&
          location.kind !== 'history'
            ? path
            : value
        ])
      ) as unknown as Location
      const [finding] = judge(slug, withHits(hit(odd)))
      expect(finding?.message).not.toMatch(/[\p{C}]/u)
      expect(finding?.fix.replaceAll('\n', '')).not.toMatch(/[\p{C}]/u)
      expect(finding?.fix).not.toMatch(/^\s*::/m)
    }
  })
})
