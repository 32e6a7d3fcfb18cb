import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { layerHistory, mapHistory } from '../../src/dockerfile/history.js'

interface Recorded {
  builder: string
  dockerfile: string
  target: string | null
  layers: number
  /** `created_by` and `empty_layer` of the image's configuration. */
  history: [string, boolean][]
}

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const recorded = JSON.parse(fixture('histories.json')) as Recorded[]

const CRLF = [
  'FROM busybox:1.36',
  'WORKDIR /app',
  'COPY a.txt \\',
  '  src/b.py \\',
  '  /app/',
  'RUN echo one && \\',
  '    echo two',
  'ENV A=1',
  'CMD ["sh"]',
  ''
].join('\r\n')
const dockerfileOf = (name: string): string => (name === 'crlf' ? CRLF : fixture(`${name}.Dockerfile`))

/** The lines of each instruction that makes an entry, oldest first; `onbuild` entries are made by the legacy builder only. */
const EXPECTED: Record<string, string[]> = {
  all: '4 5 6 7-9 10 11-12 13 14 15 16 17 19-23 24 25 26 27 28 29 30 31 32 33 34-35 onbuild:36 37 38-39'.split(' '),
  stages: '2 3 onbuild:4 onbuild:5 4 5 12 13 14 17 18 19'.split(' '),
  'stages middle': '2 3 onbuild:4 onbuild:5 4 5 12 13 14'.split(' '),
  'stages other': '8 9'.split(' '),
  heredoc: '2-5 6-11 12 13-15 16-18 19 20 21 22'.split(' '),
  crlf: '2 3-5 6-7 8 9'.split(' '),
  ignored: '2 3 4 5 6 7 8 9 10 11 12'.split(' '),
  many: '2 3 4 5'.split(' '),
  'odd base': '4 5 6 7 8 9-10 11 12 13 14 15 16-19 20 21 22 23 24'.split(' '),
  'odd empty': '27 28'.split(' '),
  'odd final': '4 5 6 7 8 9-10 11 12 13 14 15 16-19 20 21 22 23 24 31 32 33 34'.split(' ')
}

function expectedLines(image: Recorded): (string | null)[] {
  const legacy = image.builder.startsWith('legacy')
  const key = image.target === null ? image.dockerfile : `${image.dockerfile} ${image.target}`
  const own = (EXPECTED[key] ?? []).flatMap((each) => {
    if (!each.startsWith('onbuild:')) return [each]
    return legacy ? [each.slice('onbuild:'.length)] : []
  })
  // The legacy builder makes an entry of its own of `--label`.
  const after = legacy ? [null] : []
  const before = new Array<null>(image.history.length - own.length - after.length).fill(null)
  return [...before, ...own, ...after]
}

function mapped(image: Recorded, dockerfile = dockerfileOf(image.dockerfile)): (string | null)[] {
  const { instructions } = mapHistory({
    dockerfile,
    file: 'Dockerfile',
    target: image.target,
    history: image.history.map(([created_by]) => ({ created_by }))
  })
  return instructions.map((range) => {
    if (range === null) return null
    return range.startLine === range.endLine ? String(range.startLine) : `${range.startLine}-${range.endLine}`
  })
}

describe('histories recorded from engines', () => {
  it.each(recorded.map((each) => [each.builder, each.dockerfile, each.target ?? '', each] as const))(
    '%s: %s %s',
    (_builder, _dockerfile, _target, image) => {
      expect(mapped(image)).toEqual(expectedLines(image))
    }
  )

  it.each(recorded.map((each) => [each.builder, each.dockerfile, each.target ?? '', each] as const))(
    'layers of %s: %s %s',
    (_builder, _dockerfile, _target, image) => {
      const layers = layerHistory(
        image.history.map(([, empty_layer]) => ({ empty_layer })),
        image.layers
      )
      expect(layers).not.toContain(null)
      expect(layers.map((index) => image.history[index ?? -1]?.[1])).not.toContain(true)
      expect([...layers].sort((a, b) => Number(a) - Number(b))).toEqual(layers)
    }
  )
})

