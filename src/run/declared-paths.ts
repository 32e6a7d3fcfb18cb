/** Pure: declared tmpfs paths beside where they lie once the image's symlinks are resolved. */
export class DeclaredPaths {
  readonly #pairs: readonly (readonly [string, string])[]

  /** Pairs of declared and resolved path. */
  constructor(pairs: readonly (readonly [string, string])[]) {
    this.#pairs = pairs
  }

  /** The path as the user knows it: below the declared path, not below where that leads. */
  shown(path: string): string {
    for (const [declared, real] of this.#pairs) {
      if (path === real || path.startsWith(`${real}/`)) return declared + path.slice(real.length)
    }
    return path
  }

  /** Where a path below a declared one lies. */
  real(path: string): string {
    for (const [declared, real] of this.#pairs) {
      if (path === declared || path.startsWith(`${declared}/`)) return real + path.slice(declared.length)
    }
    return path
  }

  reals(): string[] {
    return this.#pairs.map(([, real]) => real)
  }
}
