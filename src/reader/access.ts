/**
 * Tries access as users of the container, by the kernel's own answer: a child of ours, started in the container's root
 * directory, takes their ids and opens each path. Nothing of the image is run, so it works for images without tools.
 */
import { spawn } from 'node:child_process'
import type { Held } from './container.js'
import { HELPER_ENV } from './helpers.js'
import { resolveInRoot } from './in-root.js'
import type { AccessTry } from './protocol.js'
import { closeSync } from 'node:fs'
import { errorCode, toLatin1 } from '../scan/walk-open.js'

const TRY_MS = 20_000

/** What a child is told on its stdin; paths in latin1, without links, below its working directory. */
export interface TryBatch {
  /** Take the ids for good, as access(2) goes by the real ones; else for each try and back. */
  forGood: boolean
  tries: (Omit<AccessTry, 'bare' | 'paths'> & { paths: (string | null)[] })[]
}

export type Tried = (boolean | null)[]

interface Batch {
  bare: boolean
  forGood: boolean
  /** Indices of the tries. */
  members: number[]
}

/** For each try and path whether it is allowed; null: could not be tried. `program`: our own bundle. */
export async function tryAccess(
  held: Held,
  root: number,
  of: { program: string; tries: readonly AccessTry[] }
): Promise<Tried[]> {
  const results = of.tries.map((attempt): Tried => attempt.paths.map(() => null))
  await Promise.all(
    batches(of.tries).map(async (batch) => {
      const answers = await runBatch(held, { root, ...of, batch })
      batch.members.forEach((member, index) => {
        const answer = answers?.[index]
        if (answer?.length === results[member]?.length && answer !== undefined) results[member] = answer
      })
    })
  )
  return results
}

/** Writing needs the real ids, so each who writes gets a child of its own; all the others share one. */
function batches(tries: readonly AccessTry[]): Batch[] {
  const key = (attempt: AccessTry): string => JSON.stringify([attempt.uid, attempt.gid, attempt.groups, attempt.bare])
  const alone = new Set(tries.filter((attempt) => attempt.want === 'w' || attempt.bare).map(key))
  const found = new Map<string, Batch>()
  tries.forEach((attempt, index) => {
    const forGood = alone.has(key(attempt))
    const name = forGood ? key(attempt) : 'shared'
    const batch = found.get(name) ?? { bare: attempt.bare, forGood, members: [] }
    batch.members.push(index)
    found.set(name, batch)
  })
  return [...found.values()]
}

async function runBatch(
  held: Held,
  of: { root: number; program: string; tries: readonly AccessTry[]; batch: Batch }
): Promise<Tried[] | null> {
  const { batch, program } = of
  const tries = batch.members.flatMap((member) => of.tries[member] ?? [])
  const input: TryBatch = {
    forGood: batch.forGood,
    tries: tries.map(({ uid, gid, groups, want, paths }) => {
      return { uid, gid, groups, want, paths: paths.map((path) => resolved(of.root, path)) }
    })
  }
  const node = [process.execPath, program, '--try']
  const capabilities = '-dac_override,-dac_read_search'
  // setpriv is of util-linux; without it such a root cannot be played.
  const drop = ['setpriv', `--bounding-set=${capabilities}`, `--inh-caps=${capabilities}`]
  const answer = await runChild(batch.bare ? [...drop, ...node] : node, `/proc/${held.pid}/root`, JSON.stringify(input))
  return answer === null ? null : tries.map((attempt, index) => judged(held, attempt, answer[index]))
}

function resolved(root: number, path: string): string | null {
  try {
    const place = resolveInRoot(root, toLatin1(path))
    if (place.fd === null) return null
    closeSync(place.fd)
    return place.path
  } catch (error) {
    if (errorCode(error) === 'unknown error') throw error
    // A loop of links, or a link of /proc: there is no path to try.
    return null
  }
}

/** In a user namespace its root may pass permissions that the same number of the host may not: no refusal is certain. */
function judged(held: Held, attempt: AccessTry, answer: Tried | undefined): Tried {
  const none = attempt.paths.map(() => null)
  const [first] = held.uidMap()
  const mapped = first?.outside !== 0 && attempt.uid === first?.outside && !attempt.bare
  return (answer ?? none).map((allowed) => (mapped && allowed === false ? null : allowed))
}

function runChild(words: readonly string[], cwd: string, input: string): Promise<Tried[] | null> {
  return new Promise((resolve) => {
    const [file = '', ...args] = words
    const child = spawn(file, args, { cwd, env: HELPER_ENV, stdio: ['pipe', 'pipe', 'ignore'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), TRY_MS)
    const parts: Buffer[] = []
    const end = (tried: Tried[] | null): void => {
      clearTimeout(timer)
      resolve(tried)
    }
    child.once('error', () => {
      end(null)
    })
    child.once('close', (code) => {
      end(code === 0 ? (JSON.parse(Buffer.concat(parts).toString()) as Tried[]) : null)
    })
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
