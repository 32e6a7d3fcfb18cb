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

/** The secrets that a text holds, by index: as it is, and with the renderers' escapes undone (as UTF-8 and byte by byte). */
function secretsIn(text: string, matcher: Matcher): Set<number> {
  const found = new Set<number>()
  const unescaped = plain(text)
  const views = [Buffer.from(text)]
  if (unescaped !== text) views.push(Buffer.from(unescaped), Buffer.from(unescaped, 'latin1'))
  for (const bytes of views) matcher.search(bytes, 0, bytes.length, ({ secret }) => found.add(secret))
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
