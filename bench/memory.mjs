/**
 * Peak memory of a process and all that it started, together, sampled from outside.
 *
 * Counted by PSS: a page that several processes share counts once for all of them. Run the program from a copy of its
 * binary, else pages that it shares with strangers (other Node programs) count in part only.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { clearInterval, setInterval } from 'node:timers'

const EVERY_MS = 50

/** Pss and Rss of one process in bytes, as /proc/PID/smaps_rollup tells them (proc_pid_smaps(5)); null when it has none. */
export function parseRollup(text) {
  const field = (name) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)
    return match === null ? null : Number(match[1]) * 1024
  }
  const [pss, rss] = [field('Pss'), field('Rss')]
  return pss === null || rss === null ? null : { pss, rss }
}

/** A file of /proc, empty when the process has ended meanwhile. */
function read(path) {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function children(pid) {
  return threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number)
  )
}

/** What a process is, for the table: `main`, `reader` or the program's name. */
function roleOf(pid, root) {
  if (pid === root) return 'main'
  const name = read(`/proc/${pid}/comm`).trim()
  return read(`/proc/${pid}/cmdline`).includes('reader/index.js') && name !== 'sudo' ? 'reader' : name
}

/** Samples from now until `stop`. */
export function watchMemory(root) {
  const peak = { ours: 0, oursRss: 0, parts: {}, docker: 0, samples: 0 }
  const sample = () => {
    const parts = {}
    let [ours, oursRss, docker] = [0, 0, 0]
    const visit = (pid, isDocker) => {
      const role = roleOf(pid, root)
      const engineClient = isDocker || role === 'docker'
      const size = parseRollup(read(`/proc/${pid}/smaps_rollup`))
      if (size !== null && engineClient) docker += size.pss
      else if (size !== null) {
        ours += size.pss
        oursRss += size.rss
        parts[role] = (parts[role] ?? 0) + size.pss
      }
      for (const child of children(pid)) visit(child, engineClient)
    }
    visit(root, false)
    peak.samples++
    peak.docker = Math.max(peak.docker, docker)
    peak.oursRss = Math.max(peak.oursRss, oursRss)
    if (ours > peak.ours) Object.assign(peak, { ours, parts })
  }
  const timer = setInterval(sample, EVERY_MS)
  return {
    /** { ours, oursRss, parts, docker, samples }: bytes, at the moment when ours was highest; docker's and RSS's own highest. */
    stop: () => {
      clearInterval(timer)
      return peak
    }
  }
}
