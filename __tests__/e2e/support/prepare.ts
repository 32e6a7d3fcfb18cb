/** Images that cases build on. */
import { spawn } from 'node:child_process'
import { docker, plainEnvironment, type Engine } from './engines.js'

const shared = new Map<string, Promise<void>>()

/** Makes an image once a process, however many cases share it. */
export function once(of: Engine, tag: string, make: () => Promise<void>): Promise<void> {
  const key = `${of.name} ${tag}`
  const made = shared.get(key) ?? make()
  shared.set(key, made)
  return made
}

/** Builds from a folder; the result is tagged. */
export async function build(of: Engine, context: string, tag: string): Promise<void> {
  await docker(of, 'build', '--quiet', '--tag', tag, context)
}

/** Imports a tar of files as an image of one layer. */
export function importImage(of: Engine, tar: Buffer, tag: string): Promise<void> {
  const child = spawn('docker', ['import', '--change', 'LABEL tmpfs-check.e2e=1', '-', tag], {
    env: plainEnvironment(of),
    stdio: ['pipe', 'ignore', 'inherit']
  })
  child.stdin.end(tar)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`docker import ended with ${code ?? 'a signal'}`))
    })
  })
}
