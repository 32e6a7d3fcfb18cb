/** Pure: hits of one kind of place become findings, one for each secret and place. */
import type { Evidence, Form, Hit, ItemPart, Location, SecretFact, Severity } from '../evidence.js'
import { FORMS } from '../evidence.js'
import { shown } from './format.js'
import { makeRule, type Draft, type Rule, type RuleText } from './rule.js'

type Kind = Location['kind']
type At<K extends Kind> = Extract<Location, { kind: K }>

/** One secret in one place, in one or more forms. */
export interface Sighting<K extends Kind = Kind> {
  secret: SecretFact
  location: At<K>
  /** At least one, plainest first. */
  forms: Form[]
  evidence: Evidence
}

/** What a rule on hits says. */
export interface HitWords<K extends Kind> {
  kind: K
  /** Places of the kind that are no finding; none when left out. */
  expected?: (location: At<K>) => boolean
  /** Of a whole secret; `error` when left out. A part of a discovered file is never more than a warning. */
  severity?: (location: At<K>) => Severity
  message: (sighting: Sighting<K>) => string
  fix: (sighting: Sighting<K>) => string
}

/** A rule that turns the hits of one kind of place into findings. */
export function hitRule<K extends Kind>(text: RuleText, words: HitWords<K>): Rule {
  return makeRule(text, (evidence) => {
    const isOurs = (hit: Hit): boolean => isKind(hit.location, words.kind) && words.expected?.(hit.location) !== true
    return groups(evidence, evidence.hits.filter(isOurs)).flatMap((group) => draft(group, words, evidence))
  })
}

function isKind<K extends Kind>(location: Location, kind: K): location is At<K> {
  return location.kind === kind
}

interface Group {
  secret: SecretFact
  hits: Hit[]
}

function draft<K extends Kind>({ secret, hits }: Group, words: HitWords<K>, evidence: Evidence): Draft[] {
  const forms = FORMS.filter((form) => hits.some((hit) => hit.form === form))
  const [form = 'raw'] = forms
  const first = hits.find((hit) => hit.form === form)
  if (first === undefined || !isKind(first.location, words.kind)) return []
  const sighting = { secret, location: first.location, forms, evidence }
  return [
    {
      severity: isPart(secret, forms) ? 'warning' : (words.severity?.(first.location) ?? 'error'),
      secret: secret.name,
      form,
      message: words.message(sighting),
      fix: words.fix(sighting),
      location: first.location,
      annotation: hits.find((hit) => hit.origin !== undefined)?.origin ?? null
    }
  ]
}

/** A part of a discovered file, or of a whole one nothing but single lines. */
function isPart({ extent, origin }: SecretFact, forms: readonly Form[]): boolean {
  return extent === 'part' || (origin === 'discovered' && forms.every((form) => form === 'line'))
}

/** A hit of a secret that nobody knows must not be lost. */
const UNKNOWN: SecretFact = { name: 'unknown', origin: 'given', extent: 'whole', delivered: 'none' }

/** Hits by place and secret, in the order of their first hit, without what another secret says of the same place. */
function groups(evidence: Evidence, hits: readonly Hit[]): Group[] {
  const places = new Map<string, Map<number, Group>>()
  for (const hit of hits) {
    const key = placeKey(hit.location)
    const place = places.get(key) ?? new Map<number, Group>()
    places.set(key, place)
    const group = place.get(hit.secret) ?? { secret: evidence.secrets[hit.secret] ?? UNKNOWN, hits: [] }
    group.hits.push(hit)
    place.set(hit.secret, group)
  }
  return [...places.values()].flatMap((place) => plainest([...place.values()]))
}

/**
 * A program often writes a declared secret into a file of its own, so that one place holds the declared secret, the
 * discovered file and its parts all at once. Only the most telling is kept: the declared ones, else the whole files, else
 * the parts. Nothing is lost by it: the finding that stays has the same rule and place and is at least as severe.
 */
function plainest(place: Group[]): Group[] {
  const best = Math.min(...place.map((group) => rank(group.secret)))
  return place.filter((group) => rank(group.secret) === best)
}

function rank({ origin, extent }: SecretFact): number {
  if (origin !== 'discovered') return 0
  return extent === 'whole' ? 1 : 2
}

/** A place without the offset in it: two occurrences in one item are one place. */
function placeKey(location: Location): string {
  return JSON.stringify({ ...location, offset: null })
}

const PARTS: Record<ItemPart, string> = {
  content: '',
  name: 'the name of ',
  'link-target': 'the link target of ',
  xattr: 'an extended attribute of ',
  header: 'the tar header of '
}

/** `/app/.env`, `the name of /app/x`. */
export function itemOf({ path, part }: { path: string; part: ItemPart }): string {
  return `${PARTS[part]}${shown(path)}`
}
