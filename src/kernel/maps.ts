/** Parses /proc/<pid>/maps for mapped files that have no name. */

export interface UnnamedMapping {
  /** `start-end`, the name of its link in /proc/<pid>/map_files. */
  range: string
  kind: 'memfd' | 'System V shared memory' | 'unlinked file'
}

/**
 * Shared or private mappings of files without a name, one for each (proc_pid_maps(5)). Anonymous shared memory
 * (`/dev/zero (deleted)`) is the process's own memory and left out.
 */
export function unnamedMappings(maps: string): UnnamedMapping[] {
  const seen = new Set<string>()
  return maps.split('\n').flatMap((line) => {
    const found = /^([0-9a-f]+-[0-9a-f]+) \S+ \S+ (\S+) (\d+) +(.* \(deleted\))$/.exec(line)
    if (found === null) return []
    const [, range, device, inode, name] = found
    if (range === undefined || name === undefined || name === '/dev/zero (deleted)') return []
    const key = `${device ?? ''} ${inode ?? ''}`
    if (seen.has(key)) return []
    seen.add(key)
    return [{ range: range.replace(/\b0+(?=[0-9a-f])/g, ''), kind: kindOf(name) }]
  })
}

function kindOf(name: string): UnnamedMapping['kind'] {
  if (name.startsWith('/memfd:')) return 'memfd'
  return name.startsWith('/SYSV') ? 'System V shared memory' : 'unlinked file'
}
