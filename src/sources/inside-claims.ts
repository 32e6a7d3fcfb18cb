/** Pure: what the image's own tools answered, parsed. */

/** What the image's tools say about one path; null: there is no such tool, or it cannot do that. */
export interface ToolClaims {
  /** Of the last line of `mount` for the path; `fstype` null: it lists none. */
  mount: { fstype: string | null; size: number | null } | null
  /** `stat`: mode in four octal digits. */
  stat: { mode: string; uid: number; gid: number } | null
  /** `stat -f`: magic number of the file system in hexadecimal. */
  statFs: string | null
  /** `df`: size in bytes. */
  df: number | null
  /** `ls -A`, as lines. */
  files: string[] | null
  /** Tools that answered with something that cannot be read, and began how: foreign text. */
  unreadable: { what: 'mode' | 'size' | 'fstype'; text: string }[]
}

/** The answers about the path of one index. */
export class Answers {
  readonly #sections: Map<string, Buffer>
  readonly #index: number

  constructor(sections: Map<string, Buffer>, index: number) {
    this.#sections = sections
    this.#index = index
  }

  /** What the shell itself said; null when the script did not come so far. */
  own(name: string): string | null {
    return this.#sections.get(`${this.#index}.${name}`)?.toString() ?? null
  }

  /** What a tool said when it succeeded; null when it failed or is not there. */
  tool(name: string): string | null {
    return this.#sections.get(`${this.#index}.${name}.code`)?.toString() === '0' ? this.own(name) : null
  }

  mountTool(): string | null {
    return this.#sections.get('mount.code')?.toString() === '0'
      ? (this.#sections.get('mount')?.toString() ?? null)
      : null
  }
}

/** What the tools answered about the path that is `real` once symlinks are resolved. */
export function claimsOf(answers: Answers, real: string): ToolClaims {
  const unreadable: ToolClaims['unreadable'] = []
  const parsed = <T>(
    text: string | null,
    what: ToolClaims['unreadable'][number]['what'],
    parse: (text: string) => T | null
  ): T | null => {
    const value = text === null ? null : parse(text)
    if (text !== null && value === null) unreadable.push({ what, text: text.trim() })
    return value
  }
  const mount = answers.mountTool()
  return {
    mount: mount === null ? null : mountClaim(mount, real),
    stat: parsed(answers.tool('stat'), 'mode', statClaim),
    statFs: parsed(answers.tool('statfs'), 'fstype', (text) => /^[0-9a-f]+$/.exec(text.trim())?.[0] ?? null),
    df: parsed(answers.tool('df'), 'size', dfClaim),
    files:
      answers
        .tool('ls')
        ?.split('\n')
        .filter((name) => name !== '') ?? null,
    unreadable
  }
}

/** The last line `SOURCE on PATH type FSTYPE (OPTIONS)` for the path. */
function mountClaim(text: string, real: string): { fstype: string | null; size: number | null } {
  const line = text.split('\n').findLast((each) => each.includes(` on ${real} type `))
  if (line === undefined) return { fstype: null, size: null }
  const [fstype = '', options = ''] = line
    .slice(line.indexOf(` on ${real} type `) + ` on ${real} type `.length)
    .split(' ')
  const size = /[(,]size=(\d+)k[,)]/.exec(options)
  return { fstype, size: size === null ? null : Number(size[1]) * 1024 }
}

/** Mode and owner by `stat -c '%a %u %g'`; null when it is something else. */
export function statClaim(text: string): ToolClaims['stat'] {
  const match = /^([0-7]{1,4}) (\d+) (\d+)$/.exec(text.trim())
  return match === null
    ? null
    : { mode: (match[1] ?? '').padStart(4, '0'), uid: Number(match[2]), gid: Number(match[3]) }
}

/** POSIX `df -P -k`: one line, total in KiB in the second column. */
function dfClaim(text: string): number | null {
  const total = /^\S.*?\s(\d+)\s+\d+\s+-?\d+\s+(?:\d+%|-)\s/m.exec(text)
  return total === null ? null : Number(total[1]) * 1024
}

/** Mode and owner by `ls -ldn`, for images without `stat`. */
export function longListing(text: string | null): ToolClaims['stat'] {
  const match = /^[a-z-]([a-zA-Z-]{9})\S*\s+\d+\s+(\d+)\s+(\d+)\s/.exec(text ?? '')
  if (match === null) return null
  return { mode: modeOf(match[1] ?? ''), uid: Number(match[2]), gid: Number(match[3]) }
}

/** Four octal digits of `rwxr-x--T`. */
function modeOf(letters: string): string {
  const digits = [0, 3, 6].map((from) => {
    const can = (letter: number, pattern: RegExp): boolean => pattern.test(letters[from + letter] ?? '')
    return (can(0, /r/) ? 4 : 0) + (can(1, /w/) ? 2 : 0) + (can(2, /[xst]/) ? 1 : 0)
  })
  const special = [2, 5, 8].map((at, index) => (/[sStT]/.test(letters[at] ?? '') ? 4 >> index : 0))
  return [special.reduce((sum, bit) => sum + bit, 0), ...digits].join('')
}
