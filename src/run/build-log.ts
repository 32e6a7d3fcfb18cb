/** What the build printed, searched: it stays in the job log and in the build record. */
import type { Coverage, Hit } from '../evidence.js'
import type { SecretRegistry } from './registry.js'
import type { Obtained } from './obtain.js'

export interface BuildSight {
  hits: Hit[]
  coverage: Coverage
}

/** Judges the build's output by all secrets known now; null when nothing was built. */
export function buildSight(obtained: Obtained, registry: SecretRegistry): BuildSight | null {
  if (obtained.build === null) return null
  const { output, exit, durationMs } = obtained.build
  output.extend(registry.matcher())
  const { hits, coverage } = output.finish({ exit, running: false, exitCode: 0 })
  return {
    coverage: { ...coverage, source: 'build-log', durationMs },
    hits: hits.map((hit) => ({
      ...hit,
      location: { kind: 'build-log', line: hit.location.kind === 'log' ? hit.location.line : 0 }
    }))
  }
}
