/** Opens a tar archive inside of something else. */
import { TarScan } from './tar-scan.js'
import { BROKEN, memberPath, type ArchivePlace, type Consumer, type Scope } from './unpack-scope.js'

export class Tar implements Consumer {
  readonly #place: ArchivePlace
  readonly #scope: Scope
  readonly #scan: TarScan

  constructor(place: ArchivePlace, scope: Scope) {
    this.#place = place
    this.#scope = scope
    this.#scan = new TarScan(scope.context, {
      pathOf: (name) => memberPath(place.path, name, scope.context),
      depth: place.depth + 1,
      scopeOf: () => scope
    })
  }

  write(bytes: Uint8Array): Promise<void> | null {
    return this.#scan.write(bytes)
  }

  end(): Promise<void> | null {
    const { state } = this.#scan.finish()
    const { sink } = this.#scope.context
    // One that is only cut short hides nothing: all there is of it was searched.
    if (state === 'malformed') sink.shortfall({ path: this.#place.path, reason: BROKEN })
    sink.counted(this.#scan.items, this.#scan.length)
    return this.#scan.end()
  }
}
