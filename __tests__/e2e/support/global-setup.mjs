// Before any test: both engines answer, and have the image that the cases build on. Once, for two builds of one tag at the same
// time get in each other's way.
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const e2e = dirname(dirname(fileURLToPath(import.meta.url)))

/** The variables of each engine's client. */
export function engineEnvironments() {
  const lines = execFileSync(join(e2e, '../../script/newer-engine'), { encoding: 'utf8' }).trim().split('\n')
  return [{}, Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))]
}

export default function setUp() {
  for (const env of engineEnvironments()) {
    const options = { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] }
    execFileSync('docker', ['build', '--quiet', '--tag', 'tmpfs-check-e2e:busybox', join(e2e, 'base')], options)
  }
}
