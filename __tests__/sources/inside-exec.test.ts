import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drain, runScript, runSmallScript } from '../../src/sources/inside-exec.js'
import { SectionParser } from '../../src/sources/inside-sections.js'
import { contextOf, fakeCli, runHere, sections, type FakeAnswer } from './engine-fake-cli.js'

const MARKER = 'tmpfs-check-0123456789'

function parse(bytes: Buffer, cuts: number[] = []): { found: [string, string][]; parser: SectionParser } {
  const found: [string, string][] = []
  const parser = new SectionParser(MARKER, {
    begin: (label) => found.push([label, '']),
    data: (data) => {
      const last = found.at(-1)
      if (last !== undefined) last[1] += data.toString('latin1')
    }
  })
  const at = [0, ...[...new Set(cuts)].filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
  at.slice(1).forEach((to, index) => {
    parser.push(bytes.subarray(at[index], to))
  })
  parser.finish()
  return { found, parser }
}

describe('SectionParser', () => {
  it('gives each section exactly as printed, in any chunks', () => {
    const content = fc.array(fc.constantFrom('a', '\n', '\n\n', MARKER, `\n${MARKER}`, ' ', '\0', '\xff'), {
      maxLength: 6
    })
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), fc.array(fc.nat(300), { maxLength: 8 }), (parts, cuts) => {
        const texts = parts.map((part) => part.join(''))
        fc.pre(!texts.some((text) => text.includes(`\n${MARKER} `)))
        const bytes = sections(
          MARKER,
          texts.map((text, index) => [String(index), Buffer.from(text, 'latin1')])
        )
        const { found, parser } = parse(bytes, cuts)
        expect(found).toEqual([...texts.map((text, index) => [String(index), text]), ['end', '']])
        expect(parser.ended).toBe(true)
      })
    )
  })

  it('keeps what comes before, and knows an end that is none', () => {
    expect(parse(Buffer.from('OCI runtime exec failed')).parser).toMatchObject({ ended: false })
    expect(parse(Buffer.from('OCI runtime exec failed')).parser.preamble.toString()).toBe('OCI runtime exec failed')
    expect(parse(Buffer.from(`\n${MARKER} end\nmore`)).parser.ended).toBe(false)
    expect(parse(Buffer.from(`\n${MARKER} a\nend`)).parser.ended).toBe(false)
  })
})

describe('runScript', () => {
  const handler = { begin: (): void => undefined, data: (): void => undefined }
  const request = { lines: [], maxBytes: 1024 * 1024 }
  const run = (answer: (marker: string) => FakeAnswer): ReturnType<typeof runScript> =>
    runScript(contextOf(fakeCli((_, marker) => answer(marker))), request, handler)

  it('says nothing is wrong with a whole answer', async () => {
    expect(await run((marker) => ({ stdout: sections(marker, []) }))).toEqual({ reason: null, noShell: false })
  })

  it.each([126, 127])('knows that there is no shell by exit code %i', async (code) => {
    const end = await run(() => ({ code, stdout: 'OCI runtime exec failed: exec: "sh": executable file not found' }))
    expect(end).toEqual({ noShell: true, reason: 'the image has no shell to look with' })
  })

  it('does not take a script that failed later for an image without a shell', async () => {
    const end = await run((marker) => ({ code: 127, stdout: `\n${marker} a\n` }))
    expect(end).toEqual({ noShell: false, reason: 'docker exec: exit code 127' })
  })

  it.each([
    ['a late one', (): FakeAnswer => ({ code: null }), 'docker exec: deadline of 30 s'],
    [
      'one without an end',
      (marker: string): FakeAnswer => ({ stdout: `\n${marker} a\n` }),
      'docker exec: the answer was not whole'
    ],
    ['a broken one', (): FakeAnswer => ({ breaks: true }), 'docker exec: the output could not be read'],
    [
      'one of an ended container',
      (): FakeAnswer => ({ code: 1, stderr: 'Error: Container c0ffee is not running' }),
      'docker exec: the container is not running'
    ],
    [
      'a failed one',
      (marker: string): FakeAnswer => ({ stdout: sections(marker, []), code: 1 }),
      'docker exec: exit code 1'
    ],
    [
      'too long a one',
      (marker: string): FakeAnswer => ({ stdout: [Buffer.alloc(1024 * 1024 + 1), sections(marker, [])] }),
      'docker exec: more than 1 MiB of output'
    ]
  ])('does not take %s for whole', async (_, answer, reason) => {
    expect(await run(answer)).toEqual({ noShell: false, reason })
  })

  it('runs as root by default, in the C locale, with the marker on stdin alone', async () => {
    const cli = fakeCli((_, marker) => ({ stdout: sections(marker, []) }))
    let markers = ''
    const spy = {
      ...cli,
      stream: (args: readonly string[], options: Parameters<typeof cli.stream>[1]) => {
        markers = options.input?.toString().trim() ?? ''
        return cli.stream(args, options)
      }
    }
    await runScript(contextOf(spy), { ...request, args: ['/a'] }, handler)
    await runScript(contextOf(spy), { ...request, user: '7:8' }, handler)
    expect(cli.calls[0]?.slice(0, 10)).toEqual([
      'exec',
      '--interactive',
      '--user',
      '0',
      '--env',
      'LC_ALL=C',
      '--env',
      'QUOTING_STYLE=literal',
      '--',
      'c0ffee'
    ])
    expect(cli.calls[0]?.slice(-2)).toEqual(['tmpfs-check', '/a'])
    expect(cli.calls[1]?.[3]).toBe('7:8')
    expect(markers).toMatch(/^tmpfs-check-[0-9a-f]{40}$/)
    expect(JSON.stringify(cli.calls)).not.toContain(markers)
  })

  it('runs for real: tools by the shell and by PATH, with their exit codes', async () => {
    const cli = fakeCli((args, marker) => runHere(args, marker))
    const lines = [
      's one',
      'printf x',
      't two printf %s "$1"',
      't three false',
      'w four printf %s y',
      'w five no-such-tool',
      't six cat'
    ]
    const { sections: found, reason } = await runSmallScript(contextOf(cli), { lines, args: ['a b'], maxBytes: 4096 })
    expect(reason).toBeNull()
    const said = Object.fromEntries([...found].map(([label, content]) => [label, content.toString()]))
    expect(said).toEqual({
      one: 'x',
      two: 'a b',
      'two.code': '0',
      three: '',
      'three.code': '1',
      four: 'y',
      'four.code': '0',
      five: '',
      'five.code': '127',
      six: '',
      'six.code': '0',
      end: ''
    })
  })
})

describe('drain', () => {
  it('keeps the beginning of stderr', async () => {
    const command = fakeCli(() => ({ stderr: 'x'.repeat(9000), code: 2 })).stream([], { timeoutMs: 1 })
    const end = await drain(command, 10, () => undefined)
    expect(end).toMatchObject({ exit: { code: 2 }, bytes: 0, tooMuch: false, broken: false })
    expect(end.stderr).toHaveLength(4096)
  })
})
