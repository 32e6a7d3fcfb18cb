/** Hits in attestations: in their bytes, and in what base64 in them stands for. */
import type { Form, Location } from '../evidence.js'
import type { ArchiveIndex } from './save-index.js'
import type { BlobHit } from './save-types.js'

export interface AttestationHit {
  secret: number
  form: Form
  location: Location
}

/** At most one a (secret, form, attestation). What is found decoded is not told again as base64. */
export function attestationHits(
  hits: readonly BlobHit[],
  { attestations }: ArchiveIndex,
  clean: (text: string) => string
): AttestationHit[] {
  const predicates = new Map(attestations.map(({ blob, predicateType }) => [blob, predicateType]))
  const ours = hits.filter(({ blob }) => predicates.has(blob))
  const decoded = new Set(ours.filter((hit) => hit.decoded).map(({ blob, secret }) => keyOf(blob.digest, secret)))
  const found = new Map<string, AttestationHit>()
  for (const hit of ours) {
    const { blob, secret, form, offset } = hit
    const isBase64 = form === 'base64' || form === 'base64url'
    if (isBase64 && !hit.decoded && decoded.has(keyOf(blob.digest, secret))) continue
    const key = keyOf(blob.digest, secret, form)
    if (found.has(key)) continue
    const predicateType = clean(predicates.get(blob) ?? '')
    const location: Location = { kind: 'attestation', digest: blob.digest ?? '', predicateType, offset }
    found.set(key, { secret, form, location })
  }
  return [...found.values()]
}

const keyOf = (...parts: (string | number | null)[]): string => JSON.stringify(parts)
