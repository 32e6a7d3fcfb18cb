/**
 * What post.ts needs to clean up after a run that was killed: the run's ID by the runner's state, and a directory in
 * RUNNER_TEMP with one empty file a child process. No secret and nothing foreign is ever in it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * How a run that was not interrupted says that it ended: `clean`: the engine was asked, nothing of it is left; `left`:
 * something is, or the engine did not answer.
 */
export type Ended = 'clean' | 'left'

/** Whether a text is a run ID; anything else from the state is not acted upon. */
export function isRunId(text: string): boolean {
  return UUID.test(text)
}

/** The run's own directory; holds no secret. */
export function runDirectory(temp: string, runId: string): string {
  return join(temp, `tmpfs-check-${runId}`)
}

export class Journal {
  readonly #directory: string
  #images = 0

  constructor(temp: string, runId: string) {
    this.#directory = runDirectory(temp, runId)
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
  }

  /** Notes a child process with its start time, so that a later process of the same number is not mistaken for it. */
  child(pid: number): void {
    const started = startTime(pid)
    if (started !== null) writeFileSync(join(this.#directory, `child-${pid}-${started}`), '')
  }

  /** Notes a volume that this run made by naming it. */
  volume(name: string): void {
    writeFileSync(join(this.#directory, `volume-${Buffer.from(name).toString('hex')}`), '')
  }

  /** Notes an image that this run's build made, by its short ID, oldest first. */
  image(id: string): void {
    this.#images += 1
    writeFileSync(join(this.#directory, `image-${String(this.#images).padStart(4, '0')}-${id}`), '')
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** The volumes that a run noted as its own. */
export function notedVolumes(temp: string, runId: string): string[] {
  return names(temp, runId)
    .filter((name) => name.startsWith('volume-'))
    .map((name) => Buffer.from(name.slice('volume-'.length), 'hex').toString())
}

/** Short IDs of the images that a run noted as its own, newest first: the order in which they can be removed. */
export function notedImages(temp: string, runId: string): string[] {
  return names(temp, runId)
    .sort()
    .reverse()
    .map((name) => /^image-\d+-([0-9a-f]{12})$/.exec(name)?.[1])
    .filter((id) => id !== undefined)
}

/** Everything beside labelled objects that a run noted as its own. */
export function noted(temp: string, runId: string): { volumes: string[]; images: string[] } {
  return { volumes: notedVolumes(temp, runId), images: notedImages(temp, runId) }
}

/** Ends the children that an interrupted run left running; returns how many. */
export function endChildren(temp: string, runId: string): number {
  let ended = 0
  for (const name of names(temp, runId)) {
    const match = /^child-(\d+)-(\d+)$/.exec(name)
    const pid = Number(match?.[1])
    if (match === null || startTime(pid) !== match[2]) continue
    try {
      process.kill(pid, 'SIGKILL')
      ended += 1
    } catch {
      // It has ended between the look and the signal: just what is wanted.
      continue
    }
  }
  return ended
}

function names(temp: string, runId: string): string[] {
  try {
    return readdirSync(runDirectory(temp, runId))
  } catch {
    // No directory: the run ended before it started anything, or cleaned up itself.
    return []
  }
}

/** Field 22 of /proc/<pid>/stat, ticks after boot (proc(5)); null when there is no such process. */
function startTime(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    // No such process, or no /proc (not Linux): then nothing can be noted or ended.
    return null
  }
}
