/** Pure: the environment of the docker client. */

const OURS = /^(INPUT_|STATE_|GITHUB_|ACTIONS_|RUNNER_|NODE_OPTIONS$)/

/**
 * The variables that a docker client needs, without the action's own inputs (they may hold secrets), without the runner's
 * file commands (a build must not be able to write outputs), and without those that `secret-envs` takes secrets from,
 * unless the user passes one on by name in `build-args` or `env`.
 */
export function clientEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed = new Set([...bareNames(env['INPUT_BUILD-ARGS']), ...bareNames(env['INPUT_ENV'])])
  const secret = new Set(secretVariables(env['INPUT_SECRET-ENVS']).filter((name) => !passed.has(name)))
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !OURS.test(name) && !secret.has(name)) kept[name] = value
  }
  return kept
}

/** Names of `NAME=VARIABLE` lines. */
function secretVariables(text = ''): string[] {
  return text.split('\n').flatMap((line) => /=\s*(\w+)\s*$/.exec(line)?.[1] ?? [])
}

/** Lines that are a name without a value: it comes from the environment. */
function bareNames(text = ''): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^\w+$/.test(line))
}
