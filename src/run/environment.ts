/** Pure: the environment of the docker client. */

/**
 * The variables that a docker client needs, without the action's own inputs (they may hold secrets) and without the
 * runner's file commands (a build must not be able to write outputs).
 */
export function clientEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || /^(INPUT_|STATE_|GITHUB_|ACTIONS_|RUNNER_|NODE_OPTIONS$)/.test(name)) continue
    kept[name] = value
  }
  return kept
}
