/** Writes the figures where people read them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart } from './chart.mjs'
import { markdown } from './report.mjs'

const [BEGIN, END] = ['<!-- bench:begin -->', '<!-- bench:end -->']

/** Replaces what is between the markers of docs/performance.md, and docs/performance.svg. */
export function publish(root, results) {
  const page = join(root, 'docs', 'performance.md')
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${BEGIN} … ${END}`)
  writeFileSync(page, `${text.slice(0, from)}${BEGIN}\n${markdown(results)}\n${text.slice(to)}`)
  writeFileSync(join(root, 'docs', 'performance.svg'), chart(results))
}
