/** What the reader answers, in terms of evidence. */
import type { Coverage, Hit, Location, SourceName, UnreadItem } from '../evidence.js'
import type { WireHit, WireTotals } from '../reader/protocol.js'
import { HostError } from '../sources/host.js'

/** Secret index of the harmless control value: no secret of the run has it. */
export const CONTROL = 1_000_000

/** A coverage row of the host view from the reader's totals. */
export function hostCoverage(
  source: SourceName,
  totals: WireTotals,
  startedAt: number,
  unread: readonly UnreadItem[] = []
): Coverage {
  const count = totals.shortfalls.length + totals.moreShortfalls
  const first = totals.shortfalls[0]
  const reason =
    first === undefined ? null : `${first.path} ${first.reason}${count > 1 ? `, and ${count - 1} more` : ''}`
  return {
    source,
    view: 'host',
    state: count === 0 ? 'complete' : 'partial',
    items: totals.items,
    bytes: totals.bytes,
    durationMs: Math.round(performance.now() - startedAt),
    reason,
    ...(unread.length === count && count > 0 ? { unread } : {})
  }
}

/** Shortfalls that are about one item each, by absolute path; none where one is about more, as a tree or the time. */
export function unreadItems({ shortfalls, moreShortfalls }: WireTotals): UnreadItem[] {
  if (moreShortfalls > 0 || shortfalls.some(({ path }) => path === '')) return []
  return shortfalls.map(({ path, reason }) => ({ path: absolute('', path), reason }))
}

/** The row of a source that could not be looked at; `error` may be words of ours. */
export function hostFailure(source: SourceName, error: unknown, startedAt: number): Coverage {
  return {
    source,
    view: 'host',
    state: 'failed',
    items: 0,
    bytes: 0,
    durationMs: Math.round(performance.now() - startedAt),
    reason:
      typeof error === 'string'
        ? `host view: ${error}`
        : error instanceof HostError
          ? error.message
          : 'host view: unforeseen error'
  }
}

/** Hits as evidence; the same of two pieces of one file is told once, with the lowest offset. */
export function hostHits(wire: readonly WireHit[], toLocation: (hit: WireHit) => Location): Hit[] {
  const first = new Map<string, WireHit>()
  for (const hit of wire) {
    const key = `${hit.key} ${hit.secret} ${hit.form} ${hit.part} ${hit.where ?? ''} ${hit.path}`
    const known = first.get(key)
    if (known === undefined || (hit.offset ?? 0) < (known.offset ?? 0)) first.set(key, hit)
  }
  return [...first.values()]
    .filter((hit) => hit.secret !== CONTROL)
    .map((hit) => ({ secret: hit.secret, form: hit.form, view: 'host', location: toLocation(hit) }))
}

/** A path below a root, absolute. */
export function absolute(base: string, path: string): string {
  const below = path.replace(/^\/+/, '')
  const root = base.replace(/\/+$/, '')
  return below === '' ? root || '/' : `${root}/${below}`
}
