/** What the table says of one input. */
import type { Parser } from './scalar.js'

/** Headings of the README's tables, in their order. */
export const GROUPS = ['What to check', 'Secrets', 'How to run it', 'How to look', 'What comes of it'] as const
export type Group = (typeof GROUPS)[number]

export interface InputSpec<T> {
  group: Group
  /** One or two sentences, Markdown. */
  description: string
  /** Read as if it had been given, when it was not. */
  default?: string
  /** What holds without the input, in words, where there is no such text. */
  otherwise?: string
  /** Its text may hold secrets: never shown. */
  sensitive?: boolean
  parse: Parser<T>
}
