/** Pure: what was asked of each tmpfs beside what the kernel says of it. */
import type { Evidence, Finding, MountFact, SwapFact, Verdict } from '../../evidence.js'
import { SIGNS } from '../findings.js'
import { mountSize, plural } from '../format.js'
import { details, moreCells, row, tableHead, type Section } from '../page.js'
import { code, prose } from '../text.js'

const COLUMNS = ['', 'Mount', '', 'Declared', 'Effective']
const NOTHING = '–'

/** The signs of what is wrong with one mount, by rule. */
type Wrong = ReadonlyMap<string, string>

function line(sign: string | undefined, what: string, values: { declared: string; effective: string }): string {
  return row(sign ?? '', '', what, values.declared, values.effective)
}

function declaredSize({ declared }: MountFact): string {
  if (declared.sizePercent !== null) return `${declared.sizePercent} %`
  if (declared.size === null) return NOTHING
  return declared.size === 0 ? 'no limit' : mountSize(declared.size)
}

function owner(uid: number | null, gid: number | null): string {
  return uid === null && gid === null ? NOTHING : `${uid ?? '?'}:${gid ?? '?'}`
}

function differs<T>(declared: T | null, effective: T): boolean {
  return declared !== null && declared !== effective
}

function effectiveRows(fact: MountFact, wrong: Wrong): string[] {
  const { declared, effective } = fact
  if (effective === null) return [line(SIGNS.error, 'type', { declared: 'tmpfs', effective: 'could not be seen' })]
  const ownerDiffers = differs(declared.uid, effective.uid) || differs(declared.gid, effective.gid)
  // One rule is for both: it is the mode, unless it can only be the owner.
  const modeDiffers = !ownerDiffers || differs(declared.mode?.padStart(4, '0') ?? null, effective.mode)
  const at = effective.resolvedPath === declared.path ? '' : `, at ${code(effective.resolvedPath)}`
  const flags = [...declared.flags, ...(declared.readOnly ? ['ro'] : [])].join(', ')
  return [
    line(wrong.get('mount-missing') ?? wrong.get('mount-shadowed'), 'type', {
      declared: 'tmpfs',
      effective: code(effective.fstype) + at
    }),
    line(wrong.get('mount-size'), 'size', {
      declared: declaredSize(fact),
      effective: effective.size === null ? 'no limit' : mountSize(effective.size)
    }),
    line(modeDiffers ? wrong.get('mount-mode') : '', 'mode', {
      declared: declared.mode ?? NOTHING,
      effective: prose(effective.mode)
    }),
    line(ownerDiffers ? wrong.get('mount-mode') : '', 'owner', {
      declared: owner(declared.uid, declared.gid),
      effective: owner(effective.uid, effective.gid)
    }),
    line(wrong.get('mount-flags'), 'flags', {
      declared: flags === '' ? NOTHING : prose(flags),
      effective: prose(effective.flags.join(', '))
    })
  ]
}

function tried(allowed: boolean | null): string {
  return allowed === null ? 'not tried' : allowed ? 'yes' : 'no'
}

function furtherRows(fact: MountFact, wrong: Wrong): string[] {
  const foreign = fact.foreign.map((each) =>
    line(SIGNS.error, each.relation, { declared: NOTHING, effective: `${prose(each.what)} at ${code(each.path)}` })
  )
  const differences = fact.differences.map((each) =>
    line(SIGNS.error, each.what, {
      declared: NOTHING,
      effective: `inside ${code(each.inside)}, kernel ${code(each.kernel)}`
    })
  )
  const user = fact.ownUser
  const own =
    user === null
      ? []
      : [
          line(wrong.get('mount-inaccessible'), `user ${user.uid}`, {
            declared: NOTHING,
            effective: `enter ${tried(user.enter)}, read ${tried(user.read)}, write ${tried(user.write)}`
          })
        ]
  const shipped = fact.imageContent
  const hidden =
    shipped === null || shipped.items === 0
      ? []
      : [
          line(wrong.get('image-content-hidden'), 'hidden below', {
            declared: NOTHING,
            effective: `${plural(shipped.items, 'file')} of the image: ${shipped.examples.map((each) => code(each)).join(', ')}`
          })
        ]
  return [...foreign, ...differences, ...own, ...hidden]
}

function swapRow(swap: SwapFact | null, wrong: Wrong): string {
  const may = swap?.containerMaySwap ?? null
  const words = may === null ? 'could not be seen' : may ? 'its pages may reach the disk' : 'off'
  const detail = swap === null || swap.detail === '' ? '' : `: ${prose(swap.detail)}`
  return line(wrong.get('mount-swappable'), 'swap', { declared: NOTHING, effective: words + detail })
}

function wrongAt(path: string, findings: readonly Finding[]): Wrong {
  const here = findings.filter(
    ({ location, ignored }) => !ignored && location?.kind === 'mount' && location.path === path
  )
  return new Map(here.map((each) => [each.rule, SIGNS[each.severity]]))
}

/** Several rows a mount; the sign of a finding where there is one. */
export function mountsSection(evidence: Evidence, verdict: Verdict): Section[] {
  if (evidence.mounts.length === 0) return []
  const rows = evidence.mounts.flatMap((fact) => {
    const wrong = wrongAt(fact.declared.path, verdict.findings)
    const listed = fact.listed ? 'listed by the engine' : 'not listed by the engine'
    return [
      row('', `**${code(fact.declared.path)}**`, '', code(fact.declared.text), listed),
      ...effectiveRows(fact, wrong),
      swapRow(evidence.swap, wrong),
      ...furtherRows(fact, wrong)
    ]
  })
  const head = tableHead(...COLUMNS)
  const content = { head, rows, most: 200, more: moreCells(COLUMNS.length, 'rows in the report') }
  return [details('The mounts, as declared and as they are', content, true)]
}
