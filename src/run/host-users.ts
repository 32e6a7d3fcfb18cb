/** What users of the container may do with what lies in memory: tried through the reader. */
import type { MemoryFile } from '../evidence.js'
import { idOutside } from '../kernel/process.js'
import type { AccessTry, ContainerAnswer } from '../reader/protocol.js'
import type { OwnUser } from './looker.js'
import { passwdUsers, UNUSED_UID } from './passwd.js'

const MOST_TRIED_FILES = 64

type Try = (tries: AccessTry[]) => Promise<(boolean | null)[][] | null>

/** Tries the container's own user on each path: enter, write, and read what was delivered there. */
export async function tryOwnUser(
  answer: ContainerAnswer,
  of: { paths: readonly string[]; delivered: readonly string[] },
  attempt: Try
): Promise<Map<string, OwnUser | null>> {
  const { uid, hostUid, hostGid, groups, overrides } = answer
  const as = { uid: hostUid, gid: hostGid, groups, bare: uid === 0 && !overrides }
  const [enter, write, read] = (await attempt([
    { ...as, want: 'x', paths: [...of.paths] },
    { ...as, want: 'w', paths: [...of.paths] },
    { ...as, want: 'r', paths: [...of.delivered] }
  ])) ?? [[], [], []]
  const users = new Map<string, OwnUser | null>()
  of.paths.forEach((path, index) => {
    const entered = enter?.[index] ?? null
    const reads = of.delivered.flatMap((file, at) => (file.startsWith(`${path}/`) ? [read?.[at] ?? null] : []))
    const readable = reads.includes(null) ? null : reads.every((each) => each === true)
    users.set(path, {
      uid,
      enter: entered,
      read: reads.length === 0 ? entered : readable,
      write: write?.[index] ?? null
    })
  })
  return users
}

/** Tries each file that the program made as a user of nobody, and as each other user of the image. */
export async function tryOtherUsers(
  answer: ContainerAnswer,
  of: { files: readonly MemoryFile[]; passwd: string; clean: (text: string) => string },
  attempt: Try
): Promise<MemoryFile[]> {
  const judged = of.files.filter((file) => !file.delivered).slice(0, MOST_TRIED_FILES)
  if (judged.length === 0) return [...of.files]
  const others = passwdUsers(of.passwd).filter((user) => user.uid !== answer.uid && user.uid !== 0)
  const users = [{ uid: UNUSED_UID, gid: UNUSED_UID, name: null }, ...others]
  const paths = judged.map((file) => file.path)
  const outside = (id: number): number => idOutside(answer.uidMap, id)
  const results =
    (await attempt(
      users.map((user) => ({
        uid: outside(user.uid),
        gid: outside(user.gid),
        groups: [],
        bare: false,
        want: 'r',
        paths
      }))
    )) ?? []
  return of.files.map((file) => {
    const at = judged.indexOf(file)
    if (at < 0) return file
    const tried = users.map((user, index) => ({
      uid: user.uid,
      user: user.name === null ? null : of.clean(user.name),
      allowed: results[index]?.[at] ?? null
    }))
    return { ...file, others: tried }
  })
}
