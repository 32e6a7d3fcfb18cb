/** What of a run is still on the engine or on this machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { docker, dockerLines, type Engine } from './engines.js'

/** IDs and paths of what is left of the run; empty when it cleaned up after itself. */
export async function leftoversOf(of: Engine, runId: string): Promise<string[]> {
  const filter = ['--filter', `label=tmpfs-check.run=${runId}`]
  const [containers, images, volumes] = await Promise.all([
    dockerLines(of, 'ps', '--all', '--quiet', ...filter),
    dockerLines(of, 'images', '--all', '--quiet', ...filter),
    dockerLines(of, 'volume', 'ls', '--quiet', ...filter)
  ])
  const memory = `/dev/shm/tmpfs-check-${runId}`
  return [
    ...containers.map((id) => `container ${id}`),
    ...images.map((id) => `image ${id}`),
    ...volumes.map((id) => `volume ${id}`),
    ...(existsSync(memory) ? [memory] : [])
  ]
}

/** IDs of images, of single steps too, whose config holds the text: commands of the Dockerfile are in there. */
export async function imagesWith(of: Engine, text: string): Promise<string[]> {
  const ids = await dockerLines(of, 'images', '--all', '--quiet', '--no-trunc')
  // Others come and go meanwhile, which the exit code tells.
  const inspected = await docker(of, 'image', 'inspect', '--format', '{{.Id}} {{json .}}', ...new Set(ids)).catch(
    (error: unknown) => (error as { stdout: string }).stdout
  )
  return inspected.split('\n').flatMap((line) => (line.includes(text) ? (line.split(' ')[0] ?? []) : []))
}

/** Names of the volumes that the run's containers have mounted right now. */
export async function volumesOf(of: Engine, runId: string): Promise<string[]> {
  const containers = await dockerLines(of, 'ps', '--all', '--quiet', '--filter', `label=tmpfs-check.run=${runId}`)
  if (containers.length === 0) return []
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}'
  // The container may be removed between the two questions.
  return docker(of, 'inspect', '--format', format, ...containers).then(
    (text) => text.split('\n').filter((line) => line !== ''),
    () => []
  )
}

/** Those of the volumes that still exist. */
export async function existingVolumes(of: Engine, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const all = await dockerLines(of, 'volume', 'ls', '--quiet')
  return names.filter((name) => all.includes(name))
}

/** Command lines of processes that carry the variable `E2E_RUN=<mark>` in their environment. */
export function processesOf(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const marked = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`E2E_RUN=${mark}`)
        return marked ? [`${pid}: ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`] : []
      } catch {
        // It ended meanwhile, or belongs to somebody else.
        return []
      }
    })
}
