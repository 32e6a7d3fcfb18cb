/** Takes secrets out of foreign text in evidence: paths, command lines, host names that hold one. */
import type { Evidence } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
import { redact } from '../scan/redact.js'

/** Fields that hold our own fixed words; a secret equal to one must not break them. */
const FIXED = new Set([
  'kind',
  'source',
  'view',
  'state',
  'rule',
  'origin',
  'extent',
  'delivered',
  'form',
  'part',
  'stream',
  'where',
  'relation',
  'syntax',
  'store',
  'deliver',
  'digest',
  'id',
  'field',
  'needed'
])
/** `field` is ours in history hits only; elsewhere it names a key of the image's config. */
const FIXED_FIELDS = new Set(['created_by', 'comment', 'author'])

/** A copy of the evidence in which every match of the matcher in a foreign string reads `[secret]`. */
export function redactEvidence(evidence: Evidence, matcher: Matcher): Evidence {
  return clean(evidence, matcher) as Evidence
}

function clean(value: unknown, matcher: Matcher): unknown {
  if (typeof value === 'string') return redact(value, matcher)
  if (Array.isArray(value)) return value.map((each) => clean(each, matcher))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      redact(key, matcher),
      isFixed(key, each) ? (each as unknown) : clean(each, matcher)
    ])
  )
}

function isFixed(key: string, value: unknown): boolean {
  if (key === 'field') return typeof value === 'string' && FIXED_FIELDS.has(value)
  return FIXED.has(key) && (typeof value === 'string' || key === 'needed')
}
