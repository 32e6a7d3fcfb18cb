/** Whether a `docker save` archive was read to its end, and proved to be what it should be. */
import { MOST_UNREAD, type CoverageState, type UnreadItem } from '../evidence.js'
import { digestOfName, type ArchiveIndex, type ImageReference } from './save-index.js'
import type { SaveArchive } from './save-archive.js'
import type { Blob, SaveRequest } from './save-types.js'

export interface Judgement {
  state: CoverageState
  /** In our own words and digests only. */
  problems: string[]
  /** All that is missing, where that is single items only. */
  unread?: UnreadItem[]
}

/** Everything that was read, and how its reading ended. */
export interface ReadArchive {
  archive: SaveArchive
  index: ArchiveIndex
  /** Why the stream or the command did not end as it should. */
  broken: string | null
  /** Foreign text made printable. */
  clean: (latin1: string) => string
}

/** Layers are complete when each diff ID of the image was seen: nothing else has that digest. */
export function judgeLayers(read: ReadArchive, { image, layers }: SaveRequest): Judgement {
  if (!layers) return { state: 'skipped', problems: ['the archive was read for attestations only'] }
  const { archive, index, clean } = read
  const seen = new Map(archive.blobs.filter(({ kind }) => kind === 'tar').map((blob) => [blob.diffId ?? '', blob]))
  const missing = image.diffIds.flatMap((diffId, layer) =>
    seen.has(diffId) ? [] : [`layer ${layer} (${short(diffId)}) is not in the archive, or not as it should be`]
  )
  const items = archive.shortfalls.map(({ blob, path, reason }) => ({ blob, path: clean(path), reason }))
  const problems = [...archiveProblems(read), ...missing]
  for (const blob of archive.blobs) {
    if (blob.problem !== null) problems.push(`${nameOf(blob, image.diffIds)}: ${blob.problem}`)
  }
  problems.push(...unreadLayers(index))
  const whole = problems.length
  for (const { blob, path, reason } of items) problems.push(`${path} in ${nameOf(blob, image.diffIds)} ${reason}`)
  if (archive.moreShortfalls > 0) problems.push(`and ${archive.moreShortfalls} more items`)
  const isThere = image.diffIds.length > 0 ? missing.length < image.diffIds.length : ownImages(read, image).length > 0
  if (!isThere && missing.length === 0) problems.push('the image is not in the archive')
  const state = !isThere ? 'failed' : problems.length > 0 ? 'partial' : 'complete'
  const areItems = state === 'partial' && whole === 0 && problems.length === items.length && items.length <= MOST_UNREAD
  return areItems
    ? { state, problems, unread: items.map(({ path, reason }) => ({ path, reason })) }
    : { state, problems }
}

/** Attestations are complete when everything that the index leads to, for this image, was there. */
export function judgeAttestations(read: ReadArchive, { image }: SaveRequest): Judgement & { remark: string | null } {
  const { index } = read
  const ours = ownImages(read, image)
  const problems = archiveProblems(read)
  if (ours.length === 0) problems.push('the image is not in the archive')
  const digests = new Set(ours.map(({ digest }) => digest))
  for (const { digest, about } of index.missing) {
    // An index lists what other platforms have, too; that is not on this engine.
    const isOthers = typeof about === 'string' && !digests.has(about)
    if (isOthers || (about === undefined && ours.length > 0)) continue
    problems.push(
      `${about === undefined ? 'part of the index' : 'an attestation'} (${short(digest)}) is not on this engine`
    )
  }
  const remark = index.isOci ? null : 'this image store keeps no attestations'
  const state = ours.length === 0 ? 'failed' : problems.length > 0 ? 'partial' : 'complete'
  return { state, problems, remark }
}

function archiveProblems({ archive, broken }: ReadArchive): string[] {
  const problems = broken === null ? [] : [broken]
  if (archive.tooMany) problems.push('the archive has more files than are read')
  return [...problems, ...archive.blobs.flatMap(wrongDigest)]
}

/** Layers of any image in the archive that could not be read as such: encrypted ones, types yet to come. */
function unreadLayers({ images }: ArchiveIndex): string[] {
  const unread = images.flatMap(({ layers }) => layers).filter(({ blob }) => blob !== null && blob.kind !== 'tar')
  return unread.map(({ digest, mediaType }) => {
    const type = /^[\w.+/-]{1,100}$/.test(mediaType) ? mediaType : 'an odd type'
    return `a layer of type ${type} (${short(digest)}) cannot be read`
  })
}

/** A blob that is not what it is called. */
function wrongDigest(blob: Blob): string[] {
  const named = digestOfName(blob.name)
  const wrong = named !== null && blob.digest !== null && named.startsWith('sha256:') && named !== blob.digest
  return wrong ? [`${short(named)} in the archive is not what its digest says`] : []
}

/** The image that is checked. One without layers is told from others by its ID: the digest of its config or manifest. */
export function ownImages(
  { index, archive }: Pick<ReadArchive, 'index' | 'archive'>,
  image: SaveRequest['image']
): ImageReference[] {
  if (image.diffIds.length === 0 && !archive.blobs.some(({ digest }) => digest === image.id)) return []
  return index.images.filter(({ config, diffIds }) => config !== null && sameList(diffIds, image.diffIds))
}

function nameOf(blob: Blob, diffIds: readonly string[]): string {
  const digest = blob.diffId ?? blob.digest
  if (digest === null) return 'a layer'
  const layer = diffIds.indexOf(digest)
  return layer === -1 ? `layer ${short(digest)}` : `layer ${layer}`
}

/** A digest as the command line shows it; what is none stays unsaid. */
function short(digest: string): string {
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? digest.slice(0, 19) : 'no digest'
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index])
}
