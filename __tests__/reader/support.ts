/** Runs the real reader in tests: its sources as plain JavaScript, in a folder where its packages are found. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transformSync } from '@swc/core'
import { Host } from '../../src/sources/host.js'
import { toWire } from '../../src/reader/needles.js'
import type { Request, WireHit, WireTotals } from '../../src/reader/protocol.js'
import { needle } from '../scan/walk-support.js'

const SOURCES = 'src'
const FOLDERS = ['.', 'kernel', 'reader', 'scan']

export interface Compiled {
  program: string
  remove: () => void
}

/** Compiles what the reader is made of; call `remove` at the end. */
export function compileReader(): Compiled {
  mkdirSync('build', { recursive: true })
  const folder = mkdtempSync(join('build', 'reader-test-'))
  for (const below of FOLDERS) {
    for (const name of readdirSync(join(SOURCES, below))) {
      if (!name.endsWith('.ts')) continue
      const at = join(folder, below, name.replace(/\.ts$/, '.js'))
      const options = { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } } as const
      mkdirSync(dirname(at), { recursive: true })
      writeFileSync(at, transformSync(readFileSync(join(SOURCES, below, name), 'utf8'), options).code)
    }
  }
  return {
    program: join(process.cwd(), folder, 'reader.js'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** A reader with our own rights, as the tests do not need root's. */
export function start(program: string): { host: Host; pid: number; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  return { host: new Host(child), pid: child.pid ?? -1, ended }
}

/** Asks for a walk; gives the hits as `part path`, with the answer. */
export async function trees(
  host: Host,
  request: Omit<Extract<Request, { op: 'trees' }>, 'op' | 'set'>
): Promise<WireTotals & { hits: string[]; wire: WireHit[] }> {
  await host.ask({ op: 'needles', set: 'test', needles: toWire([needle()]) }, { timeoutMs: 10_000 })
  const wire: WireHit[] = []
  const options = { timeoutMs: 25_000, onHit: (hit: WireHit) => wire.push(hit) }
  const totals = await host.ask<WireTotals>({ op: 'trees', set: 'test', ...request }, options)
  return { ...totals, wire, hits: wire.map((hit) => `${hit.key} ${hit.part} ${hit.path}`).sort() }
}
