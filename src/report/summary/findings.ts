/** Pure: the findings with where they are and how to mend them, and those that `ignore` accepted. */
import type { Evidence, Finding, SourceRange, Verdict } from '../../evidence.js'
import { SIGNS, worstFirst } from '../findings.js'
import { count } from '../format.js'
import { details, moreCells, row, tableHead, type Section } from '../page.js'
import { where } from '../places.js'
import { block, code, prose, repositoryPath } from '../text.js'
import type { RenderOptions, Repository } from '../types.js'

const MOST_ROWS = 50

/** Address of lines in the repository as GitHub shows them; null when any part is not plainly what it should be. */
export function lineAddress(repository: Repository, range: SourceRange): string | null {
  const { serverUrl, repository: name, sha } = repository
  const file = repositoryPath(range.file)
  const plain =
    /^https?:\/\/[\w.:-]+$/.test(serverUrl) && /^[\w.-]+\/[\w.-]+$/.test(name) && /^[0-9a-f]{7,64}$/.test(sha)
  if (!plain || file === null) return null
  const path = file.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percent))
  const lines = range.endLine > range.startLine ? `#L${range.startLine}-L${range.endLine}` : `#L${range.startLine}`
  return `${serverUrl}/${name}/blob/${sha}/${path.join('/')}${lines}`
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function source(range: SourceRange | null, options: RenderOptions): string {
  if (range === null) return ''
  const lines = range.endLine > range.startLine ? `${range.startLine}-${range.endLine}` : String(range.startLine)
  const text = code(`${range.file}:${lines}`)
  const address = options.repository === null ? null : lineAddress(options.repository, range)
  return address === null ? `, from ${text}` : `, from [${text}](${address})`
}

function ruleName(rule: string, options: RenderOptions): string {
  const name = code(rule)
  return options.rulesUrl === null || !/^[a-z-]+$/.test(rule)
    ? `**${name}**`
    : `[**${name}**](${options.rulesUrl}#${rule})`
}

function place(finding: Finding, evidence: Evidence): string {
  const at = where(finding.location, evidence.image?.layers.length ?? null)
  if (at === null) return ''
  const name = at.name === null ? '' : `, ${code(at.name)}`
  const remark = at.remark === null ? '' : `, ${at.remark}`
  return `: ${at.what}${name}${remark}`
}

function about(finding: Finding): string {
  if (finding.secret === null) return ''
  return `, ${code(finding.secret)}${finding.form === null || finding.form === 'raw' ? '' : ` as ${finding.form}`}`
}

function findingItem(
  finding: Finding,
  number: number,
  given: { evidence: Evidence; options: RenderOptions; fix: string }
): string {
  const indent = ' '.repeat(String(number).length + 2)
  const head = `${SIGNS[finding.severity]} ${ruleName(finding.rule, given.options)} (${finding.severity})`
  const line = head + about(finding) + place(finding, given.evidence) + source(finding.annotation, given.options)
  const fix =
    given.fix === '' ? [] : ['', given.fix.startsWith('`') ? indented(given.fix, indent) : `${indent}${given.fix}`]
  return [`${number}. ${line}`, '', `${indent}${prose(finding.message)}`, ...fix, ''].join('\n')
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')
}

/** Numbered, worst first, at most 50. A fix that was shown before is referred to by its number. */
export function findingsSection(evidence: Evidence, verdict: Verdict, options: RenderOptions): Section[] {
  const open = worstFirst(verdict)
  if (open.length === 0) return []
  const shownAt = new Map<string, number>()
  const rows = open.slice(0, MOST_ROWS).map((finding, index) => {
    const before = shownAt.get(finding.fix)
    if (before === undefined) shownAt.set(finding.fix, index + 1)
    const fix = finding.fix === '' ? '' : before === undefined ? block(finding.fix) : `Fix: as for ${before}.`
    return findingItem(finding, index + 1, { evidence, options, fix })
  })
  return [
    {
      head: `### Findings (${count(open.length)})\n`,
      rows,
      total: open.length,
      most: MOST_ROWS,
      more: (left) => `…and ${count(left)} more in the report.`
    }
  ]
}

/** The reasons given for a rule; the one glob among several that fits is not looked for here. */
function reasons(finding: Finding, options: RenderOptions): string {
  const entries = (options.ignore ?? []).filter((each) => each.rule === finding.rule)
  return entries
    .map(({ glob, until, reason }) => {
      const limits = [glob === null ? '' : code(glob), until === null ? '' : `until ${prose(until)}`].filter(
        (each) => each !== ''
      )
      return `${prose(reason)}${limits.length === 0 ? '' : ` (${limits.join(', ')})`}`
    })
    .join('; ')
}

/** Nothing that was ignored is lost: it is counted and shown here, with the reason that was given. */
export function ignoredSection(evidence: Evidence, verdict: Verdict, options: RenderOptions): Section[] {
  const ignored = verdict.findings.filter((each) => each.ignored)
  if (ignored.length === 0) return []
  const columns = ['Rule', 'Secret', 'Where', 'What', 'Why it is ignored']
  const rows = ignored.slice(0, MOST_ROWS).map((each) => {
    const secret = each.secret === null ? '' : code(each.secret)
    const at = place(each, evidence).replace(/^: /, '')
    return row(code(each.rule), secret, at, prose(each.message), reasons(each, options))
  })
  return [
    details(`Ignored on purpose (${count(ignored.length)})`, {
      head: tableHead(...columns),
      rows,
      total: ignored.length,
      most: MOST_ROWS,
      more: moreCells(columns.length, 'in the report')
    })
  ]
}
