/** Pure: a page of sections that keeps to a size. */

/** The runner drops a summary over 1 MiB (actions/runner, src/Runner.Worker/FileCommandManager.cs, L223-252). */
export const MOST_BYTES = 900 * 1024

/** A part of the page. What does not fit is left out by whole rows, and said. */
export interface Section {
  head: string
  rows: readonly string[]
  /** How many rows there would be, if not all are made. */
  total?: number
  foot?: string
  /** Not more rows than this, however short. */
  most: number
  /** The row that says how many are missing. */
  more: (left: number) => string
}

/** Room for the row that says how many are missing. */
const MORE_BYTES = 300

/** The sections as text, at most `limit` bytes of UTF-8. */
export function assemble(sections: readonly Section[], limit = MOST_BYTES): string {
  const fixed = sections.reduce((sum, { head, foot }) => sum + bytes(head) + bytes(foot ?? '') + MORE_BYTES, 0)
  let left = limit - fixed
  return sections
    .map(({ head, rows, total = rows.length, foot, most, more }) => {
      const lines = [head]
      let shown = 0
      for (const row of rows.slice(0, most)) {
        const size = bytes(row) + 1
        if (size > left) break
        left -= size
        shown += 1
        lines.push(row)
      }
      if (shown < total) lines.push(more(total - shown))
      if (foot !== undefined) lines.push(foot)
      return `${lines.join('\n')}\n`
    })
    .join('\n')
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}

/** One row of a Markdown table. The cells must be escaped already. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The two first rows of a table; a title that ends in `:` is of a column of numbers, set to the right. */
export function tableHead(...titles: readonly string[]): string {
  const names = titles.map((title) => title.replace(/:$/, ''))
  const lines = titles.map((title) => (title.endsWith(':') ? '---:' : '---'))
  return `${row(...names)}\n${row(...lines)}`
}

/** The section in a fold with a title, closed unless `open`. */
export function details(title: string, content: Section, open = false): Section {
  return {
    ...content,
    head: `<details${open ? ' open' : ''}><summary>${title}</summary>\n\n${content.head}`,
    foot: `${content.foot === undefined ? '' : `\n${content.foot}\n`}\n</details>`
  }
}

/** The row of a table that says how many rows are missing. */
export function moreCells(columns: number, what: string): Section['more'] {
  return (left) => row('…', `and ${left} more ${what}`, ...new Array<string>(columns - 2).fill(''))
}
