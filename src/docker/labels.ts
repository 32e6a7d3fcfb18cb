/** Labels that every object of ours carries, so that it can be found again and removed. */

/** Value: the run's UUID. */
export const RUN_LABEL = 'tmpfs-check.run'
/** Value: seconds since 1970 after which a leftover may be removed by another run. */
export const DEADLINE_LABEL = 'tmpfs-check.deadline'

/** The name of the image that a run builds; untagging it removes it, unless the user's build options tagged it too. */
export function imageTag(runId: string): string {
  return `tmpfs-check:${runId}`
}

/** The `--label` words of a run. */
export function labelArgs(runId: string, deadline: number): string[] {
  return ['--label', `${RUN_LABEL}=${runId}`, '--label', `${DEADLINE_LABEL}=${deadline}`]
}
