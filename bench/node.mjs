/** Which Node runs what: the action wants Node 24, the machine may have an older one. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const MAJOR = 24

/** Path of a Node 24 or newer: this one, else the project's own. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath
  const names = [`node-linux-${process.arch}/package.json`]
  for (const name of names) {
    const path = join(dirname(createRequire(import.meta.url).resolve(name)), 'bin', 'node')
    if (existsSync(path)) return path
  }
  throw new Error(`needs Node.js ${MAJOR}`)
}

/** A copy of this Node for the measured program alone, so that it shares no page with this process or any other. */
export function ownNode(folder) {
  mkdirSync(folder, { recursive: true })
  const copy = join(folder, `node-${process.version}`)
  if (!existsSync(copy)) copyFileSync(process.execPath, copy)
  return copy
}
