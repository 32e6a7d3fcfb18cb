import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { findLeaks, withheldText } from '../src/egress.js'
import type { Evidence, Finding, Verdict } from '../src/evidence.js'
import { publish, type Core, type PublishOptions } from '../src/publish.js'
import { render } from '../src/report/render.js'
import { Matcher } from '../src/scan/matcher.js'
import { writeAtomically } from '../src/write.js'
import { evidence, finding, options, run, verdict } from './report/support.js'

const SECRET = 'hunter2`<&hunter2'
const matcher = new Matcher([
  { secret: 0, form: 'raw', bytes: Buffer.from(SECRET) },
  { secret: 0, form: 'base64', bytes: Buffer.from(Buffer.from(SECRET).toString('base64')) }
])

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Everything that a run would show or write, by channel. */
class Recorder {
  readonly said: string[] = []
  readonly annotations: [string, string, unknown][] = []
  readonly outputs: Record<string, string> = {}
  summary = ''
  failing: string | null = null

  core(): Core {
    const annotate = (level: string) => (message: string | Error, properties?: unknown) => {
      this.annotations.push([level, String(message), properties])
    }
    const summary = {
      addRaw: (text: string) => {
        this.summary += text
        return summary
      },
      write: () => (this.failing === 'summary' ? Promise.reject(new Error('no')) : Promise.resolve(summary))
    }
    return {
      error: annotate('error'),
      warning: annotate('warning'),
      notice: annotate('notice'),
      info: (message) => this.said.push(message),
      setOutput: (name, value: unknown) => {
        if (this.failing === 'outputs')
          throw Object.assign(new Error(`Missing file at path: ${folder}`), { code: 'ENOENT' })
        this.outputs[name] = String(value)
      },
      summary: summary as unknown as Core['summary']
    }
  }

  all(): string {
    return JSON.stringify([this.said, this.annotations, this.outputs, this.summary])
  }
}

function settings(recorder: Recorder, more: Partial<PublishOptions> = {}): PublishOptions {
  return {
    matcher,
    secrets: evidence().secrets,
    toolVersion: '1.0.0',
    actions: true,
    summaryFile: '/summary',
    outputFile: '/output',
    reportFile: join(folder, 'reports', 'report.json'),
    core: recorder.core(),
    ...more
  }
}

function source(given: Evidence, decided: Verdict): Parameters<typeof publish>[0] {
  return { verdict: decided, render: (each) => render(given, each, { run, options }) }
}

