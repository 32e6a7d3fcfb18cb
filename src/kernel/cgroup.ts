/** Parses /proc/<pid>/cgroup. */

/** One hierarchy: version 2 has an empty list of controllers (cgroups(7)). */
export interface CgroupLine {
  controllers: string[]
  path: string
}

/** Parses the lines `id:controllers:path`; paths are as seen from the reader's cgroup namespace. */
export function parseCgroup(text: string): CgroupLine[] {
  return text
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .flatMap((found) =>
      found === null
        ? []
        : [{ controllers: (found[1] ?? '').split(',').filter((each) => each !== ''), path: found[2] ?? '' }]
    )
}

/**
 * Whether a cgroup's path belongs to the container: one of its directories is the ID, or `docker-<id>.scope`,
 * `libpod-<id>.scope` and the like (systemd's cgroup driver). `containerId` must be the full ID of 64 digits.
 */
export function belongsTo(lines: readonly CgroupLine[], containerId: string): boolean {
  const names = new RegExp(`^(?:[a-z-]+-)?${containerId}(?:\\.scope)?$`)
  return lines.some((line) => line.path.split('/').some((directory) => names.test(directory)))
}

/** The path in the hierarchy of a controller: of version 1, else the one of version 2. null: neither. */
export function cgroupPath(lines: readonly CgroupLine[], controller: string): { version: 1 | 2; path: string } | null {
  const first = lines.find((line) => line.controllers.includes(controller))
  if (first !== undefined) return { version: 1, path: first.path }
  const second = lines.find((line) => line.controllers.length === 0)
  return second === undefined ? null : { version: 2, path: second.path }
}
