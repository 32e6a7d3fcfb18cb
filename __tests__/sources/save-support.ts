/** Builds `docker save` archives of every layout, in code. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { Location } from '../../src/evidence.js'
import { Matcher } from '../../src/scan/matcher.js'
import type { Needle } from '../../src/scan/types.js'
import { readSave, type SaveRequest, type SaveScan } from '../../src/sources/save.js'
import { needle } from '../scan/support.js'
import { chunked, directory, file, tar } from '../scan/tar-support.js'

export const digestOf = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
export const hexOf = (bytes: Buffer | string): string => digestOf(bytes).slice(7)
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** An image before it is written down. */
export interface TestImage {
  /** Uncompressed layers, bottom first. */
  layers: Buffer[]
  /** More of its config. */
  config?: Record<string, unknown>
}

export const diffIdsOf = ({ layers }: TestImage): string[] => layers.map((layer) => digestOf(layer))

export function configOf(image: TestImage): Buffer {
  return json({
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: diffIdsOf(image) },
    ...image.config
  })
}

/** As Docker 20.10 writes it: a folder a layer, a link for one that occurs twice, the manifest last. */
export function classic(image: TestImage): Buffer {
  const config = configOf(image)
  const seen = new Map<string, string>()
  const folders = image.layers.flatMap((layer, index) => {
    const id = hexOf(`layer ${index}`)
    const twin = seen.get(digestOf(layer))
    seen.set(digestOf(layer), id)
    return [
      directory(`${id}/`),
      file(`${id}/VERSION`, '1.0'),
      file(`${id}/json`, json({ id, os: 'linux' })),
      twin === undefined
        ? file(`${id}/layer.tar`, layer)
        : file(`${id}/layer.tar`, '', { type: '2', linkname: `../${twin}/layer.tar` })
    ]
  })
  const manifest = {
    Config: `${hexOf(config)}.json`,
    RepoTags: ['test:latest'],
    Layers: image.layers.map((_layer, index) => `${hexOf(`layer ${index}`)}/layer.tar`)
  }
  return tar(
    ...folders,
    file(`${hexOf(config)}.json`, config),
    file('manifest.json', json([manifest])),
    file('repositories', json({ test: { latest: hexOf('layer 0') } }))
  )
}

export interface Descriptor {
  mediaType: string
  digest: string
  size: number
  annotations?: Record<string, string>
  platform?: Record<string, string>
  artifactType?: string
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'

/** An OCI layout in the making. */
export class Layout {
  readonly blobs = new Map<string, Buffer>()

  add(bytes: Buffer, mediaType: string, more: Partial<Descriptor> = {}): Descriptor {
    const digest = digestOf(bytes)
    this.blobs.set(digest, bytes)
    return { mediaType, digest, size: bytes.length, ...more }
  }

  /** The manifest of an image whose layers are compressed by `pack`. */
  image(
    image: TestImage,
    pack: { pack: (layer: Buffer) => Buffer; type: string } = GZIP,
    annotations = {}
  ): Descriptor {
    const config = this.add(configOf(image), CONFIG)
    const layers = image.layers.map((layer) => this.add(pack.pack(layer), pack.type))
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config, layers, annotations }
    return this.add(json(manifest), MANIFEST, { platform: { os: 'linux', architecture: 'amd64' } })
  }

