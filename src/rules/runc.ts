/** Pure: why a tmpfs has another mode than the one asked for, by what is known of runc. */
import type { Evidence, MountFact } from '../evidence.js'
import { modeBits, plural, shown } from './format.js'

type Version = [number, number, number]

/** `1.1.5`, `1.1.5+ds1`, `v1.2.0-rc.1`; null when it is no version. */
export function parseVersion(text: string): Version | null {
  const match = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(text)
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])]
}

function isBefore(one: Version, other: Version): boolean {
  const at = one.findIndex((part, index) => part !== other[index])
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0)
}

const STICKY = 0o1000

/**
 * Why the mode differs, as a clause without a full stop; null when nothing known explains it.
 *
 * runc before 1.1.8 gives a tmpfs the mode of the directory that the image ships at the path, also over an explicit
 * `mode=` (opencontainers/runc#3911, fixed by #3916); 1.1.8 itself lost the sticky bit (runc#3952, fixed in 1.1.9). A
 * restart does the same with the mount point that the first start left behind (moby/moby#45549).
 */
export function whyMode(evidence: Evidence, fact: MountFact): string | null {
  const { runcVersion } = evidence.engine
  const version = runcVersion === null ? null : parseVersion(runcVersion)
  if (version === null) {
    return `probably its runc is older than 1.1.8, which keeps the mode of a directory that the image ships at the path${inImage(fact)}`
  }
  const here = `here ${shown(runcVersion ?? '', 40)}`
  if (isBefore(version, [1, 1, 8])) {
    const how = shipsFiles(fact) ? 'keeps' : 'probably keeps'
    return `runc before 1.1.8 (${here}) ${how} the mode of a directory that the image ships at the path${inImage(fact)}, whatever mode was asked for`
  }
  return lostSticky(fact) && isBefore(version, [1, 1, 9]) ? `runc 1.1.8 (${here}) loses the sticky bit` : null
}

/** Whether an older runc explains it, so that the same mode in the image mends it. */
export function byImageMode(evidence: Evidence): boolean {
  const version = parseVersion(evidence.engine.runcVersion ?? '')
  return version === null || isBefore(version, [1, 1, 8])
}

function shipsFiles(fact: MountFact): boolean {
  return fact.imageContent !== null && fact.imageContent.items > 0
}

function inImage({ imageContent }: MountFact): string {
  return imageContent !== null && imageContent.items > 0
    ? ` (it ships ${plural(imageContent.items, 'file')} there)`
    : ''
}

function lostSticky({ declared, effective }: MountFact): boolean {
  const asked = modeBits(declared.mode ?? '')
  const got = modeBits(effective?.mode ?? '')
  return (asked ^ got) === STICKY && (got & STICKY) === 0
}
