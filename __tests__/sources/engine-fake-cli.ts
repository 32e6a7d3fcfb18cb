/** A docker client that answers from a function, and records what it was asked. */
import { spawn } from 'node:child_process'
import { PassThrough, Readable } from 'node:stream'
import { pack } from 'tar-stream'
import type { DockerCli, StreamedCommand } from '../../src/docker/cli.js'
import type { Form } from '../../src/evidence.js'
import { Matcher } from '../../src/scan/matcher.js'
import type { ContainerContext, Search } from '../../src/sources/engine-context.js'

export interface FakeAnswer {
  stdout?: string | Buffer | Buffer[]
  stderr?: string
  /** 0 when left out; null: killed. */
  code?: number | null
  reason?: string
  /** stdout breaks with an error after what it said. */
  breaks?: boolean
}

/** `marker` is the first line of stdin, for scripts. */
export type FakeEngine = (args: readonly string[], marker: string) => FakeAnswer | StreamedCommand

export interface FakeCli extends DockerCli {
  calls: string[][]
}

export function fakeCli(engine: FakeEngine): FakeCli {
  const calls: string[][] = []
  return {
    calls,
    text: () => Promise.reject(new Error('not used here')),
    stream: (args, options) => {
      calls.push([...args])
      const answer = engine(args, options.input?.toString().trim() ?? '')
      return 'exit' in answer ? answer : streamed(answer)
    }
  }
}

function streamed(answer: FakeAnswer): StreamedCommand {
  const { stdout = '', stderr = '', code = 0, breaks = false } = answer
  const chunks = Array.isArray(stdout) ? stdout : [Buffer.from(stdout)]
  let killed = false
  const output = breaks ? broken(chunks) : Readable.from(chunks, { objectMode: false })
  const closed = new Promise<void>((resolve) => output.once('close', resolve))
  return {
    stdout: output,
    stderr: Readable.from([Buffer.from(stderr)], { objectMode: false }),
    exit: closed.then(() => {
      if (killed) return { code: null, reason: 'signal SIGKILL' }
      const reason = answer.reason ?? (code === null ? 'deadline of 30 s' : `exit code ${code}`)
      return { code, reason: code === 0 ? null : reason }
    }),
    kill: () => {
      killed = true
    }
  }
}

function broken(chunks: readonly Buffer[]): Readable {
  const stream = new PassThrough()
  for (const chunk of chunks) stream.write(chunk)
  setImmediate(() => stream.destroy(new Error('broken')))
  return stream
}

/** Sections of a script's answer as its shell would print them, with the end. */
export function sections(marker: string, parts: readonly (readonly [string, string | Buffer])[]): Buffer {
  const all = [...parts, ['end', ''] as const]
  return Buffer.concat(all.flatMap(([label, content]) => [Buffer.from(`\n${marker} ${label}\n`), Buffer.from(content)]))
}

/** Runs the words behind `--` and the container by this machine's own shell, as `docker exec` would inside. */
export function runHere(args: readonly string[], marker: string, env: Record<string, string> = {}): StreamedCommand {
  const words = args.slice(args.indexOf('--') + 2)
  const child = spawn(words[0] ?? '', words.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...env }
  })
  // Who does not read it has ended already.
  child.stdin.on('error', () => undefined)
  child.stdin.end(`${marker}\n`)
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    exit: new Promise((resolve) => {
      child.once('close', (code) => {
        resolve({ code, reason: code === 0 ? null : `exit code ${code ?? 'none'}` })
      })
    }),
    kill: () => child.kill('SIGKILL')
  }
}

export function contextOf(cli: DockerCli): ContainerContext {
  return { cli, containerId: 'c0ffee', signal: new AbortController().signal, deadlineMs: 10_000 }
}

export function matcherOf(...values: (string | Buffer)[]): Matcher {
  const form: Form = 'raw'
  return new Matcher(values.map((value, secret) => ({ secret, form, bytes: Buffer.from(value) })))
}

export function searchOf(...values: string[]): Search {
  return {
    matcher: matcherOf(...values),
    clean: (text) => values.reduce((clean, value) => clean.replaceAll(value, '[secret]'), text).replace(/[^ -~]/g, '?')
  }
}

export type TarFile = {
  name: string
  content?: string | Buffer
  type?: 'directory' | 'symlink' | 'link'
  linkname?: string
  pax?: Record<string, string>
}

/** An archive as `docker cp` writes it; entries have mode 4711, user 7, group 8. */
export async function tarOf(files: readonly TarFile[]): Promise<Buffer> {
  const archive = pack()
  for (const { content = '', ...header } of files) archive.entry({ mode: 0o4711, uid: 7, gid: 8, ...header }, content)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
