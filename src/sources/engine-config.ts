/**
 * Pure: what the engine keeps about an image and a container, searched. `docker inspect` of a container shows what the
 * engine writes to its own disk (`containers/ID/config.v2.json`, hostconfig.json); `docker image inspect` and the
 * history are the image's config, which goes wherever the image goes.
 */
import type { Coverage, Hit, SourceName } from '../evidence.js'
import type { HistoryEntry } from '../docker/parse.js'
import { ItemSearch } from '../scan/item-search.js'
import { coverageRow, type Search } from './engine-context.js'
import { fieldOf, searchJson } from './engine-json.js'

export interface ConfigScan {
  hits: Hit[]
  coverage: Coverage
}

/**
 * Searches one answer of `docker image inspect`; null (the engine did not answer) is a failed source. `ContainerConfig`
 * (legacy builder, Docker before 26) repeats `Config`, and is told only where that does not hold the secret.
 */
export function imageConfig(inspect: unknown, search: Search): ConfigScan {
  return documentScan('image-config', inspect, (document) => {
    const found = searchJson(document, search, (field) => ({ kind: 'image-config', field }))
    const key = (hit: Hit, field: string): string => `${hit.secret} ${hit.form} ${field}`
    const told = new Set(found.hits.map((hit) => key(hit, fieldOf(hit))))
    const isRepeat = (hit: Hit): boolean => {
      const field = fieldOf(hit)
      return field.startsWith('ContainerConfig.') && told.has(key(hit, field.slice('Container'.length)))
    }
    return { ...found, hits: found.hits.filter((hit) => !isRepeat(hit)) }
  })
}

/**
 * Searches one answer of `docker container inspect`, but for the output of health checks ({@link healthLog}). `Path` and
 * `Args` repeat the entrypoint and command, and are told only where those do not hold the secret.
 */
export function containerConfig(inspect: unknown, search: Search): ConfigScan {
  return documentScan('container-config', inspect, (document) => {
    const found = searchJson(withoutHealthLog(document), search, (field) => ({ kind: 'container-config', field }))
    return { ...found, hits: withoutRepeats(found.hits) }
  })
}

/**
 * The hits of the container's config that its image does not already have in the same field: a container repeats the
 * environment, labels and command of its image, and the image is what has to be mended.
 */
export function withoutInherited(container: readonly Hit[], image: readonly Hit[]): Hit[] {
  const key = (hit: Hit): string => `${hit.secret} ${hit.form} ${fieldOf(hit)}`
  const inherited = new Set(image.map(key))
  return container.filter((hit) => !inherited.has(key(hit)))
}

/** Searches the image's history, oldest first; null is a failed source. */
export function history(entries: readonly HistoryEntry[] | null, search: Search): ConfigScan {
  return documentScan('history', entries, () => {
    const hits: Hit[] = []
    const find = new ItemSearch(search.matcher)
    let bytes = 0
    entries?.forEach((entry, index) => {
      for (const field of ['created_by', 'comment', 'author'] as const) {
        const text = Buffer.from(entry[field] ?? '')
        bytes += text.length
        find.begin()
        find.push(text)
        for (const { secret, form } of find.end()) {
          hits.push({ secret, form, view: 'engine', location: { kind: 'history', index, field } })
        }
      }
    })
    return { hits, items: entries?.length ?? 0, bytes }
  })
}

/**
 * Searches the output of health checks, which the engine keeps: 4096 bytes of each of the last five
 * (moby daemon/health.go, maxOutputLen and maxLogEntries). Lines count from 1 over all of it. A container without a
 * health check is complete with nothing looked at.
 */
export function healthLog(inspect: unknown, search: Search): ConfigScan {
  return documentScan('logs', inspect, (document) => {
    const outputs = healthOutputs(document).map((text) => Buffer.from(text))
    const find = new ItemSearch(search.matcher)
    const first = new Map<string, Hit>()
    let line = 1
    for (const output of outputs) {
      find.begin()
      find.push(output)
      for (const { secret, form, offset } of find.end()) {
        const at = line + newlines(output.subarray(0, offset))
        const key = `${secret} ${form}`
        if (first.has(key)) continue
        first.set(key, { secret, form, view: 'engine', location: { kind: 'log', stream: 'health', line: at } })
      }
      line += newlines(output) + (output.at(-1) === NEWLINE ? 0 : 1)
    }
    return {
      hits: [...first.values()],
      items: outputs.length,
      bytes: outputs.reduce((sum, output) => sum + output.length, 0),
      remark: outputs.length === 0 ? null : 'of health checks the engine keeps 4096 bytes of the last five'
    }
  })
}

const NEWLINE = 0x0a

function newlines(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 0)
}

interface Found {
  hits: Hit[]
  items: number
  bytes: number
  remark?: string | null
}

/** A document that is no object is no answer: the source failed. */
function documentScan(source: SourceName, document: unknown, find: (document: object) => Found): ConfigScan {
  const place = { source, view: 'engine' } as const
  const startedAt = performance.now()
  if (typeof document !== 'object' || document === null) {
    const reason = `the engine did not answer (${source === 'history' ? 'docker history' : 'docker inspect'})`
    return { hits: [], coverage: coverageRow(place, { items: 0, bytes: 0, startedAt }, { state: 'failed', reason }) }
  }
  const { hits, items, bytes, remark = null } = find(document)
  return { hits, coverage: coverageRow(place, { items, bytes, startedAt }, { state: 'complete', reason: remark }) }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function healthOutputs(document: object): string[] {
  const log = property(property(property(document, 'State'), 'Health'), 'Log')
  if (!Array.isArray(log)) return []
  return log.map((entry) => property(entry, 'Output')).filter((output) => typeof output === 'string')
}

function withoutHealthLog(document: object): object {
  const state = property(document, 'State')
  const health = property(state, 'Health')
  if (property(health, 'Log') === undefined) return document
  return { ...document, State: { ...(state as object), Health: { ...(health as object), Log: null } } }
}

function withoutRepeats(hits: readonly Hit[]): Hit[] {
  const isRepeat = (field: string): boolean => field === 'Path' || field === 'Args' || field.startsWith('Args[')
  const isSource = (field: string): boolean => /^Config\.(Cmd|Entrypoint)\b/.test(field)
  const told = new Set(hits.filter((hit) => isSource(fieldOf(hit))).map((hit) => `${hit.secret} ${hit.form}`))
  return hits.filter((hit) => !isRepeat(fieldOf(hit)) || !told.has(`${hit.secret} ${hit.form}`))
}
