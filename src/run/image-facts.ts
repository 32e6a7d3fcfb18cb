/** The image's config and history: searched, and laid beside the Dockerfile. */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { Coverage, Fallback, Hit, ImageFact, SourceRange } from '../evidence.js'
import { layerHistory, mapHistory, type HistoryMap } from '../dockerfile/history.js'
import { withEmptyLayers } from '../docker/history.js'
import type { HistoryEntry, ImageJson } from '../docker/parse.js'
import { RUN_LABEL } from '../docker/labels.js'
import { history, imageConfig } from '../sources/engine-config.js'
import type { RunContext } from './context.js'

export interface ImageSight {
  fact: ImageFact
  hits: Hit[]
  coverage: Coverage[]
  fallback: Fallback
}

/** Searches config and history of the image; `entries` is the history, null when the engine could not say. */
export function imageSight(context: RunContext, image: ImageJson, entries: readonly HistoryEntry[] | null): ImageSight {
  const { session, registry } = context
  const search = { matcher: registry.matcher(), clean: session.clean }
  const config = imageConfig(image, search)
  const layers = image.RootFS?.Layers ?? []
  // Whoever made the layers said something: an empty answer is none.
  const answered = entries !== null && (entries.length > 0 || layers.length === 0)
  const past = history(answered ? entries : null, search)
  const exact = entries === null ? null : withEmptyLayers(entries, layers.length)
  const lines = dockerfileLines(context, withoutOurs(entries ?? []))
  const toHistory = exact === null ? layers.map(() => null) : layerHistory(exact, layers.length)
  return {
    hits: [...config.hits, ...past.hits],
    coverage: [config.coverage, past.coverage],
    fallback: { dockerfile: wholeDockerfile(context) },
    fact: {
      id: image.Id,
      repoDigest: image.RepoDigests?.[0] ?? null,
      layers: layers.map((digest, index) => {
        const at = toHistory[index] ?? null
        return { index, digest, history: at, instruction: at === null ? null : (lines?.instructions[at] ?? null) }
      }),
      history: (entries ?? []).map((entry, index) => ({
        createdBy: session.clean(entry.created_by ?? ''),
        emptyLayer: exact?.[index]?.empty_layer ?? entry.empty_layer === true,
        instruction: lines?.instructions[index] ?? null
      })),
      configInstructions: lines?.configInstructions ?? {}
    }
  }
}

/** The legacy builder ends the history with our own `LABEL`, which no Dockerfile has. */
function withoutOurs(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const last = entries.at(-1)
  return last?.created_by?.includes(RUN_LABEL) === true ? entries.slice(0, -1) : [...entries]
}

function dockerfileLines(context: RunContext, entries: readonly HistoryEntry[]): HistoryMap | null {
  const { build } = context.inputs
  const file = wholeDockerfile(context)?.file
  if (build === null || file === undefined) return null
  const dockerfile = readFileSync(build.file, 'utf8')
  return mapHistory({ dockerfile, file, target: build.target, buildArgs: build.buildArgs, history: entries })
}

/** The first line of the Dockerfile, for findings without a better place; null when it lies outside of the workspace. */
function wholeDockerfile(context: RunContext): SourceRange | null {
  const { build, workspace } = context.inputs
  if (build === null) return null
  const file = posix.relative(workspace, build.file)
  return file.startsWith('..') ? null : { file, startLine: 1, endLine: 1 }
}
