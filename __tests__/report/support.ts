import type { Coverage, Evidence, Finding, SourceName, Verdict } from '../../src/evidence.js'
import type { RenderOptions, RunFacts } from '../../src/report/types.js'

const DIGEST = `sha256:${'ab'.repeat(32)}`

export function coverage(source: SourceName, more: Partial<Coverage> = {}): Coverage {
  return { source, view: 'engine', state: 'complete', items: 3, bytes: 500, durationMs: 12, reason: null, ...more }
}

/** Of a run with host access on a build that passes. */
export function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    subject: { kind: 'build', name: 'examples/service' },
    engine: {
      version: '28.0.4',
      apiVersion: '1.48',
      runcVersion: '1.2.5',
      storageDriver: 'overlay2',
      store: 'classic',
      rootless: false,
      remote: false,
      hostAccess: true,
      hostAccessReason: null
    },
    image: {
      id: DIGEST,
      repoDigest: null,
      layers: [
        { index: 0, digest: DIGEST, history: 0, instruction: null },
        { index: 1, digest: DIGEST, history: 2, instruction: { file: 'Dockerfile', startLine: 5, endLine: 8 } }
      ],
      history: [{ createdBy: 'COPY . . # buildkit', emptyLayer: false, instruction: null }],
      configInstructions: {}
    },
    container: {
      id: 'c0ffee',
      state: 'running',
      exitCode: null,
      oomKilled: false,
      ready: true,
      readyReason: null,
      uid: 1000,
      readOnlyRoot: true,
      writableDiskMounts: [],
      lastLines: []
    },
    swap: { hostSwap: true, containerMaySwap: false, detail: 'memory.swap.max is 0' },
    mounts: [
      {
        declared: {
          path: '/app/tmp',
          text: '/app/tmp:size=16k,mode=1770',
          syntax: 'tmpfs',
          size: 16384,
          sizePercent: null,
          mode: '1770',
          uid: null,
          gid: null,
          readOnly: false,
          flags: [],
          other: []
        },
        listed: true,
        effective: {
          view: 'host',
          resolvedPath: '/app/tmp',
          fstype: 'tmpfs',
          size: 16384,
          mode: '1770',
          uid: 0,
          gid: 0,
          flags: ['rw', 'nosuid', 'nodev', 'noexec', 'relatime']
        },
        inside: null,
        differences: [],
        foreign: [],
        ownUser: { uid: 1000, enter: true, read: true, write: true },
        imageContent: { items: 0, examples: [] }
      }
    ],
    memoryFiles: [
      {
        mount: '/app/tmp',
        path: '/app/tmp/db_password',
        bytes: 42,
        delivered: true,
        mode: '0400',
        uid: 1000,
        gid: 1000,
        others: []
      }
    ],
    secrets: [
      { name: 'db_password', origin: 'canary', extent: 'whole', delivered: 'file' },
      { name: '/app/tmp/config.json', origin: 'discovered', extent: 'whole', delivered: 'none' },
      { name: '/app/tmp/config.json:key', origin: 'discovered', extent: 'part', delivered: 'none' }
    ],
    missingFiles: [],
    plainParts: 2,
    needed: ['mounts', 'memory', 'layers', 'image-config', 'history', 'writable-layer', 'logs'],
    coverage: [
      coverage('mounts', { view: 'host', items: 1, bytes: 0 }),
      coverage('memory', { view: 'host', items: 2, bytes: 85 }),
      coverage('layers', { view: 'host', items: 178_182, bytes: 3_340_000_000, durationMs: 2400 }),
      coverage('image-config'),
      coverage('history'),
      coverage('attestations', {
        state: 'skipped',
        items: 0,
        bytes: 0,
        durationMs: 0,
        reason: 'the classic store keeps none'
      }),
      coverage('build-log', { items: 31, bytes: 2100 }),
      coverage('container-config'),
      coverage('writable-layer', { view: 'host' }),
      coverage('volumes', { items: 0, bytes: 0 }),
      coverage('processes', { view: 'host' }),
      coverage('logs', { items: 4, bytes: 120 })
    ],
    hits: [
      {
        secret: 0,
        form: 'raw',
        view: 'host',
        location: {
          kind: 'memory',
          mount: '/app/tmp',
          declared: true,
          path: '/app/tmp/db_password',
          part: 'content',
          offset: 0
        }
      }
    ],
    droppedHits: 0,
    controlFound: true,
    deliver: 'file',
    expectFiles: [],
    fallback: { dockerfile: { file: 'examples/service/Dockerfile', startLine: 1, endLine: 1 } },
    ...more
  }
}

