/** Runs that need no case of their own: a folder of the repository, or a few lines of a Dockerfile. */
import { join } from 'node:path'
import { REPOSITORY, type Engine } from './engines.js'
import type { RunOptions } from './run.js'
import { makeSecret, type TestSecret } from './secrets.js'
import { makeWorkspace, plant, plantFolder, removeWorkspace } from './workspace.js'

export interface Setting {
  engine: Engine
  inputs: Record<string, string>
  /** Lines of the Dockerfile after FROM. */
  lines?: string[]
  /** A folder of `examples`, which is put at the same path. */
  example?: string
}

/** Lends options for a run, with a new secret, in a workspace that is gone afterwards. */
export async function withRun<T>(
  setting: Setting,
  use: (options: RunOptions, secret: TestSecret) => Promise<T>
): Promise<T> {
  const { engine, inputs, lines, example } = setting
  const workspace = makeWorkspace()
  const secret = makeSecret('plain')
  try {
    if (example !== undefined) {
      plantFolder(workspace, join(REPOSITORY, 'examples', example), (name, content) => {
        plant(workspace, join('examples', example, name), content)
        return null
      })
    }
    if (lines !== undefined) plant(workspace, 'Dockerfile', ['FROM tmpfs-check-e2e:busybox', ...lines, ''].join('\n'))
    return await use({ engine, workspace, inputs: { ...inputs }, secrets: [secret.value] }, secret)
  } finally {
    removeWorkspace(workspace)
  }
}
