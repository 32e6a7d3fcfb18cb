/** The last gate: whether what is about to be written holds a secret. */
import type { SecretFact } from './evidence.js'
import type { Matcher } from './scan/matcher.js'
import { escapeForeign } from './scan/redact.js'

/** The artefacts by name, as text; several texts (annotations, outputs, lines) are looked at one by one. */
export type Artefacts = Record<string, string>

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** Undoes how the renderers write characters: `&lt;`, `&#96;`, `\x60`, `\u{2028}`, in JSON with `\\`. A secret must not hide behind them. */
function plain(text: string): string {
  return text
    .replace(/&(?:#(\d{1,6})|(amp|lt|gt|quot));/g, (whole: string, digits?: string, name?: string) => {
      return digits === undefined
        ? (ENTITIES[name ?? ''] ?? whole)
        : String.fromCodePoint(Math.min(Number(digits), 0xffff))
    })
    .replace(/\\{1,2}x([0-9a-f]{2})|\\{1,2}u\{([0-9a-f]{1,5})\}/g, (_: string, byte?: string, point?: string) => {
      return String.fromCodePoint(Number.parseInt(byte ?? point ?? '0', 16))
    })
}

/** Characters looked at in one go; a report of many findings is too long to be held several times over. */
const PIECE = 1 << 20
/** The longest way in which one byte is written: `&#65535;` and `\\u{fffff}` have ten characters or fewer. */
const LONGEST_ESCAPE = 10

/** Pieces that overlap by more than any secret can take in writing. */
function* pieces(text: string, longest: number): Generator<string> {
  const overlap = (longest + 1) * LONGEST_ESCAPE
  const step = Math.max(PIECE, overlap)
  for (let at = 0; at < text.length; at += step) yield text.slice(at, at + step + overlap)
}

/** The secrets that a text holds, by index: as it is, and with the renderers' escapes undone (as UTF-8 and byte by byte). */
function secretsIn(text: string, matcher: Matcher): Set<number> {
  const found = new Set<number>()
  for (const piece of pieces(text, matcher.longest)) {
    const unescaped = plain(piece)
    const views = [Buffer.from(piece)]
    if (unescaped !== piece) views.push(Buffer.from(unescaped), Buffer.from(unescaped, 'latin1'))
    for (const bytes of views) matcher.search(bytes, 0, bytes.length, ({ secret }) => found.add(secret))
  }
  return found
}

/** Which artefacts hold a secret, and the indices of those secrets. */
export interface Leaks {
  artefacts: string[]
  secrets: number[]
}

/** Searches every byte of every artefact. */
export function findLeaks(artefacts: Artefacts, matcher: Matcher): Leaks {
  const secrets = new Set<number>()
  const names: string[] = []
  for (const [name, text] of Object.entries(artefacts)) {
    const found = secretsIn(text, matcher)
    if (found.size === 0) continue
    names.push(name)
    found.forEach((secret) => secrets.add(secret))
  }
  return { artefacts: names, secrets: [...secrets] }
}

/**
 * What is said in the place of something withheld. Which secret it was helps to find out why; it is named only where the
 * name itself holds none.
 */
export function withheldText(
  what: string,
  leaks: Leaks,
  given: { facts: readonly SecretFact[]; matcher: Matcher }
): string {
  const names = leaks.secrets
    .slice(0, 5)
    .map((secret) => escapeForeign(given.facts[secret]?.name ?? ''))
    .filter((name) => name !== '' && secretsIn(name, given.matcher).size === 0)
  const which = names.length === 0 ? '' : ` (${names.join(', ')})`
  return `tmpfs-check: ${what} was withheld, because a secret was in it${which}. The check is not a pass.`
}
