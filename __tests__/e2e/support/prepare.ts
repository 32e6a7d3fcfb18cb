/** Images that cases build on. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { docker, plainEnvironment, REPOSITORY, type Engine } from './engines.js'

/** busybox with `keep`, which stays until it is told to stop; cases build on it, so that `docker image prune` finds what is theirs. */
export const BASE_IMAGE = 'tmpfs-check-e2e:busybox'

const bases = new Map<string, Promise<void>>()

/** Makes the base image on that engine, once a process. */
export function prepareEngine(of: Engine): Promise<void> {
  const ready = bases.get(of.name) ?? build(of, join(REPOSITORY, '__tests__/e2e/base'), BASE_IMAGE)
  bases.set(of.name, ready)
  return ready
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
