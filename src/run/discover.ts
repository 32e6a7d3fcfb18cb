/** What the program wrote under the tmpfs becomes secret too. */
import { discover } from '../secrets/discovery.js'
import type { SecretRegistry } from './registry.js'

/** Adds whole contents and telling parts to the registry; returns how many parts were too plain, or too many, to search for. */
export function discoverSecrets(registry: SecretRegistry, files: readonly { path: string; bytes: Buffer }[]): number {
  let plainParts = 0
  for (const file of files) {
    const found = discover(file)
    plainParts += found.plainParts + found.droppedParts
    if (found.whole !== null) registry.discovered(file.path, 'whole', found.whole)
    for (const part of found.parts) registry.discovered(`${file.path}:${part.label}`, 'part', part.value)
  }
  return plainParts
}
