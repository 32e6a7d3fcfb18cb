import type { Evidence, SourceName, UnreadItem } from '../evidence.js'
import { gaps, type Gap } from './coverage.js'
import { PLACES, plural, shown } from './format.js'
import { fenced, makeRule, type Draft } from './rule.js'

const LONGEST_REASON = 400

function judge(evidence: Evidence): Draft[] {
  const whole = gaps(evidence).flatMap((gap) =>
    gap.unread.length === 0 ? [unread(evidence, gap)] : gap.unread.map((item) => unreadItem(gap.source, item))
  )
  return [...whole, ...dropped(evidence)]
}

function unread(evidence: Evidence, { source, state, reason }: Gap): Draft {
  const why = reason === null || reason === '' ? 'nobody said why' : shown(reason, LONGEST_REASON)
  return {
    severity: 'inconclusive',
    message: `${STATES[state](PLACES[source])} (${why}): that nothing was found there means nothing.`,
    fix: helpFor(evidence, source),
    location: { kind: 'source', source }
  }
}

/** One file of an image is no reason to accept that nobody read the rest: each is told, and can be accepted, alone. */
function unreadItem(source: SourceName, { path, reason }: UnreadItem): Draft {
  return {
    severity: 'inconclusive',
    message: `Could not read all of ${shown(path)} in ${PLACES[source]}: it ${reason}.`,
    fix: [
      '# take it out of the image, or say why it does not matter',
      'ignore: |',
      `  source-unread ${globOf(path)} # a test file of a library, with nothing of ours in it`
    ].join('\n'),
    location: { kind: 'source', source, path }
  }
}

/** A glob for one path: what has a meaning in a glob, or would end it, stands for any character. */
function globOf(path: string): string {
  return path.replace(/[^\w./@+=:,~-]/g, '?')
}

const STATES: Record<Gap['state'], (place: string) => string> = {
  failed: (place) => `Could not read ${place}`,
  partial: (place) => `Could not read ${place} to the end`,
  skipped: (place) => `Did not look at ${place}`,
  missing: (place) => `Nothing is known of ${place}`
}

function dropped({ droppedHits }: Evidence): Draft[] {
  if (droppedHits === 0) return []
  return [
    {
      severity: 'inconclusive',
      message: `There were ${plural(droppedHits, 'hit')} more than are kept: where they are is not known.`,
      fix: '# mend what was found, then run the check again: it will have room for the rest',
      location: null
    }
  ]
}

/** Places that are read from outside of the container, as root. */
const BY_HOST: ReadonlySet<SourceName> = new Set([
  'mounts',
  'memory',
  'other-memory',
  'writable-layer',
  'volumes',
  'processes'
])

function helpFor({ engine, container }: Evidence, source: SourceName): string {
  if (BY_HOST.has(source) && container !== null && container.state !== 'running') {
    return '# the container was gone\nkeep-alive: true'
  }
  if (BY_HOST.has(source) && !engine.hostAccess) {
    const reason = engine.hostAccessReason === null ? '' : `; now: ${shown(engine.hostAccessReason)}`
    return `# read it from outside, as root (sudo -n must work on the runner${reason})\nhost-access: required`
  }
  return HELP[source] ?? '# run it again; more time may help\ntimeout: 5m'
}

const HELP: Partial<Record<SourceName, string>> = {
  layers: '# read every byte that ships, by docker save\nlayers: archive',
  attestations:
    '# make none while checking, or use an engine that keeps them whole\nbuild-options: --provenance=false --sbom=false',
  'build-log': '# build anew so that every step prints again\nno-cache: true',
  'writable-layer': '# with a read-only root nothing can be written there\nread-only: true',
  volumes:
    '# make them memory, so that there is nothing on disk to read\ntmpfs: |\n  /run/secrets:size=64k,mode=0700\n  /data:size=64k,mode=0700',
  logs: '# less output: the log must be readable to its end\ncommand: /app/start --log-level=info'
}

export const sourceUnread = makeRule(
  {
    slug: 'source-unread',
    severities: ['inconclusive'],
    title: 'A place could not be read to its end',
    says: 'A place that a pass depends on could not be read to its end.',
    why: 'Where nobody looked, nothing was found. A check that passes then promises what it does not know.',
    how: {
      host: 'Each place counts its items and says whether it came to its end; of the writable layer a planted control value has to be found as well.',
      engine:
        'The same; of `docker save` the end of the archive, the exit code and the digest of each layer have to be right.',
      inside: 'The same; a command has to end well, and its output has to be whole.'
    },
    fix: `Give the check a way to look:\n\n${fenced('yaml', 'host-access: required')}\n\nor say, with a reason, that the place or the item does not matter here:\n\n${fenced('yaml', 'ignore: |\n  source-unread /usr/local/go/src/archive/** # broken on purpose: test data of Go\n  source-unread attestations # none are made for this image')}`,
    limits: 'It knows what it did not read, not what is there.'
  },
  judge
)
