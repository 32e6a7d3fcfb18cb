/** The engines that the tests run against: the machine's own one, and a newer one with the containerd image store. */
import { execFile, execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../../..')

export const ENGINE_NAMES = ['classic', 'containerd'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

export interface Engine {
  name: EngineName
  /** What makes a docker client talk to it; nothing for the machine's own. */
  env: Record<string, string>
}

const known = new Map<EngineName, Engine>()

/** The engine of that store; throws where none answers, for a test without its engine must fail. */
export function engine(name: EngineName): Engine {
  const found = known.get(name) ?? { name, env: name === 'classic' ? ownEngine() : newerEngine() }
  known.set(name, found)
  return found
}

function ownEngine(): Record<string, string> {
  const { DOCKER_HOST: host, DOCKER_CONFIG: config } = process.env
  return {
    ...(host === undefined ? {} : { DOCKER_HOST: host }),
    ...(config === undefined ? {} : { DOCKER_CONFIG: config })
  }
}

function newerEngine(): Record<string, string> {
  const lines = execFileSync(join(REPOSITORY, 'script/newer-engine'), { encoding: 'utf8' }).trim().split('\n')
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

/** The environment of whatever runs beside the test: what a program needs, and none of ours. */
export function plainEnvironment(of: Engine): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USER', 'LANG'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...of.env }
}

/** Runs docker and returns what it printed; rejects when it fails. */
export async function docker(of: Engine, ...args: string[]): Promise<string> {
  const options = { env: plainEnvironment(of), maxBuffer: 64 * 1024 * 1024, timeout: 120_000 }
  const { stdout } = await promisify(execFile)('docker', args, options)
  return stdout.trim()
}

/** The lines that docker printed; none for no output. */
export async function dockerLines(of: Engine, ...args: string[]): Promise<string[]> {
  return (await docker(of, ...args)).split('\n').filter((line) => line !== '')
}
