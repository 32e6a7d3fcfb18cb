/** The secrets of one run: their facts (safe to show) beside their values (never shown), under one index. */
import type { SecretFact } from '../evidence.js'
import type { DeclaredSecret } from '../inputs/types.js'
import { Matcher } from '../scan/matcher.js'
import type { Needle } from '../scan/types.js'
import { needlesFor } from '../secrets/needles.js'
import { Secret } from '../secrets/secret.js'

export class SecretRegistry {
  readonly facts: SecretFact[] = []
  readonly #values: Secret[] = []

  constructor(declared: readonly DeclaredSecret[], deliver: SecretFact['delivered']) {
    for (const each of declared)
      this.#add({ name: each.name, origin: each.origin, extent: 'whole', delivered: deliver }, each.value)
  }

  /** Adds a value that the program wrote under the tmpfs; returns its index, or null when the value is known already. */
  discovered(name: string, extent: SecretFact['extent'], bytes: Buffer): number | null {
    if (this.#values.some((known) => known.bytes().equals(bytes))) return null
    return this.#add({ name, origin: 'discovered', extent, delivered: 'none' }, new Secret(name, bytes))
  }

  #add(fact: SecretFact, value: Secret): number {
    this.facts.push(fact)
    this.#values.push(value)
    return this.facts.length - 1
  }

  value(index: number): Buffer {
    const secret = this.#values[index]
    if (secret === undefined) throw new RangeError('no such secret')
    return secret.bytes()
  }

  /** The needles of the secrets with these indices. */
  needles(indices: readonly number[]): Needle[] {
    return needlesFor(indices.map((secret) => ({ secret, value: this.value(secret) })))
  }

  indices(keep: (fact: SecretFact, index: number) => boolean): number[] {
    return this.facts.flatMap((fact, index) => (keep(fact, index) ? [index] : []))
  }

  /** A matcher of everything known at this moment. */
  matcher(): Matcher {
    return new Matcher(this.needles(this.indices(() => true)))
  }

  names(): string[] {
    return this.facts.map((fact) => fact.name)
  }
}
