/** One check: inputs → engine → image → container → layers → evidence → verdict → reports. */
import type { Evidence, Verdict } from '../evidence.js'
import { removeExpired } from '../docker/cleanup.js'
import { sweepMemory } from '../docker/delivery.js'
import { preflight } from '../docker/engine.js'
import { imageHistory } from '../docker/image.js'
import type { Session } from '../docker/session.js'
import { maskSecrets } from '../inputs/masks.js'
import { readInputs } from '../inputs/read.js'
import type { Inputs } from '../inputs/types.js'
import { escapeForeign, redact } from '../scan/redact.js'
import { decide } from '../verdict.js'
import { assemble } from './assemble.js'
import type { Run } from './begin.js'
import { buildSight } from './build-log.js'
import type { RunContext } from './context.js'
import { openHostView } from './host-view.js'
import { imageSight } from './image-facts.js'
import { LayerLook } from './layers.js'
import { runAndLook } from './live.js'
import { makeLooker } from './make-looker.js'
import { RunLog } from './log.js'
import { obtainImage, type Obtained } from './obtain.js'
import { publishRun, type Published } from './publish-run.js'
import { SecretRegistry } from './registry.js'

const EXPIRED_MEMORY_MS = 6 * 3600_000

/** Runs the check and publishes what it found. Throws InputErrors and EngineError. */
export async function runCheck(run: Run): Promise<Published> {
  const inputs = readInputs(run.env)
  maskSecrets(inputs.secrets)
  const log = new RunLog(process.stdout.isTTY && run.env['GITHUB_ACTIONS'] !== 'true')
  for (const notice of inputs.notices) log.notice(notice)
  const context = await log.stage('engine', () => meetEngine(run, inputs, log))
  try {
    const { evidence, verdict } = await lookAndJudge(run, context)
    return await publishRun(context, { evidence, verdict, startedAt: run.startedAt, env: run.env })
  } finally {
    context.host?.close()
  }
}

async function meetEngine(run: Run, inputs: Inputs, log: RunLog): Promise<RunContext> {
  const registry = new SecretRegistry(inputs.secrets, inputs.deliver)
  const matcher = registry.matcher()
  const clean = (text: string): string => escapeForeign(redact(text, matcher))
  const session: Session = { cli: run.cli, identity: run.identity, signal: run.signal, clean }
  const [met, opened] = await Promise.allSettled([
    preflight(run.cli, run.env['DOCKER_HOST']),
    openHostView(inputs, run.env, run.signal)
  ])
  if (met.status === 'rejected' && opened.status === 'fulfilled') opened.value.host?.close()
  if (met.status === 'rejected') throw met.reason
  if (opened.status === 'rejected') throw opened.reason
  const [engine, host] = [met.value, opened.value]
  run.touched = true
  sweepMemory(EXPIRED_MEMORY_MS)
  await removeExpired(run.cli, Math.floor(Date.now() / 1000))
  const fact = { ...engine.fact, hostAccess: host.host !== null, hostAccessReason: host.reason }
  return { inputs, session, engine: { ...engine, fact }, host: host.host, registry, journal: run.journal, log }
}

async function lookAndJudge(run: Run, context: RunContext): Promise<{ evidence: Evidence; verdict: Verdict }> {
  const { inputs, log } = context
  const obtained = await log.stage(inputs.build === null ? 'image' : 'build', () => obtainImage(context))
  const layers = new LayerLook(context, obtained.image)
  try {
    const evidence = await lookEverywhere(context, obtained, layers)
    const policy = { failOn: inputs.failOn, ignore: inputs.ignore, today: run.startedAt.toISOString().slice(0, 10) }
    return { evidence, verdict: decide(evidence, policy) }
  } finally {
    layers.close()
  }
}

async function lookEverywhere(context: RunContext, obtained: Obtained, layers: LayerLook): Promise<Evidence> {
  const { log, registry } = context
  const { image, subject } = obtained
  const looker = makeLooker(context, image)
  // Beside the start of the container: it waits for nobody, and is not wrong before it is needed.
  const history = imageHistory(context.session, image.Id)
  history.catch(() => undefined)
  layers.begin()
  const live = await runAndLook(context, image, looker, {
    met: () => {
      layers.met(() => looker.layerDirs())
    },
    known: () => {
      layers.known()
    }
  })
  const layerSight = await log.stage('image layers', () => layers.end())
  const ofImage = imageSight(context, image, await history)
  const build = buildSight(obtained, registry)
  return assemble(context, { subject, live, uid: looker.uid(), image: ofImage, layers: layerSight, build })
}