describe('publishing', () => {
  it('writes annotations, report, outputs, summary and log, the verdict last', async () => {
    const recorder = new Recorder()
    const decided = verdict([finding()])
    const published = await publish(source(evidence(), decided), settings(recorder))
    expect(published).toEqual({ withheld: [], verdict: decided, failure: 'tmpfs-check: fail: 1 error' })
    expect(recorder.annotations).toEqual([
      [
        'error',
        expect.stringContaining('db_password'),
        { title: 'tmpfs-check: secret-in-layer', file: 'examples/service/Dockerfile', startLine: 5, endLine: 8 }
      ]
    ])
    expect(recorder.outputs).toMatchObject({ outcome: 'fail', errors: '1', 'report-file': '/tmp/report.json' })
    expect(recorder.summary).toContain('## ✗ tmpfs-check: fail')
    expect(recorder.said.at(-1)).toBe('tmpfs-check: FAIL in 14.2 s (1 error)')
    const file = join(folder, 'reports', 'report.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ outcome: 'fail' })
    expect(statSync(file).mode & 0o777).toBe(0o644)
    expect(readdirSync(join(folder, 'reports'))).toEqual(['report.json'])
  })

  it('has no annotations, outputs or failure on a terminal', async () => {
    const recorder = new Recorder()
    const { failure } = await publish(
      source(evidence(), verdict([finding()])),
      settings(recorder, { actions: false, summaryFile: null, outputFile: null })
    )
    expect([failure, recorder.annotations, recorder.outputs, recorder.summary]).toEqual([null, [], {}, ''])
    expect(recorder.said.at(-1)).toContain('FAIL')
  })

  it.each([
    ['the summary', 'summary', {}, 'The job summary could not be written. The exit code tells the verdict.'],
    ['the outputs', 'outputs', {}, 'The outputs could not be written (ENOENT). The exit code tells the verdict.'],
    [
      'GITHUB_OUTPUT',
      null,
      { outputFile: null },
      'GITHUB_OUTPUT is not set, so the outputs are not set. The exit code tells the verdict.'
    ]
  ])('keeps the verdict when %s cannot be written', async (_what, failing, more, warning) => {
    const recorder = new Recorder()
    recorder.failing = failing
    const decided = verdict([finding()])
    const published = await publish(source(evidence(), decided), settings(recorder, more))
    expect(published.verdict).toBe(decided)
    expect(published.failure).not.toBeNull()
    expect(recorder.annotations).toContainEqual(['warning', warning, undefined])
    expect(recorder.said.at(-1)).toContain('FAIL')
  })

  it('names no report file that is not there', async () => {
    writeFileSync(join(folder, 'reports'), 'a file, not a folder')
    const recorder = new Recorder()
    await publish(source(evidence(), verdict()), settings(recorder))
    expect(recorder.outputs).toMatchObject({ outcome: 'pass', 'report-file': '' })
    expect(recorder.annotations[0]?.[1]).toMatch(/^The JSON report could not be written \(E[A-Z]+\)/)
  })

  it('writes no summary where the runner wants none', async () => {
    const recorder = new Recorder()
    await publish(source(evidence(), verdict()), settings(recorder, { summaryFile: null }))
    expect(recorder.summary).toBe('')
    expect(recorder.annotations).toEqual([])
  })
})

describe('the egress gate', () => {
  const leak = (more: Partial<Finding>): Finding => finding(more)
  const hidden = (path: string): Finding['location'] => ({
    kind: 'layer',
    index: 0,
    digest: null,
    path,
    part: 'name',
    offset: null,
    deleted: false
  })

  it.each([
    ['a path', leak({ location: hidden(`/app/${SECRET}.txt`) })],
    ['a message', leak({ message: `It is ${SECRET}.` })],
    ['a fix', leak({ fix: `RUN x ${SECRET}` })],
    ['a name of a secret', leak({ secret: SECRET })],
    ['a path as base64', leak({ location: hidden(`/${Buffer.from(SECRET).toString('base64')}`) })],
    ['a file of the repository', leak({ annotation: { file: SECRET, startLine: 1, endLine: 1 } })],
    ['an ignored finding', leak({ ignored: true, message: SECRET })]
  ])('lets nothing out that holds the secret in %s', async (_where, bad) => {
    const recorder = new Recorder()
    const {
      withheld,
      verdict: decided,
      failure
    } = await publish(source(evidence(), verdict([bad])), settings(recorder))
    expect(withheld).toContain('report')
    expect(decided.outcome).not.toBe('pass')
    expect(failure).toBe(`tmpfs-check: ${decided.outcome}: a part of the report was withheld`)
    const report = readFileSync(join(folder, 'reports', 'report.json'), 'utf8')
    for (const written of [recorder.all(), report, failure ?? '']) {
      expect(findLeaks({ written }, matcher).artefacts).toEqual([])
      expect(written).not.toMatch(/hunter2/)
    }
    expect(recorder.annotations[0]?.[1]).toContain('was withheld, because a secret was in it (db_password)')
    expect(recorder.said.at(-1)).toMatch(/^tmpfs-check: (FAIL|INCONCLUSIVE)/)
  })

  it('turns a pass into an inconclusive one, everywhere, and fails the step', async () => {
    const recorder = new Recorder()
    const given = evidence({ missingFiles: [SECRET] })
    const published = await publish(source(given, verdict()), settings(recorder))
    expect(published.verdict).toMatchObject({ outcome: 'inconclusive', inconclusive: 1, failStep: true })
    expect(published.withheld.sort()).toEqual(['report', 'summary'])
    expect(recorder.outputs).toMatchObject({ outcome: 'inconclusive', inconclusive: '1' })
    expect(recorder.summary).toBe(
      '## ? tmpfs-check: the summary was withheld, because a secret was in it (db_password). The check is not a pass.\n'
    )
    expect(recorder.said.at(-1)).toBe('tmpfs-check: INCONCLUSIVE in 14.2 s (1 inconclusive)')
    const report = JSON.parse(readFileSync(join(folder, 'reports', 'report.json'), 'utf8')) as unknown
    expect(report).toMatchObject({ outcome: 'inconclusive', withheld: true })
    const schema = JSON.parse(readFileSync(new URL('../schema/report.schema.json', import.meta.url), 'utf8')) as object
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    expect(ajv.validate(schema, report)).toBe(true)
  })

  it('does not name a secret whose name holds one', () => {
    const facts = [
      {
        name: `/app/tmp/${SECRET}`,
        origin: 'discovered' as const,
        extent: 'whole' as const,
        delivered: 'none' as const
      }
    ]
    expect(withheldText('the log', { artefacts: ['log'], secrets: [0] }, { facts, matcher })).toBe(
      'tmpfs-check: the log was withheld, because a secret was in it. The check is not a pass.'
    )
  })

  it('never has more errors beside the failure than the runner shows', async () => {
    const recorder = new Recorder()
    const findings = Array.from({ length: 12 }, (_, index) =>
      finding({ annotation: { file: 'D', startLine: index + 1, endLine: index + 1 } })
    )
    await publish(source(evidence({ missingFiles: [SECRET] }), verdict(findings)), settings(recorder))
    expect(recorder.annotations.filter(([level]) => level === 'error')).toHaveLength(9)
    expect(recorder.annotations[0]?.[1]).toContain('withheld')
  })

  it('sees through the escapes of the renderers', () => {
    const views = [
      'hunter2\\x60&lt;&amp;hunter2',
      'hunter2&#96;\\x3c&amp;hunter2',
      'hunter2\\\\x60\\\\x3c&hunter2',
      'hunter2\\u{60}<&hunter2'
    ]
    expect(views.map((written) => findLeaks({ written }, matcher).secrets)).toEqual([[0], [0], [0], [0]])
    const bytes = new Matcher([
      { secret: 0, form: 'raw', bytes: Buffer.from([0xff, 0xfe, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85]) }
    ])
    expect(findLeaks({ written: '/x/\\xff\\xfe\\x80\\x81\\x82\\x83\\x84\\x85' }, bytes).secrets).toEqual([0])
    expect(findLeaks({ written: 'hunter2' }, matcher).secrets).toEqual([])
    expect(findLeaks({ written: '&#999999; \\u{fffff} \\u{110000}' }, matcher).secrets).toEqual([])
  })
})

describe('a long text', () => {
  it.each([0, 1, 500_000, (1 << 20) - 30, (1 << 20) - 5, 1 << 20, (1 << 20) + 400, 2_900_000])(
    'is searched at %d',
    (at) => {
      for (const written of [SECRET, 'hunter2&#96;\\x3c&amp;hunter2']) {
        const text = `${'x'.repeat(at)}${written}${'y'.repeat(3_000_000 - at)}`
        expect(findLeaks({ text }, matcher)).toEqual({ artefacts: ['text'], secrets: [0] })
      }
    }
  )

  it('with 100,000 findings goes out whole', async () => {
    const recorder = new Recorder()
    const many = Array.from({ length: 100_000 }, () => finding())
    const { withheld } = await publish(source(evidence(), verdict(many)), settings(recorder))
    expect(withheld).toEqual([])
    expect(recorder.outputs).toMatchObject({ errors: '100000' })
  })
})

describe('writing a file', () => {
  it('makes folders, and leaves no half of a file', async () => {
    const path = join(folder, 'a', 'b', 'r.json')
    const umask = process.umask(0o077)
    try {
      await writeAtomically(path, 'first')
      await writeAtomically(path, 'second')
    } finally {
      process.umask(umask)
    }
    expect(readFileSync(path, 'utf8')).toBe('second')
    expect(statSync(path).mode & 0o777).toBe(0o644)
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['r.json'])
  })

  it('replaces a link and does not follow it', async () => {
    writeFileSync(join(folder, 'target'), 'kept')
    symlinkSync(join(folder, 'target'), join(folder, 'r.json'))
    await writeAtomically(join(folder, 'r.json'), 'new')
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('kept')
    expect(lstatSync(join(folder, 'r.json')).isSymbolicLink()).toBe(false)
  })

  it('says what is wrong, and leaves nothing', async () => {
    mkdirSync(join(folder, 'r.json'))
    await expect(writeAtomically(join(folder, 'r.json'), 'x')).rejects.toThrow()
    expect(readdirSync(folder)).toEqual(['r.json'])
  })
})

describe('with the runner’s own library', () => {
  it('writes outputs and summary to the files of the runner', async () => {
    const [output, summaryFile] = [join(folder, 'output'), join(folder, 'summary')]
    writeFileSync(output, '')
    writeFileSync(summaryFile, '')
    const before = { ...process.env }
    process.env['GITHUB_OUTPUT'] = output
    process.env['GITHUB_STEP_SUMMARY'] = summaryFile
    const written: string[] = []
    const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text))
      return true
    })
    try {
      const real = settings(new Recorder())
      delete real.core
      await publish(source(evidence(), verdict([finding()])), { ...real, outputFile: output, summaryFile })
    } finally {
      stdout.mockRestore()
      process.env = before
    }
    expect(readFileSync(output, 'utf8')).toMatch(/^outcome<<ghadelimiter_[^\n]+\nfail\n/)
    expect(readFileSync(summaryFile, 'utf8')).toContain('### Where we looked')
    const [annotation = ''] = written
    expect(annotation).toMatch(
      /^::error title=tmpfs-check%3A secret-in-layer,file=examples\/service\/Dockerfile,line=5,endLine=8::/
    )
    expect(annotation.trimEnd()).not.toContain('\n')
  })
})