/** A secret in a layer, with its line. */
export function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule: 'secret-in-layer',
    severity: 'error',
    ignored: false,
    secret: 'db_password',
    form: 'base64',
    message: 'The secret db_password is in an image layer, and everyone who can pull the image can read it.',
    fix: 'RUN --mount=type=secret,id=db_password \\\n    ./configure',
    location: {
      kind: 'layer',
      index: 1,
      digest: DIGEST,
      path: '/app/.env',
      part: 'content',
      offset: 21,
      deleted: true
    },
    annotation: { file: 'examples/service/Dockerfile', startLine: 5, endLine: 8 },
    ...more
  }
}

export const mountFinding = finding({
  rule: 'mount-mode',
  secret: null,
  form: null,
  message: '/app/tmp was declared with mode 1770 and has 0755.',
  fix: 'tmpfs: /app/tmp:mode=0755',
  location: { kind: 'mount', path: '/app/tmp' },
  annotation: null
})
export const warningFinding = finding({
  rule: 'mount-swappable',
  severity: 'warning',
  secret: null,
  form: null,
  message: 'The pages of /app/tmp can reach the disk.',
  fix: 'memory: 128m',
  location: { kind: 'mount', path: '/app/tmp' },
  annotation: null
})
export const unreadFinding = finding({
  rule: 'source-unread',
  severity: 'inconclusive',
  secret: null,
  form: null,
  message: 'The writable layer could not be read to its end.',
  fix: 'host-access: required',
  location: { kind: 'source', source: 'writable-layer' },
  annotation: null
})

export function verdict(findings: Finding[] = [], more: Partial<Verdict> = {}): Verdict {
  const open = findings.filter((each) => !each.ignored)
  const number = (severity: Finding['severity']): number => open.filter((each) => each.severity === severity).length
  const [errors, warnings, inconclusive] = [number('error'), number('warning'), number('inconclusive')]
  const outcome = errors > 0 ? 'fail' : inconclusive > 0 ? 'inconclusive' : 'pass'
  return {
    outcome,
    findings,
    errors,
    warnings,
    inconclusive,
    ignored: findings.length - open.length,
    failStep: outcome !== 'pass',
    ...more
  }
}

export const run: RunFacts = {
  toolVersion: '1.0.0',
  startedAt: '2026-11-24T20:00:00.000Z',
  durationMs: 14_230,
  timings: [
    { stage: 'build', ms: 8100 },
    { stage: 'image layers', ms: 2400 }
  ]
}

export const options: RenderOptions = {
  repository: { serverUrl: 'https://github.com', repository: 'octo/service', sha: 'c0ffee'.repeat(6) + 'c0ff' },
  rulesUrl: 'https://github.com/octo/tmpfs-check/blob/v1/docs/rules.md',
  reportFile: '/tmp/report.json',
  ignore: [],
  summary: true,
  annotations: true,
  colour: false
}

/** Names that try to break out of wherever they are shown. */
export const HOSTILE = [
  'a\nb',
  '\n::error::forged',
  '::error file=x::forged',
  '  ::add-mask::pass',
  'x ##[add-mask]pass',
  '##[error]forged',
  'a\r::set-output name=outcome::pass',
  '\u001b[2J\u001b[31mred',
  '\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007',
  '\u202egnp.exe',
  'zero\u200bwidth\u2060\ufeff',
  '\u2028line\u2029paragraph',
  'a|b|c',
  'a\\|b',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '`code` ``more`` ```',
  '`',
  '</details></table>',
  '<!-- hidden',
  '[link](http://evil.example)',
  '![image](http://evil.example/x.png)',
  '@octocat #123 https://evil.example www.evil.example',
  '**bold** __init__ ~~gone~~ *x*',
  '# heading\n## heading',
  '&lt;img&gt; &#60;',
  '\u0000\u0007\u007f\u0080',
  '\ud800 lone $x^2$ --> %0A'
]
