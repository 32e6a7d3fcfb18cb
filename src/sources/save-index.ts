/**
 * What belongs to what in a `docker save` archive: index.json and all it leads to (OCI image spec, image-index.md and
 * manifest.md), and manifest.json, which 20.10 has alone and which lists no attestations.
 */
import { arrayOf, objectOf, parseJson, textIn, type Json } from './save-json.js'
import type { Blob } from './save-types.js'

export interface LayerReference {
  digest: string
  mediaType: string
  /** null: not in the archive. */
  blob: Blob | null
}

/** One image, of whatever platform. */
export interface ImageReference {
  /** Digest of its manifest; null: only manifest.json names it. */
  digest: string | null
  config: Blob | null
  /** rootfs.diff_ids of the config. */
  diffIds: readonly string[]
  layers: readonly LayerReference[]
}

/** One statement about an image: provenance, SBOM. */
export interface AttestationPart {
  blob: Blob
  predicateType: string
}

/** Something that the index leads to and that is not there, or not what its digest says. */
export interface Missing {
  digest: string
  /** Of an attestation: the manifest that it is about; undefined: it is of something else. */
  about: string | null | undefined
}

export interface ArchiveIndex {
  /** It has index.json. */
  isOci: boolean
  images: ImageReference[]
  attestations: AttestationPart[]
  missing: Missing[]
  /** index.json, indexes and manifests of images. */
  documents: Set<Blob>
}

/** BuildKit, docs/attestations/attestation-storage.md: an annotation, or with OCI artifacts the type of the artifact. */
const ATTESTATION_REFERENCE = 'attestation-manifest'
const ATTESTATION_ARTIFACT = 'application/vnd.docker.attestation.manifest.v1+json'
const IN_TOTO = 'application/vnd.in-toto+json'
const PREDICATE_TYPE = 'in-toto.io/predicate-type'
/** Indexes within indexes: nobody nests so deep. */
const MOST_DEPTH = 8
const NOTHING = Buffer.alloc(0)

/** Never throws, whatever the JSON. */
export function readIndex(blobs: readonly Blob[]): ArchiveIndex {
  return new IndexWalk(blobs).walk()
}

class IndexWalk {
  readonly #byName = new Map<string, Blob>()
  readonly #byDigest = new Map<string, Blob>()
  readonly #seen = new Set<string>()
  readonly #index: ArchiveIndex = { isOci: false, images: [], attestations: [], missing: [], documents: new Set() }

  constructor(blobs: readonly Blob[]) {
    for (const blob of blobs) {
      this.#byName.set(blob.name.replace(/^\.\//, ''), blob)
      const digest = blob.digest ?? digestOfName(blob.name)
      if (digest !== null) this.#byDigest.set(digest, blob)
    }
  }

  walk(): ArchiveIndex {
    const top = this.#byName.get('index.json') ?? null
    if (top !== null) {
      this.#index.isOci = true
      this.#index.documents.add(top)
      this.#visitAll(jsonOf(top), 0)
    }
    this.#readManifestJson()
    return this.#index
  }

  #visitAll(index: Json, depth: number): void {
    for (const entry of arrayOf(index.manifests)) this.#visit(objectOf(entry), depth)
  }

  #visit(descriptor: Json, depth: number): void {
    const digest = textIn(descriptor.digest)
    if (this.#seen.has(digest)) return
    this.#seen.add(digest)
    const blob = this.#byDigest.get(digest) ?? null
    if (blob === null || blob.json === null || depth > MOST_DEPTH) {
      this.#index.missing.push({ digest, about: aboutOf(descriptor) })
      return
    }
    const document = jsonOf(blob)
    if (Array.isArray(document.manifests)) {
      this.#index.documents.add(blob)
      this.#visitAll(document, depth + 1)
    } else if (isAttestation(descriptor, document)) this.#visitAttestation(blob, document, descriptor)
    else this.#visitImage(blob, document)
  }

  #visitImage(blob: Blob, manifest: Json): void {
    this.#index.documents.add(blob)
    const config = this.#byDigest.get(textIn(objectOf(manifest.config).digest)) ?? null
    this.#index.images.push({
      digest: blob.digest,
      config,
      diffIds: diffIdsOf(config),
      layers: arrayOf(manifest.layers).map((entry) => {
        const { digest, mediaType } = objectOf(entry)
        return {
          digest: textIn(digest),
          mediaType: textIn(mediaType),
          blob: this.#byDigest.get(textIn(digest)) ?? null
        }
      })
    })
  }

  /** The manifest and its config are searched too: annotations can hold anything. */
  #visitAttestation(blob: Blob, manifest: Json, descriptor: Json): void {
    this.#index.attestations.push({ blob, predicateType: textIn(manifest.mediaType) })
    for (const entry of [manifest.config, ...arrayOf(manifest.layers), ...arrayOf(manifest.blobs)]) {
      const { digest, mediaType, annotations } = objectOf(entry)
      if (digest === undefined) continue
      const part = this.#byDigest.get(textIn(digest)) ?? null
      if (part === null) this.#index.missing.push({ digest: textIn(digest), about: aboutOf(descriptor) ?? null })
      else {
        const told = textIn(objectOf(annotations)[PREDICATE_TYPE]) || textIn(jsonOf(part).predicateType)
        this.#index.attestations.push({ blob: part, predicateType: told || textIn(mediaType) })
      }
    }
  }

  /** Images that index.json does not name, as 20.10 knows no index. */
  #readManifestJson(): void {
    const file = this.#byName.get('manifest.json')
    for (const entry of arrayOf(parseJson(file?.json ?? NOTHING))) {
      const { Config, Layers } = objectOf(entry)
      const config = this.#byName.get(textIn(Config)) ?? null
      if (config !== null && this.#index.images.some((image) => image.config === config)) continue
      this.#index.images.push({
        digest: null,
        config,
        diffIds: diffIdsOf(config),
        layers: arrayOf(Layers).map((name) => ({
          digest: textIn(name),
          mediaType: 'application/x-tar',
          blob: this.#byName.get(textIn(name)) ?? null
        }))
      })
    }
  }
}

/** The digest that a blob of an OCI layout is named by. */
export function digestOfName(name: string): string | null {
  const [, algorithm, hex] = /(?:^|\/)blobs\/([a-z0-9]+)\/([0-9a-f]{32,})$/.exec(name) ?? []
  return algorithm === undefined || hex === undefined ? null : `${algorithm}:${hex}`
}

const jsonOf = (blob: Blob): Json => objectOf(parseJson(blob.json ?? NOTHING))

function diffIdsOf(config: Blob | null): string[] {
  return config === null ? [] : arrayOf(objectOf(jsonOf(config).rootfs).diff_ids).map(textIn)
}

function isAttestation(descriptor: Json, manifest: Json): boolean {
  const artifactType = textIn(manifest.artifactType) || textIn(descriptor.artifactType)
  const layers = arrayOf(manifest.layers)
  return (
    aboutOf(descriptor) !== undefined ||
    artifactType === ATTESTATION_ARTIFACT ||
    (layers.length > 0 && layers.every((layer) => textIn(objectOf(layer).mediaType) === IN_TOTO))
  )
}

/** The manifest that an attestation is about, null when it does not say; undefined: the descriptor is of none. */
function aboutOf(descriptor: Json): string | null | undefined {
  const annotations = objectOf(descriptor.annotations)
  const isOne =
    annotations['vnd.docker.reference.type'] === ATTESTATION_REFERENCE ||
    descriptor.artifactType === ATTESTATION_ARTIFACT
  return isOne ? textIn(annotations['vnd.docker.reference.digest']) || null : undefined
}
