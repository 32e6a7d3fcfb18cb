/** What a walk does where another file system is mounted. */
import { statfsSync } from 'node:fs'
import { fstypeOf, isKernel, isMemory } from '../kernel/fstype.js'
import { pathAt } from './walk-open.js'
import type { WalkRoot, WalkSink } from './walk-types.js'

/** Whether to look at what is open as `fd`, on another file system than its parent, by what the root says. */
export function crosses(root: WalkRoot, at: { fd: number; path: string }, sink: WalkSink): boolean {
  if (root.crossing === 'none') sink.shortfall(root.key, at.path, 'has another file system mounted on it')
  const fstype = fstypeOf(statfsSync(pathAt(at.fd, null)).type) ?? ''
  if (root.crossing === 'memory') return isMemory(fstype)
  return root.crossing === 'disk' && !isMemory(fstype) && !isKernel(fstype)
}
