/** Puts together what was seen into one Evidence, with secrets taken out of every foreign string. */
import type { Coverage, Evidence, Hit, MountFact, SourceName, Subject, TmpfsSpec } from '../evidence.js'
import { SOURCES } from '../evidence.js'
import { ContextFiles } from '../dockerfile/context.js'
import { listsTmpfs } from '../docker/parse.js'
import { containerConfig, healthLog, withoutInherited } from '../sources/engine-config.js'
import { mergeCoverage } from '../sources/engine-context.js'
import type { RunContext } from './context.js'
import type { ImageSight } from './image-facts.js'
import type { LayerSight } from './layers.js'
import type { LiveSight } from './live-sight.js'
import type { BuildSight } from './build-log.js'
import { redactEvidence } from './redact-evidence.js'

export interface Seen {
  subject: Subject
  live: LiveSight
  uid: number | null
  image: ImageSight
  layers: LayerSight
  build: BuildSight | null
}

/** The evidence of the run: hits, coverage and facts of all places. */
export async function assemble(context: RunContext, seen: Seen): Promise<Evidence> {
  const { inputs, registry, engine, session } = context
  const matcher = registry.matcher()
  const { live, image, layers, build } = seen
  const search = { matcher, clean: session.clean }
  const config = containerConfig(live.container, search)
  const health = healthLog(live.container, search)
  const hits = [...image.hits, ...(build?.hits ?? []), ...withoutInherited(config.hits, image.hits), ...health.hits]
  for (const group of [layers.hits, live.hits]) for (const hit of group) hits.push(hit)
  const evidence: Evidence = {
    subject: seen.subject,
    engine: engine.fact,
    image: image.fact,
    container: live.fact(context, seen.uid),
    swap: live.swap,
    mounts: inputs.tmpfs.map((spec) => mountFact(spec, seen)),
    memoryFiles: live.memoryFiles,
    secrets: registry.facts,
    missingFiles: live.missingFiles,
    plainParts: live.plainParts,
    needed: needed(build !== null),
    coverage: oneRowALook([
      ...image.coverage,
      ...(build === null ? [] : [build.coverage]),
      config.coverage,
      ...layers.coverage,
      ...live.coverage,
      health.coverage
    ]),
    hits: await withOrigins(context, image, hits),
    droppedHits: layers.droppedHits + live.droppedHits,
    controlFound: live.controlFound,
    deliver: inputs.deliver,
    expectFiles: inputs.expectFiles,
    fallback: image.fallback
  }
  return redactEvidence(evidence, matcher)
}

/** Rows of the same source and view as one: the program's output and that of its health checks. */
function oneRowALook(rows: readonly Coverage[]): Coverage[] {
  const groups = new Map<string, Coverage[]>()
  for (const row of rows) {
    const key = `${row.source} ${row.view}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].map(mergeCoverage)
}

/** Everything but the build log of an image that was not built here. */
function needed(built: boolean): SourceName[] {
  return SOURCES.filter((source) => built || source !== 'build-log')
}

function mountFact(spec: TmpfsSpec, { live, layers }: Seen): MountFact {
  const seen = live.mountSight?.mounts.get(spec.path)
  return {
    declared: spec,
    listed: live.container !== null && listsTmpfs(live.container, spec.path),
    effective: seen?.effective ?? null,
    inside: live.insideSight?.inside.get(spec.path) ?? null,
    differences: live.insideSight?.differences.get(spec.path) ?? [],
    foreign: seen?.foreign ?? [],
    ownUser: live.ownUsers.get(spec.path) ?? null,
    imageContent: layers.imageContent?.get(spec.path) ?? null
  }
}

/** Layer hits with the line of the build context that holds the secret, where one does. */
async function withOrigins(context: RunContext, image: ImageSight, hits: Hit[]): Promise<Hit[]> {
  const { build, workspace } = context.inputs
  if (build === null || !hits.some((hit) => hit.location.kind === 'layer')) return hits
  const request = { context: build.context, workspace, dockerfile: build.file }
  const mapped = image.fact.layers.some((layer) => layer.instruction !== null)
  const files = new ContextFiles(request, context.registry.matcher())
  for (const hit of hits) {
    // A layer of the base image has no instruction here: what it holds did not come from this context.
    if (hit.location.kind !== 'layer') continue
    if (mapped && (image.fact.layers[hit.location.index ?? -1]?.instruction ?? null) === null) continue
    const origin = await files.origin(hit.location.path, hit.secret)
    if (origin !== null) hit.origin = origin
  }
  return hits
}
