/** Pure: which files of a build context the builder never sees. */
import picomatch from 'picomatch'

interface Pattern {
  matches: (path: string) => boolean
  /** `!pattern`: seen after all. */
  back: boolean
}

/** `**` is the only thing beyond Go's filepath.Match that docker takes: no braces, no extended globs. */
const OPTIONS = { dot: true, nobrace: true, noextglob: true, nonegate: true } as const

/**
 * Returns a test for paths relative to the context, `/`-separated, by the text of a `.dockerignore`. The last pattern
 * that matches the path or a folder above it decides (docs.docker.com/build/concepts/context, ".dockerignore files").
 */
export function ignoredBy(text: string): (path: string) => boolean {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .flatMap(patternOf)
  return (path) => {
    const folders = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
    return patterns.reduce(
      (ignored, { matches, back }) => (ignored === back && folders.some(matches) ? !back : ignored),
      false
    )
  }
}

function patternOf(line: string): Pattern[] {
  const back = line.startsWith('!')
  const glob = (back ? line.slice(1) : line)
    .trim()
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '')
  if (glob === '' || glob === '.') return []
  // Called with the path alone: a second argument would change what picomatch returns.
  const matches = picomatch(glob, OPTIONS)
  return [{ matches: (path) => matches(path), back }]
}
