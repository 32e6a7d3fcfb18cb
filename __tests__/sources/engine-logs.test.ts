import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Form } from '../../src/evidence.js'
import { Matcher } from '../../src/scan/matcher.js'
import { OutputCapture } from '../../src/sources/engine-logs.js'

const SECRET = 'tmpfscheck4f8a2b'
const OTHER = 'other-secret-value'
const GOOD = { exit: { code: 0, reason: null }, running: false, exitCode: 0 }

function matcherOf(...values: string[]): Matcher {
  const form: Form = 'raw'
  return new Matcher(values.map((value, secret) => ({ secret, form, bytes: Buffer.from(value) })))
}

async function capture(
  chunks: { stdout?: (string | Buffer)[]; stderr?: (string | Buffer)[] },
  options: { matcher?: Matcher; budget?: number; open?: boolean } = {}
): Promise<OutputCapture> {
  const output = new OutputCapture(options.matcher ?? matcherOf(SECRET), options.budget)
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  output.attach(stdout, stderr)
  for (const chunk of chunks.stdout ?? []) {
    stdout.write(chunk)
    await setImmediate()
  }
  for (const chunk of chunks.stderr ?? []) {
    stderr.write(chunk)
    await setImmediate()
  }
  if (options.open !== true) {
    stdout.end()
    stderr.end()
  }
  await setImmediate()
  await setImmediate()
  return output
}

describe('OutputCapture', () => {
  it('finds a secret with its stream and line, over chunks', async () => {
    const output = await capture({
      stdout: ['one\n', 'two\nthree tmpfs', 'check4f', '8a2b\nfour\n'],
      stderr: [`${SECRET}\n`]
    })
    const { hits, coverage } = output.finish(GOOD)
    expect(hits).toEqual([
      { secret: 0, form: 'raw', view: 'engine', location: { kind: 'log', stream: 'stdout', line: 3 } },
      { secret: 0, form: 'raw', view: 'engine', location: { kind: 'log', stream: 'stderr', line: 1 } }
    ])
    expect(coverage).toMatchObject({ source: 'logs', view: 'engine', state: 'complete', items: 5, reason: null })
    expect(coverage.bytes).toBe('one\ntwo\nthree '.length + SECRET.length * 2 + '\nfour\n\n'.length)
  })

  it('does not make one secret of two streams', async () => {
    const output = await capture({ stdout: ['tmpfscheck'], stderr: ['4f8a2b'] })
    expect(output.finish(GOOD).hits).toEqual([])
  })

  it('finds a secret of several lines, in any chunks, at its first line', async () => {
    const key = '-----BEGIN-----\nabcdefgh\n-----END-----'
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('x', 'line\n', '\n', '-----BEGIN-----\nabc'), { maxLength: 20 }),
        fc.array(fc.nat({ max: 80 }), { maxLength: 6 }),
        async (noise, cuts) => {
          const before = noise.join('')
          const text = `${before}${key}\nrest`
          const at = [...new Set(cuts)].filter((cut) => cut < text.length).sort((a, b) => a - b)
          const chunks = [0, ...at].map((from, index) => text.slice(from, at[index])).filter((chunk) => chunk !== '')
          const output = await capture({ stdout: chunks }, { matcher: matcherOf(key) })
          const line = before.split('\n').length
          expect(output.finish(GOOD).hits.map((hit) => hit.location)).toEqual([{ kind: 'log', stream: 'stdout', line }])
        }
      ),
      { numRuns: 50 }
    )
  })

  it('knows the line behind what it keeps', async () => {
    const filler = 'x'.repeat(99) + '\n'
    const output = await capture(
      { stdout: [filler.repeat(3000), filler.repeat(3000), `${SECRET}\n`] },
      { budget: 1000 }
    )
    const { hits, coverage } = output.finish(GOOD)
    expect(hits.map((hit) => hit.location)).toEqual([{ kind: 'log', stream: 'stdout', line: 6001 }])
    expect(coverage).toMatchObject({ state: 'complete', items: 6001 })
  })

  it('searches the past and the future for needles that come later', async () => {
    const output = new OutputCapture(matcherOf(SECRET))
    const stdout = new PassThrough()
    const stderr = new PassThrough()
    output.attach(stdout, stderr)
    stdout.write(`a\n${OTHER}\n`)
    stderr.write('other-secret')
    await setImmediate()
    output.extend(matcherOf(SECRET, OTHER))
    stderr.end('-value')
    stdout.end()
    await setImmediate()
    await setImmediate()
    expect(output.finish(GOOD).hits.map((hit) => ({ secret: hit.secret, location: hit.location }))).toEqual([
      { secret: 1, location: { kind: 'log', stream: 'stdout', line: 2 } },
      { secret: 1, location: { kind: 'log', stream: 'stderr', line: 1 } }
    ])
  })

  it('is partial when needles come after bytes were let go, and still finds them in what is kept', async () => {
    const output = await capture({ stdout: [`${OTHER}\n`, 'y'.repeat(200_000)] }, { budget: 150_000, open: true })
    output.extend(matcherOf(SECRET, OTHER))
    expect(output.finish({ ...GOOD }).coverage.state).toBe('partial')
    const kept = await capture(
      { stdout: [`${OTHER}\n${'y'.repeat(70_000)}`, 'y'.repeat(200_000)] },
      { budget: 150_000 }
    )
    kept.extend(matcherOf(SECRET, OTHER))
    const { hits, coverage } = kept.finish(GOOD)
    expect(hits).toHaveLength(1)
    expect(coverage).toMatchObject({ state: 'partial' })
    expect(coverage.reason).toContain('discovered secrets')
  })

  it.each([
    ['still flowing', { exit: null, running: true, exitCode: null }],
    ['ended early', { ...GOOD, running: true }],
    ['cut short', { ...GOOD, exit: { code: null, reason: 'deadline of 30 s' } }],
    ['exit code 125', { ...GOOD, exit: { code: 125, reason: 'exit code 125' }, exitCode: 0 }]
  ])('is partial: %s', async (text, end) => {
    const { coverage } = (await capture({ stdout: ['x'] })).finish(end)
    expect(coverage.state).toBe('partial')
    expect(coverage.reason).toContain(text)
  })

  it('is complete when the program failed with the same exit code', async () => {
    const output = await capture({ stdout: ['x'] })
    const end = { exit: { code: 3, reason: 'exit code 3' }, running: false, exitCode: 3 }
    expect(output.finish(end).coverage.state).toBe('complete')
    expect(output.finish({ ...end, exitCode: null }).coverage.state).toBe('complete')
  })

  it('is partial when a stream did not end or broke', async () => {
    const open = await capture({ stdout: ['x'] }, { open: true })
    expect(open.finish(GOOD).coverage).toMatchObject({ state: 'partial' })
    const output = new OutputCapture(matcherOf(SECRET))
    const stdout = new PassThrough()
    const stderr = new PassThrough()
    output.attach(stdout, stderr)
    stdout.destroy(new Error('broken'))
    stderr.end()
    await setImmediate()
    await setImmediate()
    expect(output.finish(GOOD).coverage).toMatchObject({ state: 'partial' })
  })

  it('sees a text that comes in pieces, before or after it was first asked for', async () => {
    const output = new OutputCapture(matcherOf(SECRET), 10)
    const stdout = new PassThrough()
    output.attach(stdout, new PassThrough())
    stdout.write('server is up')
    await setImmediate()
    expect(output.contains('is up')).toBe(true)
    expect(output.contains('ready to serve')).toBe(false)
    for (const chunk of ['z'.repeat(100), 'ready to', ' ser', 've']) {
      stdout.write(chunk)
      await setImmediate()
    }
    expect(output.contains('ready to serve')).toBe(true)
  })

  it('says how long it has been quiet', async () => {
    const output = await capture({ stdout: ['x'] })
    const first = output.quietSince()
    expect(first).toBeGreaterThanOrEqual(0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(output.quietSince()).toBeGreaterThan(first)
  })
})

