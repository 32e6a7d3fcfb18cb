/** Parses /proc/<pid>/status and /proc/<pid>/stat. */

const SIGTERM = 15n

/** Capability numbers of capability.h that let a process pass file permissions. */
export const CAP_DAC_OVERRIDE = 1n
export const CAP_DAC_READ_SEARCH = 2n

/** The identity of a process, in the numbers of the reader's user namespace. */
export interface ProcessStatus {
  name: string
  /** Effective. */
  uid: number
  gid: number
  groups: number[]
  capEff: bigint
  capBnd: bigint
  /** Whether it has a handler for SIGTERM. Without one the first process of a container ignores it (signal(7)). */
  handlesTerm: boolean
}

function field(text: string, name: string): string {
  const found = new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)
  if (found === null) throw new SyntaxError(`the status of a process has no ${name}`)
  return found[1] ?? ''
}

/** Parses proc_pid_status(5). Throws SyntaxError when a field is missing. */
export function parseStatus(text: string): ProcessStatus {
  const numbers = (name: string): number[] => field(text, name).split(/\s+/).filter(Boolean).map(Number)
  const mask = (name: string): bigint => BigInt(`0x${field(text, name)}`)
  const [uid, gid] = [numbers('Uid')[1], numbers('Gid')[1]]
  if (uid === undefined || gid === undefined) throw new SyntaxError('the status of a process has no effective user')
  return {
    name: field(text, 'Name'),
    uid,
    gid,
    groups: numbers('Groups'),
    capEff: mask('CapEff'),
    capBnd: mask('CapBnd'),
    handlesTerm: ((mask('SigCgt') >> (SIGTERM - 1n)) & 1n) === 1n
  }
}

/** Whether a set of capabilities holds one. */
export function hasCapability(set: bigint, capability: bigint): boolean {
  return ((set >> capability) & 1n) === 1n
}

/**
 * When the process started, in clock ticks since boot (field 22 of proc_pid_stat(5)): with its number it names one
 * process for good. The name in field 2 may hold blanks and brackets, so fields are counted from the last bracket.
 */
export function parseStartTime(stat: string): string {
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  if (started === undefined || !/^\d+$/.test(started)) throw new SyntaxError('the stat of a process has no start time')
  return started
}
