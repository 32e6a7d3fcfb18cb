/** Pure: docs/rules.md, written from the rules. */
import type { View } from '../evidence.js'
import { RULES, type Rule } from './index.js'

const VIEWS: readonly (readonly [View, string])[] = [
  ['host', 'Host (as root, from outside)'],
  ['engine', 'Engine'],
  ['inside', 'Inside (by tools in the container)']
]

const INTRODUCTION = `# Rules

<!-- Written by script/docs-rules.mjs from src/rules: change it there, then run \`node script/docs-rules.mjs\`. -->

Each finding has the name of its rule in its title, in the report and in SARIF. An **error** makes the outcome \`fail\`. A finding that is
**inconclusive** means that the check could not look, or that what it saw proves nothing; it never passes. A **warning** changes nothing
unless \`fail-on: warning\` says so. Of a file that the program itself wrote under the tmpfs, the whole found elsewhere is an error, a part
of it (a line, a value) a warning. Where a declared secret and a file that holds it are found in one place, only the secret is told.

A finding that is no danger in your case is ignored by its rule, with a reason. It is still counted and shown:

\`\`\`yaml
ignore: |
  secret-in-layer /usr/share/doc/** until=2030-01-31 # the example value of the manual
  mount-swappable # no swap where it runs
\`\`\`

The glob is compared with the path in the image or container, for a configuration with the field (\`Config.Env[NAME]\`), for a process with
its name, for \`source-unread\` with the place (\`attestations\`). Without a glob the rule is ignored everywhere.
`

/** The text of docs/rules.md. */
export function renderRulesDoc(): string {
  const table = RULES.map(
    (rule) => `| [\`${rule.slug}\`](#${rule.slug}) | ${rule.severities.join(', ')} | ${cell(rule.says)} |`
  )
  const parts = [
    INTRODUCTION,
    ['| Rule | Severity | Says |', '|---|---|---|', ...table].join('\n'),
    ...RULES.map(section)
  ]
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`
}

function section(rule: Rule): string {
  const how = VIEWS.flatMap(([view, name]) => {
    const text = rule.how[view]
    return text === undefined ? [] : [`- ${name}: ${text}`]
  })
  return [
    `## ${rule.slug}`,
    `${rule.says} (${rule.severities.join(', ')})`,
    `**Why it matters.** ${rule.why}`,
    `**How it is found**\n\n${how.join('\n')}`,
    `**How to mend it.** ${rule.fix}`,
    `**What it cannot see.** ${rule.limits}`
  ].join('\n\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
