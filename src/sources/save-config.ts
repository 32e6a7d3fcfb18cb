/**
 * What the JSON of an image holds beside what `docker image inspect` and `docker history` show, which are searched as
 * such: fields that the engine does not know, configs of other platforms, annotations of manifests and indexes.
 */
import type { Form, Location } from '../evidence.js'
import type { Matcher } from '../scan/matcher.js'
import type { ArchiveIndex } from './save-index.js'
import { objectOf, parseJson, type Json } from './save-json.js'
import type { Blob, BlobHit } from './save-types.js'

/** Fields of `config` that `docker image inspect` shows (moby api/types/container/config.go). */
const SHOWN = [
  'Hostname',
  'Domainname',
  'User',
  'ExposedPorts',
  'Env',
  'Cmd',
  'Healthcheck',
  'ArgsEscaped',
  'Image',
  'Volumes',
  'WorkingDir',
  'Entrypoint',
  'MacAddress',
  'OnBuild',
  'Labels',
  'StopSignal',
  'StopTimeout',
  'Shell'
]

export interface JsonHit {
  secret: number
  form: Form
  location: Location
}

/** Hits in the image's JSON that no other source tells. `ours`: the config of the image that is checked. */
export function jsonHits(
  hits: readonly BlobHit[],
  { index, ours, matcher }: { index: ArchiveIndex; ours: Blob | null; matcher: Matcher }
): JsonHit[] {
  const shown = ours === null ? new Set<number>() : secretsIn(matcher, shownOf(ours))
  const found = new Map<string, JsonHit>()
  for (const { blob, secret, form, decoded } of hits) {
    if (blob.kind !== 'json' || decoded || shown.has(secret)) continue
    const field = index.documents.has(blob) ? 'Annotations' : fieldWith(blob, secret, matcher)
    const key = JSON.stringify([secret, form, field])
    if (!found.has(key)) found.set(key, { secret, form, location: { kind: 'image-config', field } })
  }
  return [...found.values()]
}

/** As text, what the other sources search. */
function shownOf(config: Blob): string {
  const json = parsed(config)
  const known = SHOWN.map((key) => objectOf(json.config)[key])
  return JSON.stringify([known, json.history, json.author, json.comment])
}

const parsed = (blob: Blob): Json => objectOf(parseJson(blob.json ?? Buffer.alloc(0)))

function secretsIn(matcher: Matcher, text: string): Set<number> {
  const found = new Set<number>()
  const bytes = Buffer.from(text)
  matcher.search(bytes, 0, bytes.length, ({ secret }) => found.add(secret))
  return found
}

/** Name of the field at the top that holds a secret: of a config the engine's own names, else of foreign JSON. */
function fieldWith(blob: Blob, secret: number, matcher: Matcher): string {
  const fields = Object.entries(parsed(blob))
  const [name] = fields.find(([key, value]) => secretsIn(matcher, JSON.stringify([key, value])).has(secret)) ?? []
  return name !== undefined && /^[A-Za-z_.]{1,40}$/.test(name) && !secretsIn(matcher, name).has(secret)
    ? name
    : 'config'
}
