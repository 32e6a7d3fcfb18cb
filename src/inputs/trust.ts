/** Whether the code that would see the secrets is somebody else's. */
import { readFileSync } from 'node:fs'

/** Events that run with the repository's secrets although the code may come from a fork. */
const PRIVILEGED_EVENTS = ['pull_request_target', 'workflow_run']

/**
 * Returns why real secrets must not be handed out in this workflow run, or null when nothing speaks against it. On
 * `pull_request_target` and `workflow_run` a fork's code may be what is checked out, while the secrets are the repository's
 * (docs.github.com, "Events that trigger workflows"). An event that cannot be read counts as somebody else's.
 */
export function untrustedCode(env: NodeJS.ProcessEnv): string | null {
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  if (!PRIVILEGED_EVENTS.includes(event)) return null
  const heads = headRepositories(env['GITHUB_EVENT_PATH'] ?? '')
  if (heads === null) return `the event of \`${event}\` could not be read, so the code may be a fork's`
  const base = env['GITHUB_REPOSITORY'] ?? ''
  return heads.every((head) => head === base)
    ? null
    : `\`${event}\` runs for the code of a fork with this repository's secrets`
}

/** Full names of the repositories that the code comes from; null when the event does not say. */
function headRepositories(path: string): string[] | null {
  try {
    const event = record(JSON.parse(readFileSync(path, 'utf8')))
    const pull = record(record(record(event['pull_request'])['head'])['repo'])['full_name']
    const run = record(record(event['workflow_run'])['head_repository'])['full_name']
    const names = [pull, run].filter((name) => typeof name === 'string')
    return names.length === 0 ? null : names
  } catch {
    // Missing, unreadable or no JSON: the caller treats it as somebody else's code, and says so.
    return null
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