  /** A manifest of attestations about another one. */
  attestation(
    about: Descriptor,
    statements: readonly (Buffer | string)[],
    options: { predicate?: string; artifact?: boolean } = {}
  ): Descriptor {
    const annotations = { 'in-toto.io/predicate-type': options.predicate ?? 'https://slsa.dev/provenance/v0.2' }
    const layers = statements.map((statement) =>
      this.add(
        Buffer.from(statement as string),
        'application/vnd.in-toto+json',
        options.predicate === '' ? {} : { annotations }
      )
    )
    const artifactType = 'application/vnd.docker.attestation.manifest.v1+json'
    const config = this.add(
      json(options.artifact ? {} : { rootfs: { diff_ids: layers.map(({ digest }) => digest) } }),
      CONFIG
    )
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config,
      layers,
      ...(options.artifact ? { artifactType } : {})
    }
    const reference = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': about.digest
    }
    return this.add(json(manifest), MANIFEST, options.artifact ? { artifactType } : { annotations: reference })
  }

  index(manifests: readonly Descriptor[], annotations: Record<string, string> = {}): Descriptor {
    return this.add(json({ schemaVersion: 2, mediaType: INDEX, manifests, annotations }), INDEX)
  }

  /** The files of the archive, in the order that Docker writes them. */
  files(top: readonly Descriptor[], manifestJson: unknown = []): Buffer[] {
    const names = [...this.blobs.keys()].sort()
    return [
      directory('blobs/'),
      directory('blobs/sha256/'),
      ...names.map((digest) => file(`blobs/sha256/${digest.slice(7)}`, this.blobs.get(digest) ?? '')),
      file('index.json', json({ schemaVersion: 2, mediaType: INDEX, manifests: top })),
      file('manifest.json', json(manifestJson)),
      file('oci-layout', json({ imageLayoutVersion: '1.0.0' }))
    ]
  }
}

export const GZIP = {
  pack: (layer: Buffer): Buffer => gzipSync(layer),
  type: 'application/vnd.oci.image.layer.v1.tar+gzip'
}
export const PLAIN = { pack: (layer: Buffer): Buffer => layer, type: 'application/vnd.oci.image.layer.v1.tar' }

/** As the containerd store writes it: an index in the index. */
export function containerd(image: TestImage, statements: readonly (Buffer | string)[] = [], pack = GZIP): Buffer {
  const layout = new Layout()
  const manifest = layout.image(image, pack)
  const attestations = statements.length === 0 ? [] : [layout.attestation(manifest, statements)]
  return tar(...layout.files([layout.index([manifest, ...attestations])]))
}

/** As the classic store writes it from Docker 25 on. */
export function classicOci(image: TestImage): Buffer {
  const layout = new Layout()
  const manifest = layout.image(image, PLAIN)
  const blob = (bytes: Buffer): string => `blobs/sha256/${hexOf(bytes)}`
  return tar(...layout.files([manifest], [{ Config: blob(configOf(image)), Layers: image.layers.map(blob) }]))
}

export const OK = { code: 0, reason: null }

export interface ReadOptions extends Partial<Omit<SaveRequest, 'image' | 'matcher'>> {
  exit?: { code: number | null; reason: string | null }
  chunk?: number
  id?: string
  needles?: Needle[]
}

/** Reads an archive of an image for secrets. */
export function read(
  archive: Buffer,
  image: TestImage,
  secrets: readonly string[],
  options: ReadOptions = {}
): Promise<SaveScan> {
  const { exit = OK, chunk = 1 << 16, id = digestOf(configOf(image)), needles, ...rest } = options
  return readSave(Readable.from(chunked(archive, [chunk])), Promise.resolve(exit), {
    matcher: new Matcher(needles ?? secrets.map((secret, index) => needle(index, secret))),
    image: { id, diffIds: diffIdsOf(image) },
    layers: true,
    mountPaths: [],
    ...rest
  })
}

/** A hit in a layer in few words. */
export function words({ hits }: SaveScan): string[] {
  return hits.map(({ location }) => wordsOf(location)).sort()
}

function wordsOf(location: Location): string {
  if (location.kind === 'attestation') return `attestation ${location.predicateType} ${location.offset ?? '-'}`
  if (location.kind === 'image-config') return `config ${location.field}`
  if (location.kind !== 'layer') return location.kind
  const { index, path, part, offset, deleted } = location
  return `${index ?? '-'} ${path} ${part} ${offset ?? '-'}${deleted ? ' deleted' : ''}`
}
