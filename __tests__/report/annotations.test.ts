import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/evidence.js'
import { annotations } from '../../src/report/annotations.js'
import { evidence, finding, HOSTILE, mountFinding, unreadFinding, verdict, warningFinding } from './support.js'

const at = (startLine: number, more: Partial<Finding> = {}): Finding =>
  finding({ annotation: { file: 'Dockerfile', startLine, endLine: startLine }, ...more })

describe('annotations', () => {
  it('say what, where and how to mend it', () => {
    expect(annotations(verdict([finding()]), evidence())).toEqual({
      list: [
        {
          level: 'error',
          title: 'tmpfs-check: secret-in-layer',
          message:
            'The secret db_password is in an image layer, and everyone who can pull the image can read it.\n' +
            'Fix:\nRUN --mount=type=secret,id=db_password \\\n    ./configure',
          file: 'examples/service/Dockerfile',
          startLine: 5,
          endLine: 8
        }
      ],
      failure: 'tmpfs-check: fail: 1 error'
    })
  })

  it('are none for a pass', () => {
    expect(annotations(verdict(), evidence())).toEqual({ list: [], failure: null })
  })

  it('come worst first, 9 of a level at most, and the failure says how many more', () => {
    const warnings = Array.from({ length: 12 }, () => warningFinding)
    const errors = Array.from({ length: 12 }, (_, index) => at(index + 1))
    const { list, failure } = annotations(verdict([...warnings, ...errors, unreadFinding]), evidence())
    expect(list.map((each) => each.level)).toEqual([
      ...new Array<string>(9).fill('error'),
      ...new Array<string>(9).fill('warning')
    ])
    expect(list[0]).toMatchObject({ startLine: 1 })
    expect(failure).toBe('tmpfs-check: fail: 12 errors, 12 warnings, 1 inconclusive; 7 more in the summary')
  })

  it('are one for findings on the same lines', () => {
    const others = Array.from({ length: 12 }, (_, index) => at(7, { secret: `s${index}`, form: 'hex' }))
    const { list } = annotations(verdict([at(7), ...others, at(8)]), evidence())
    expect(list).toHaveLength(2)
    expect(list[0]?.message).toContain('Also here: secret-in-layer (s0, hex), secret-in-layer (s1, hex)')
    expect(list[0]?.message).toContain('(s9, hex) and 2 more\n')
  })

  it('do not mix a warning into an error on the same lines', () => {
    const { list } = annotations(verdict([at(7), at(7, { severity: 'warning' })]), evidence())
    expect(list.map((each) => each.level)).toEqual(['error', 'warning'])
  })

  it('belong to the Dockerfile when the image is at fault and no line is known, each by itself', () => {
    const { list } = annotations(
      verdict([finding({ annotation: null }), finding({ annotation: null }), mountFinding]),
      evidence()
    )
    expect(list.map((each) => each.file)).toEqual([
      'examples/service/Dockerfile',
      'examples/service/Dockerfile',
      undefined
    ])
    const bare = annotations(verdict([finding({ annotation: null })]), evidence({ fallback: { dockerfile: null } }))
    expect(bare.list[0]).not.toHaveProperty('file')
  })

  it('leave out what is ignored', () => {
    expect(annotations(verdict([finding({ ignored: true })]), evidence()).list).toEqual([])
  })

  it('are warnings for what is inconclusive where that does not fail the step', () => {
    expect(annotations(verdict([unreadFinding]), evidence()).list[0]?.level).toBe('error')
    const lenient = annotations(verdict([unreadFinding], { failStep: false }), evidence())
    expect(lenient).toMatchObject({ list: [{ level: 'warning' }], failure: null })
  })

  it('mend a range that ends before it starts', () => {
    const { list } = annotations(
      verdict([finding({ annotation: { file: 'a', startLine: 5, endLine: 3 } })]),
      evidence()
    )
    expect(list[0]).toMatchObject({ startLine: 5, endLine: 5 })
  })

  it('keep to 4000 characters by whole lines', () => {
    const { list } = annotations(
      verdict([finding({ message: 'm'.repeat(9000), fix: `${'f'.repeat(80)}\n`.repeat(200) })]),
      evidence()
    )
    const message = list[0]?.message ?? ''
    expect(message.length).toBeLessThanOrEqual(4000)
    expect(message.split('\n').at(-1)).toBe('f'.repeat(80))
  })

  it('hold nothing foreign in title and file, and no command in the message', () => {
    const all = HOSTILE.map((name, index) =>
      finding({ message: name, fix: name, secret: name, annotation: { file: name, startLine: index + 1, endLine: 1 } })
    )
    const lists = all.map(
      (each) => annotations(verdict([each, each]), evidence({ fallback: { dockerfile: null } })).list
    )
    for (const { title, file, message } of lists.flat()) {
      expect(title).toBe('tmpfs-check: secret-in-layer')
      expect(file ?? '').not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|##\[|^\s*::/u)
      for (const line of message.split('\n')) expect(line).not.toMatch(/^\s*::|##\[|[\p{C}\p{Zl}\p{Zp}]/u)
    }
  })
})
