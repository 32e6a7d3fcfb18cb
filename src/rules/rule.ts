/** What a rule is: words about it, and a pure function from evidence to findings. */
import type { Evidence, Finding, Severity, View } from '../evidence.js'

export interface RuleText {
  /** The id everywhere: code, report, SARIF, heading in docs/rules.md, `ignore`. */
  slug: string
  /** Worst first. */
  severities: readonly Severity[]
  /** A few words, for lists. */
  title: string
  /** What a finding says, in a sentence. */
  says: string
  /** Why it matters. */
  why: string
  /** How it is found in each view that can. */
  how: Partial<Record<View, string>>
  /** How to mend it: Markdown, with lines of YAML or a Dockerfile to paste. */
  fix: string
  /** What it cannot see. */
  limits: string
}

export interface Rule extends RuleText {
  /** Pure; never throws, whatever the evidence. */
  judge: (evidence: Evidence) => Finding[]
}

/** A finding as a rule writes it: what is left out is null, and never ignored yet. */
export type Draft = Pick<Finding, 'severity' | 'message' | 'fix' | 'location'> &
  Partial<Pick<Finding, 'secret' | 'form' | 'annotation'>>

/** A rule of its text and its judgement. */
export function makeRule(text: RuleText, judge: (evidence: Evidence) => Draft[]): Rule {
  return {
    ...text,
    judge: (evidence) =>
      judge(evidence).map((draft) => ({
        rule: text.slug,
        ignored: false,
        secret: null,
        form: null,
        annotation: null,
        ...draft
      }))
  }
}

/** A fenced block for {@link RuleText.fix}. */
export function fenced(language: 'yaml' | 'dockerfile', lines: string): string {
  return `\`\`\`${language}\n${lines}\n\`\`\``
}