describe('rather null than a wrong line', () => {
  const image = recorded.find((each) => each.dockerfile === 'all' && each.builder === 'BuildKit, Docker 26.1.5')
  if (image === undefined) throw new Error('the recorded image is gone')

  it('leaves an instruction that was changed since without a line, and only that', () => {
    const changed = fixture('all.Dockerfile').replace('echo "$VERSION" > /v', 'echo something else')
    const lines = mapped(image, changed)
    const expected = expectedLines(image)
    expect(lines).toEqual(expected.map((each) => (each === '25' ? null : each)))
  })

  it('keeps its place when an instruction was added or removed', () => {
    const more = fixture('all.Dockerfile').replace('STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGTERM\nRUN echo new')
    const shifted = expectedLines(image).map((each) => {
      if (each === null || Number.parseInt(each) <= 29) return each
      return each.replace(/\d+/g, (line) => String(Number(line) + 1))
    })
    expect(mapped(image, more)).toEqual(shifted)
    const fewer = fixture('all.Dockerfile').replace('USER 1000:1000', '# none')
    expect(mapped(image, fewer)).toEqual(expectedLines(image).map((each) => (each === '33' ? null : each)))
  })

  it('gives no line to another Dockerfile', () => {
    expect(mapped(image, 'FROM busybox\nRUN make\nCOPY x /y\nENV Q=1\n')).toEqual(image.history.map(() => null))
    expect(mapped(image, '')).toEqual(image.history.map(() => null))
  })

  it('gives no line for a target that does not exist', () => {
    expect(mapped({ ...image, target: 'nowhere' })).toEqual(image.history.map(() => null))
  })

  it.each([
    ['RUN make', 'RUN /bin/sh -c echo make # buildkit'],
    ['COPY a /x', 'COPY b /x # buildkit'],
    ['COPY a /x', '/bin/sh -c #(nop) COPY file:0a in /y '],
    ['ENV A=1', 'ENV AB=1'],
    ['ENV A=1', 'ENV B=A=1'],
    ['LABEL a=1', 'ENV a=1'],
    ['WORKDIR /app', 'WORKDIR /srv'],
    ['COPY $A/x /$B', 'COPY /x'],
    ['RUN x', '']
  ])('tells %s from %s', (instruction, created_by) => {
    const request = {
      dockerfile: `FROM a\n${instruction}\n`,
      file: 'Dockerfile',
      target: null,
      history: [{ created_by }]
    }
    expect(mapHistory(request).instructions).toEqual([null])
  })

  it('does not compare entries of any length', () => {
    const history = [{ created_by: `RUN ${'x '.repeat(100_000)}` }]
    expect(mapHistory({ dockerfile: 'FROM a\nRUN x', file: 'D', target: null, history }).instructions).toEqual([null])
  })

  it('takes the last of equal entries: those before are of the base image', () => {
    const history = ['RUN /bin/sh -c a', 'CMD ["x"]', 'RUN /bin/sh -c a', 'CMD ["x"]'].map((created_by) => ({
      created_by
    }))
    const request = { dockerfile: 'FROM a\nRUN a\nCMD ["x"]', file: 'D', target: null, history }
    expect(mapHistory(request).instructions.map((each) => each?.startLine ?? null)).toEqual([null, null, 2, 3])
  })
})

