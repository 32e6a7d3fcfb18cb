/** Runs commands inside the container for the inside view. */
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Exit, StreamedCommand } from '../docker/cli.js'
import type { ContainerContext } from './engine-context.js'
import { END, SectionParser, type SectionHandler } from './inside-sections.js'

/** Reasons, each once, with what would help where the container's own tools do not. */
export function withHelp(reasons: readonly string[]): string {
  return `${[...new Set(reasons)].join('; ')} (host access would do without: run on a Linux runner with sudo)`
}

/** Exit codes of `docker exec` when the program cannot be started: not executable, not found (docs, docker run). */
const CANNOT_START = new Set([126, 127])
const STDERR_BYTES = 4096

export interface ScriptRequest {
  /** POSIX shell lines. `s LABEL` begins a section. */
  lines: readonly string[]
  /** `$1` and so on. Never a secret: the engine tells arguments in its events. */
  args?: readonly string[]
  /** `0` by default; `UID` or `UID:GID`. */
  user?: string
  /** Bytes of output after which it is ended. */
  maxBytes: number
}

export interface ScriptEnd {
  /** null: the script ran to its end and everything was read. */
  reason: string | null
  /** The image has no shell that could be started. */
  noShell: boolean
}

/**
 * For every script: `t LABEL COMMAND…` runs a command and tells its output and, in the section `LABEL.code`, its exit
 * code. `w` does the same with the first such file in PATH, as `docker exec` would run it: the shell of busybox may
 * prefer the applet of that name in itself (FEATURE_SH_STANDALONE), which no image can fake beside it.
 */
const PRELUDE = [
  'IFS= read -r m || exit 90',
  'exec </dev/null',
  `s() { printf '\\n%s %s\\n' "$m" "$1"; }`,
  't() { l=$1; shift; s "$l"; "$@" 2>/dev/null; c=$?; s "$l.code"; printf %s "$c"; }',
  'w() { l=$1; x=$2; n=$2; shift 2; o=$IFS; IFS=:',
  '  for d in $PATH; do if [ -f "$d/$n" ] && [ -x "$d/$n" ]; then x=$d/$n; break; fi; done',
  '  IFS=$o; t "$l" "$x" "$@"; }'
]

/** argv of `docker exec` as a user, in the C locale so that answers can be parsed. */
export function execArgs(context: ContainerContext, user: string, words: readonly string[]): string[] {
  const env = ['--env', 'LC_ALL=C', '--env', 'QUOTING_STYLE=literal']
  return ['exec', '--interactive', '--user', user, ...env, '--', context.containerId, ...words]
}

/**
 * Runs a script by the image's `sh`, streaming its sections to the handler. Never throws: what went wrong is in the
 * answer.
 */
export async function runScript(
  context: ContainerContext,
  request: ScriptRequest,
  handler: SectionHandler
): Promise<ScriptEnd> {
  const marker = `tmpfs-check-${randomBytes(20).toString('hex')}`
  const script = [...PRELUDE, ...request.lines, `s ${END}`].join('\n')
  const words = ['sh', '-c', script, 'tmpfs-check', ...(request.args ?? [])]
  const parser = new SectionParser(marker, handler)
  const command = context.cli.stream(execArgs(context, request.user ?? '0', words), {
    timeoutMs: context.deadlineMs,
    signal: context.signal,
    input: Buffer.from(`${marker}\n`)
  })
  const read = await drain(command, request.maxBytes, (chunk) => {
    parser.push(chunk)
  })
  parser.finish()
  if (read.exit.code === 0 && parser.ended && !read.tooMuch) return { reason: null, noShell: false }
  const noShell = read.exit.code !== null && CANNOT_START.has(read.exit.code) && read.bytes === parser.preamble.length
  if (noShell) return { reason: 'the image has no shell to look with', noShell }
  return { reason: `docker exec: ${whyEnded(read, request.maxBytes)}`, noShell }
}

export interface DrainEnd {
  exit: Exit
  bytes: number
  tooMuch: boolean
  broken: boolean
  /** Beginning of stderr: foreign text. */
  stderr: string
}

/** Why a drained command is no success; for one that is, that its answer was not whole. */
export function whyEnded(end: DrainEnd, maxBytes: number): string {
  const state = /container \S+ is (not running|paused)/i.exec(end.stderr)?.[1]
  if (end.exit.code === 1 && state !== undefined) return `the container is ${state.toLowerCase()}`
  if (end.tooMuch) return `more than ${Math.floor(maxBytes / 1024 / 1024)} MiB of output`
  if (end.exit.reason !== null) return end.exit.reason
  return end.broken ? 'the output could not be read' : 'the answer was not whole'
}

/** Reads a command to its end, or ends it when it says more than `maxBytes`. Never throws. */
export async function drain(
  command: StreamedCommand,
  maxBytes: number,
  onData: (chunk: Buffer) => void
): Promise<DrainEnd> {
  let bytes = 0
  let tooMuch = false
  let stderr = Buffer.alloc(0)
  const errors = collect(command.stderr, (chunk) => {
    if (stderr.length < STDERR_BYTES) stderr = Buffer.concat([stderr, chunk])
  })
  const output = collect(command.stdout, (chunk) => {
    bytes += chunk.length
    if (tooMuch) return
    if (bytes > maxBytes) {
      tooMuch = true
      command.kill()
    } else onData(chunk)
  })
  const [exit, outputWhole] = await Promise.all([command.exit, output, errors])
  return { exit, bytes, tooMuch, broken: !outputWhole, stderr: stderr.subarray(0, STDERR_BYTES).toString() }
}

/** Whether the stream was read to its end. */
function collect(stream: Readable, onData: (chunk: Buffer) => void): Promise<boolean> {
  return new Promise((resolve) => {
    stream.on('data', onData)
    stream.once('end', () => {
      resolve(true)
    })
    stream.once('error', () => {
      resolve(false)
    })
    stream.once('close', () => {
      resolve(false)
    })
  })
}

/** Runs a script whose answer is small and gives its sections by label; a label said twice is joined. */
export async function runSmallScript(
  context: ContainerContext,
  request: ScriptRequest
): Promise<ScriptEnd & { sections: Map<string, Buffer> }> {
  const parts = new Map<string, Buffer[]>()
  let current: Buffer[] = []
  const end = await runScript(context, request, {
    begin: (label) => {
      current = parts.get(label) ?? []
      parts.set(label, current)
    },
    data: (bytes) => current.push(Buffer.from(bytes))
  })
  const sections = new Map([...parts].map(([label, chunks]) => [label, Buffer.concat(chunks)]))
  return { ...end, sections }
}
