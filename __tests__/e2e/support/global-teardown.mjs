// After all tests: removes what earlier builds of cases left as cache. Recent ones stay, for another run may be at work.
import { execFileSync } from 'node:child_process'
import { engineEnvironments } from './global-setup.mjs'

export default function tearDown() {
  for (const env of engineEnvironments()) {
    const filters = ['--filter', 'label=tmpfs-check.e2e', '--filter', 'until=30m']
    execFileSync('docker', ['image', 'prune', '--force', ...filters], {
      env: { ...process.env, ...env },
      stdio: 'ignore'
    })
  }
}
