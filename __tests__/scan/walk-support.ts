/** Trees on disk for tests of the walk, and a sink that remembers. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import { Matcher } from '../../src/scan/matcher.js'
import type { ItemHit, Needle } from '../../src/scan/types.js'
import { Walker } from '../../src/scan/walk.js'
import type { WalkOptions, WalkRoot, WalkTask } from '../../src/scan/walk-types.js'

export const SECRET = 'correct-horse-battery'
export const needle = (text = SECRET, secret = 0): Needle => ({ secret, form: 'raw', bytes: Buffer.from(text) })

const made: string[] = []

/** A fresh directory, removed after the test. */
export function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'walk-test-'))
  made.push(path)
  return path
}

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

/** Text is a file, an object a directory, `{ link }` a symlink. */
export interface Tree {
  [name: string]: string | Buffer | Tree | { link: string }
}

export function make(path: string, tree: Tree): string {
  for (const [name, what] of Object.entries(tree)) {
    const at = join(path, name)
    if (typeof what === 'string' || Buffer.isBuffer(what)) writeFileSync(at, what)
    else if (typeof what['link'] === 'string') symlinkSync(what['link'], at)
    else {
      mkdirSync(at)
      make(at, what)
    }
  }
  return path
}

export function makeFifo(path: string): void {
  execFileSync('mkfifo', [path])
}

/** A whiteout of overlayfs: a character device 0:0, which anybody may make (Linux 5.8 and later). */
export function makeWhiteout(path: string): void {
  execFileSync('mknod', [path, 'c', '0', '0'])
}

export interface Seen {
  items: number
  bytes: number
  /** `part path` of each hit. */
  hits: string[]
  full: ItemHit[]
  shortfalls: string[]
  files: string[]
}

export interface Walking extends WalkOptions {
  needles?: Needle[]
  crossing?: WalkRoot['crossing']
  careful?: boolean
  single?: true
}

/** Walks all of a tree, tasks that are given away afterwards. */
export async function walk(path: string, walking: Walking = {}): Promise<Seen> {
  const seen: Seen = { items: 0, bytes: 0, hits: [], full: [], shortfalls: [], files: [] }
  const sink = {
    hit: (_: number, hit: ItemHit): void => {
      seen.hits.push(`${hit.part} ${hit.path}`)
      seen.full.push(hit)
    },
    shortfall: (_: number, at: string, reason: string): void => {
      seen.shortfalls.push(`${at}: ${reason}`)
    },
    count: (items: number, bytes: number): void => {
      seen.items += items
      seen.bytes += bytes
    },
    file: (_: number, at: string): void => {
      seen.files.push(at)
    }
  }
  const { needles = [needle()], crossing = 'none', careful = false, single, ...options } = walking
  const root: WalkRoot = { key: 0, path, crossing, careful }
  const tasks: WalkTask[] = [{ root, path: '', ...(single === undefined ? {} : { single }) }]
  const give = (given: WalkTask[]): void => {
    tasks.push(...structuredClone(given))
  }
  const walker = new Walker(new Matcher(needles), sink, { ...options, give })
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await walker.walk(task)
  seen.hits.sort()
  return seen
}
