/** Pure: the users of an image. */

/** No image has this user: what it may read, everyone may. */
export const UNUSED_UID = 54_321
const MOST_USERS = 40

export interface PasswdUser {
  uid: number
  gid: number
  name: string
}

/** Users of /etc/passwd (passwd(5)), one a uid. */
export function passwdUsers(text: string): PasswdUser[] {
  const users = new Map<number, PasswdUser>()
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) continue
    if (!users.has(Number(uid))) users.set(Number(uid), { uid: Number(uid), gid: Number(gid), name })
  }
  return [...users.values()].slice(0, MOST_USERS)
}
