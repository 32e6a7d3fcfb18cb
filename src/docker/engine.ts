/** What engine is there: asked once, before anything is created. */
import type { EngineFact } from '../evidence.js'
import type { DockerCli, TextResult } from './cli.js'
import { EngineError } from './errors.js'
import { imageStore, parseJson, type InfoJson, type VersionJson } from './parse.js'

const PREFLIGHT_MS = 10_000

export interface Preflight {
  fact: EngineFact
  /** Where the engine keeps its data, as it says: only of use on the same host. */
  rootDir: string
  /** Whether buildx stands behind `docker build` (else the legacy builder). */
  buildKit: boolean
  /** Users of containers have other numbers here: rootless, or `userns-remap` of the engine (`docker info`, 20.10 to 29). */
  remapped: boolean
}

/**
 * Asks the engine who it is. Throws EngineError: NO_ENGINE, DENIED (the socket refuses us), TIMEOUT.
 * `remote`: the client talks to something else than a local socket, so no file of this machine can be bound.
 */
export async function preflight(cli: DockerCli, dockerHost: string | undefined): Promise<Preflight> {
  const [version, info, buildx, context] = await Promise.all([
    cli.text(['version', '--format', '{{json .}}'], { timeoutMs: PREFLIGHT_MS }),
    cli.text(['info', '--format', '{{json .}}'], { timeoutMs: PREFLIGHT_MS }),
    cli.text(['buildx', 'version'], { timeoutMs: PREFLIGHT_MS }),
    dockerHost === undefined || dockerHost === ''
      ? cli.text(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], { timeoutMs: PREFLIGHT_MS })
      : Promise.resolve(null)
  ])
  if (version.code !== 0 || info.code !== 0) throw noEngine(version.code !== 0 ? version : info)
  const versions = parseJson(version.stdout, 'docker version') as VersionJson
  const facts = parseJson(info.stdout, 'docker info') as InfoJson
  const endpoint = context === null ? (dockerHost ?? '') : context.stdout.trim()
  return {
    fact: engineFact(versions, facts, endpoint !== '' && !endpoint.startsWith('unix://')),
    rootDir: facts.DockerRootDir ?? '/var/lib/docker',
    buildKit: buildx.code === 0,
    remapped: hasOption(facts, 'rootless') || hasOption(facts, 'userns')
  }
}

function engineFact(version: VersionJson, info: InfoJson, remote: boolean): EngineFact {
  const runc = (version.Server?.Components ?? []).find((each) => each.Name === 'runc')
  return {
    version: version.Server?.Version ?? 'unknown',
    apiVersion: version.Server?.ApiVersion ?? 'unknown',
    runcVersion: runc?.Version.split('+')[0] ?? null,
    storageDriver: info.Driver ?? 'unknown',
    store: imageStore(info),
    rootless: hasOption(info, 'rootless'),
    remote,
    hostAccess: false,
    hostAccessReason: null
  }
}

function hasOption({ SecurityOptions }: InfoJson, name: string): boolean {
  return (SecurityOptions ?? []).some((each) => each.split(',')[0] === `name=${name}`)
}

function noEngine(result: TextResult): EngineError {
  if (/permission denied/i.test(result.stderr)) {
    return new EngineError('DENIED', {
      phase: 'preflight',
      message: 'The Docker engine refuses this user its socket (permission denied).',
      remedy: 'sudo usermod -aG docker "$USER"   # on the runner, then restart it'
    })
  }
  if (result.reason?.startsWith('deadline')) {
    return new EngineError('TIMEOUT', {
      phase: 'preflight',
      message: `The Docker engine did not answer in ${PREFLIGHT_MS / 1000} s.`,
      remedy: 'sudo systemctl restart docker   # on the runner'
    })
  }
  return new EngineError('NO_ENGINE', {
    phase: 'preflight',
    message: 'No Docker engine answers.',
    remedy:
      'runs-on: ubuntu-latest   # ubuntu-slim has no engine; on a self-hosted runner start it: sudo systemctl start docker'
  })
}
