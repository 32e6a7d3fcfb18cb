/** Tries, from inside the container, what a user can do with a path. */
import type { ContainerContext } from './engine-context.js'
import { drain, execArgs, runSmallScript } from './inside-exec.js'
import { scanTar } from './engine-tar.js'
import { Matcher } from '../scan/matcher.js'

const ANSWER_BYTES = 4 * 1024 * 1024
const FILE_BYTES = 64 * 1024 * 1024
const PASSWD_BYTES = 1024 * 1024
/** `docker exec` processes at once. */
const AT_ONCE = 4

export interface AccessQuestion {
  uid: number
  /** null: the groups that the image's passwd and group files give the user. */
  gid: number | null
  path: string
  /** enter: change into a directory. read: open a file, or list a directory. write: make a file in a directory. */
  kind: 'enter' | 'read' | 'write'
}

/**
 * The shell really changes into directories and opens files; whether something can be written is asked of the kernel by
 * access(2), for writing would change the container. Files only when they are regular, for a pipe would block.
 */
const SCRIPT = [
  'i=0',
  'while [ $# -gt 0 ]; do',
  '  r=0',
  '  case $1 in',
  '    enter) ( cd "$2" ) 2>/dev/null || r=1;;',
  '    read) if [ -d "$2" ]; then [ -r "$2" ] || r=1; elif [ -f "$2" ]; then ( true <"$2" ) 2>/dev/null || r=1; else r=1; fi;;',
  '    write) [ -w "$2" ] || r=1;;',
  '  esac',
  `  s "$i"; printf %s "$r"`,
  '  i=$((i + 1)); shift 2',
  'done'
]

/**
 * Answers in the order of the questions: allowed, not allowed, or null where it could not be tried. One `docker exec` a
 * user. Without a shell in the image, reading a file is still tried with the image's `cat`. Never throws.
 */
export async function insideAccess(
  context: ContainerContext,
  questions: readonly AccessQuestion[]
): Promise<(boolean | null)[]> {
  const answers = questions.map((): boolean | null => null)
  const users = new Map<string, number[]>()
  questions.forEach(({ uid, gid }, index) => {
    const user = gid === null ? String(uid) : `${uid}:${gid}`
    users.set(user, [...(users.get(user) ?? []), index])
  })
  const rest = [...users]
  const worker = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [user, indices] = next
      const asked = indices.map((index) => questions[index]).filter((question) => question !== undefined)
      const said = await askAs(context, user, asked)
      indices.forEach((index, at) => (answers[index] = said[at] ?? null))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return answers
}

async function askAs(
  context: ContainerContext,
  user: string,
  questions: readonly AccessQuestion[]
): Promise<(boolean | null)[]> {
  const args = questions.flatMap(({ kind, path }) => [kind, path])
  const { sections, reason, noShell } = await runSmallScript(context, {
    lines: SCRIPT,
    args,
    user,
    maxBytes: ANSWER_BYTES
  })
  if (noShell) return Promise.all(questions.map((question) => readByCat(context, user, question)))
  if (reason !== null) return questions.map(() => null)
  return questions.map((_, index) => {
    const said = sections.get(String(index))?.toString()
    return said === '0' ? true : said === '1' ? false : null
  })
}

async function readByCat(context: ContainerContext, user: string, question: AccessQuestion): Promise<boolean | null> {
  if (question.kind !== 'read') return null
  const command = context.cli.stream(execArgs(context, user, ['cat', question.path]), {
    timeoutMs: context.deadlineMs,
    signal: context.signal
  })
  const end = await drain(command, FILE_BYTES, () => undefined)
  if (end.exit.code === 0 || end.tooMuch) return true
  return end.exit.code === 1 && /permission denied/i.test(end.stderr) ? false : null
}

export interface ImageUser {
  /** Foreign text. */
  name: string
  uid: number
  gid: number
}

/**
 * The users of the container's `/etc/passwd` (passwd(5)), by `docker cp`: needs nothing in the image. Empty when there is
 * no such file; null when it could not be read. Never throws.
 */
export async function containerUsers(context: ContainerContext): Promise<ImageUser[] | null> {
  const command = context.cli.stream(['cp', '--follow-link', `${context.containerId}:/etc/passwd`, '-'], {
    timeoutMs: context.deadlineMs,
    signal: context.signal
  })
  const texts: string[] = []
  const end = await scanTar(command, {
    matcher: new Matcher([]),
    clean: () => '',
    pathOf: (name) => `/etc/${name}`,
    wants: (entry) => (entry.type === 'file' ? 'look' : 'pass'),
    onHit: () => undefined,
    keepBytes: PASSWD_BYTES,
    onContent: (_, content) => {
      if (content !== null) texts.push(content.toString())
    }
  })
  const [text] = texts
  if (end.reason === null) return text === undefined ? null : parsePasswd(text)
  return /could not find the file|no such file/i.test(end.stderr) ? [] : null
}

/** Pure: lines of another shape are left out. */
export function parsePasswd(text: string): ImageUser[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':')
    return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
