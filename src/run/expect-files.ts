/** Pure: which of the expected files are not there. */
import picomatch from 'picomatch'
import type { TmpfsSpec } from '../evidence.js'

/** The globs of `expect-files` that match none of `paths`. A glob without a leading `/` is below the first tmpfs. */
export function missingFiles(
  globs: readonly string[],
  tmpfs: readonly TmpfsSpec[],
  paths: readonly string[]
): string[] {
  const base = tmpfs[0]?.path ?? '/'
  return globs.filter((glob) => {
    const absolute = glob.startsWith('/') ? glob : `${base}/${glob}`
    const matches = picomatch(absolute, { dot: true })
    return !paths.some((path) => matches(path))
  })
}
