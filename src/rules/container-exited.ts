import type { ContainerFact, Evidence } from '../evidence.js'
import { shown } from './format.js'
import { fenced, makeRule, type Draft } from './rule.js'

const MOST_LINES = 10

function judge({ container }: Evidence): Draft[] {
  if (container === null) {
    return [
      draft(
        'No container was seen, so nothing could be looked at while it ran.',
        '# look at the messages of the engine above\ntimeout: 5m'
      )
    ]
  }
  if (container.state !== 'running') return [draft(ended(container), endedFix(container))]
  if (container.ready) return []
  const reason = container.readyReason === null ? '' : `: ${shown(container.readyReason)}`
  return [
    draft(
      `The container did not become ready${reason}. It may not have read its secrets yet, so that their absence means nothing.${lastLines(container)}`,
      '# say what tells that it is ready, or wait longer\nwait-for: log:ready\ntimeout: 5m'
    )
  ]
}

function draft(message: string, fix: string): Draft {
  return { severity: 'inconclusive', message, fix, location: null }
}

function ended(container: ContainerFact): string {
  const what =
    container.state === 'never-started'
      ? 'The container never started'
      : `The container ended before it could be looked at${code(container)}`
  const memory = container.oomKilled ? ' It was killed for want of memory.' : ''
  return `${what}: what was in its memory is gone.${memory}${lastLines(container)}`
}

function code({ exitCode }: ContainerFact): string {
  return exitCode === null ? '' : ` (exit code ${exitCode})`
}

function lastLines({ lastLines: lines }: ContainerFact): string {
  const last = lines.slice(-MOST_LINES).map((line) => shown(line))
  return last.length === 0 ? '' : ` Its last lines: ${last.join(' | ')}`
}

function endedFix({ oomKilled, state }: ContainerFact): string {
  if (oomKilled) return '# give it more memory\nmemory: 512m'
  if (state === 'never-started')
    return '# see that the command is in the image and may be executed\nentrypoint: /app/start'
  return '# for a program that ends by itself: keeps the container up so that its tmpfs can be looked at\nkeep-alive: true'
}

export const containerExited = makeRule(
  {
    slug: 'container-exited',
    severities: ['inconclusive'],
    title: 'The container ended too early',
    says: 'The container ended, or was not ready, before it could be looked at.',
    why: 'What is in memory goes with the container. If the program has not read its secrets, or is gone, that they are nowhere else proves nothing.',
    how: { engine: 'By the state in `docker inspect`, and by what `wait-for` asks for.' },
    fix: `For a program that does its work and ends:\n\n${fenced('yaml', 'keep-alive: true')}\n\nFor one that is slow to start:\n\n${fenced('yaml', 'wait-for: healthy\ntimeout: 5m')}`,
    limits:
      'A program that is up but has not read its secrets yet counts as ready with `wait-for: settled`; name a file, a line of the log or a health check instead.'
  },
  judge
)
