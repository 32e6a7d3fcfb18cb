/** All rules, in the order of the report. */
import type { Evidence, Finding } from '../evidence.js'
import { containerExited } from './container-exited.js'
import { imageContentHidden } from './image-content-hidden.js'
import { insideViewDiffers } from './inside-view-differs.js'
import { mountFlags } from './mount-flags.js'
import { mountInaccessible } from './mount-inaccessible.js'
import { mountMissing } from './mount-missing.js'
import { mountMode } from './mount-mode.js'
import { mountShadowed } from './mount-shadowed.js'
import { mountSize } from './mount-size.js'
import { mountSwappable } from './mount-swappable.js'
import { nothingProven } from './nothing-proven.js'
import type { Rule } from './rule.js'
import { secretInAttestation } from './secret-in-attestation.js'
import { secretInBuildLog } from './secret-in-build-log.js'
import { secretInContainerConfig } from './secret-in-container-config.js'
import { secretInHistory } from './secret-in-history.js'
import { secretInImageConfig } from './secret-in-image-config.js'
import { secretInLayer } from './secret-in-layer.js'
import { secretInLogs } from './secret-in-logs.js'
import { secretInOtherTmpfs } from './secret-in-other-tmpfs.js'
import { secretInProcess } from './secret-in-process.js'
import { secretInVolume } from './secret-in-volume.js'
import { secretInWritableLayer } from './secret-in-writable-layer.js'
import { secretNotInTmpfs } from './secret-not-in-tmpfs.js'
import { secretReadableByOthers } from './secret-readable-by-others.js'
import { sourceUnread } from './source-unread.js'

export type { Rule } from './rule.js'

/** Returns the rules as they are; throws RangeError when two have one slug, for one would speak for both. */
export function registry(rules: readonly Rule[]): readonly Rule[] {
  const twice = rules.find((rule, index) => rules.findIndex((each) => each.slug === rule.slug) < index)
  if (twice !== undefined) throw new RangeError(`two rules have the slug ${twice.slug}`)
  return rules
}

export const RULES = registry([
  mountMissing,
  mountShadowed,
  mountSize,
  mountMode,
  mountFlags,
  mountInaccessible,
  mountSwappable,
  imageContentHidden,
  secretNotInTmpfs,
  secretReadableByOthers,
  secretInLayer,
  secretInImageConfig,
  secretInHistory,
  secretInAttestation,
  secretInBuildLog,
  secretInContainerConfig,
  secretInWritableLayer,
  secretInVolume,
  secretInOtherTmpfs,
  secretInLogs,
  secretInProcess,
  insideViewDiffers,
  containerExited,
  nothingProven,
  sourceUnread
])

/** What all rules say of the evidence, in their order. */
export function runRules(evidence: Evidence): Finding[] {
  return RULES.flatMap((rule) => rule.judge(evidence))
}