describe('FROM', () => {
  const history = [{ created_by: 'RUN /bin/sh -c a' }, { created_by: 'RUN /bin/sh -c b' }]
  const dockerfile = 'ARG STAGE=one\nFROM x AS one\nRUN a\nFROM x AS two\nRUN c\nFROM ${STAGE}\nRUN b\n'

  it('follows a stage named by a global argument', () => {
    const found = mapHistory({ dockerfile, file: 'D', target: null, history })
    expect(found.instructions.map((each) => each?.startLine)).toEqual([3, 7])
  })

  it('follows a stage named by a build argument', () => {
    const found = mapHistory({ dockerfile, file: 'D', target: null, buildArgs: ['STAGE=two'], history })
    expect(found.instructions.map((each) => each?.startLine ?? null)).toEqual([null, 7])
  })

  it('takes a target by its number', () => {
    const found = mapHistory({ dockerfile, file: 'D', target: '1', history: [{ created_by: 'RUN /bin/sh -c c' }] })
    expect(found.instructions).toEqual([{ file: 'D', startLine: 5, endLine: 5 }])
  })
})

describe('fields of the configuration', () => {
  const lines = (name: string, target: string | null = null): Record<string, string> => {
    const { configInstructions } = mapHistory({
      dockerfile: fixture(`${name}.Dockerfile`),
      file: 'D',
      target,
      history: []
    })
    return Object.fromEntries(
      Object.entries(configInstructions).map(([key, { startLine, endLine }]) => [key, `${startLine}-${endLine}`])
    )
  }

  it('names the line of each variable and label, and of the last instruction that sets a field', () => {
    expect(lines('all')).toEqual({
      'Env:APP_VERSION': '7-7',
      'Env:PLAIN': '9-9',
      'Env:OLD': '10-10',
      'Label:org.example.a': '11-11',
      'Label:org.example.v': '12-12',
      WorkingDir: '13-13',
      Shell: '27-27',
      StopSignal: '29-29',
      ExposedPorts: '30-30',
      Volume: '31-32',
      User: '33-33',
      Healthcheck: '34-35',
      OnBuild: '36-36',
      Entrypoint: '37-37',
      Cmd: '38-39'
    })
  })

  it('takes what triggers set, and lets the triggers of an earlier stage end with it', () => {
    expect(lines('stages')).toEqual({ WorkingDir: '2-2', 'Env:TRIGGER': '5-5', 'Env:LAST': '17-17', Cmd: '19-19' })
    expect(lines('ignored')['Env:A']).toBe('10-10')
  })
})

describe('layerHistory', () => {
  it('is all null when the numbers differ', () => {
    expect(layerHistory([{}, { empty_layer: true }], 2)).toEqual([null, null])
    expect(layerHistory([{}, { empty_layer: true }, {}], 2)).toEqual([0, 2])
  })
})

describe('any text', () => {
  const word = fc.constantFrom(
    'FROM a',
    'FROM a AS b',
    'FROM b',
    'RUN x \\',
    'RUN <<E',
    'E',
    'COPY [',
    'ENV A',
    'ENV A=$',
    '# x',
    'ONBUILD',
    'ONBUILD RUN x',
    'ADD <<F /x',
    '\\',
    '',
    'ARG',
    'RUN "',
    'LABEL "a',
    "CMD ['",
    '${',
    'HEALTHCHECK --'
  )
  const text = fc.oneof(
    fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((lines) => lines.join('\n')),
    fc.string()
  )

  it('never throws, and never points outside the file', () => {
    fc.assert(
      fc.property(text, fc.array(fc.oneof(fc.string(), word), { maxLength: 6 }), (dockerfile, entries) => {
        const history = entries.map((created_by) => ({ created_by }))
        const { instructions, configInstructions } = mapHistory({ dockerfile, file: 'D', target: null, history })
        const last = dockerfile.split(/\r\n|\r|\n/).length
        expect(instructions).toHaveLength(entries.length)
        for (const range of [...instructions, ...Object.values(configInstructions)]) {
          if (range === null) continue
          expect(range.startLine).toBeGreaterThanOrEqual(1)
          expect(range.endLine).toBeGreaterThanOrEqual(range.startLine)
          expect(range.endLine).toBeLessThanOrEqual(last)
        }
      }),
      { numRuns: 500 }
    )
  })
})