describe('lastLines', () => {
  const redact = (text: string): string => text.replaceAll(SECRET, '[secret]').replaceAll('a\nb-secret', '[secret]')
  /** Takes a length too, as the real one does: it must not be given anything but the line. */
  const escape = (line: string, max = 200): string => line.replaceAll('\u001b', '\\x1b').slice(0, max)

  it('gives the last lines, redacted as a whole and escaped', async () => {
    const output = await capture({ stdout: ['1\n2\r\n\n', `3 ${SECRET}\n`], stderr: ['a\nb-secret\n', 'e\u001b[0m'] })
    expect(output.lastLines(10, redact, escape)).toEqual(['1', '2', '3 [secret]', '[secret]', 'e\\x1b[0m'])
    expect(output.lastLines(2, redact, escape)).toEqual(['[secret]', 'e\\x1b[0m'])
    expect(output.lastLines(3, redact, escape)).toEqual(['3 [secret]', '[secret]', 'e\\x1b[0m'])
  })

  it('leaves out the half of a secret at the cut', async () => {
    // The end that is kept begins in the middle of the secret.
    const tail = 64 * 1024 + SECRET.length
    const text = `${SECRET}\n`
    const fill = 'z'.repeat(tail - 6)
    const output = await capture({ stdout: ['x'.repeat(70_000), `${text}${fill}`] }, { budget: 10 })
    const shown = output.lastLines(5, redact, (line) => line).join('|')
    expect(shown).toMatch(/^z+$/)
  })
})
