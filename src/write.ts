/** Writing a file so that nobody ever sees half of it. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Writes `text` beside `path` (mode 0644) and renames it; makes the folder. Throws what the file system says. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const unfinished = join(folder, `.${basename(path)}.${randomUUID()}`)
  try {
    // Only for a new file: a link that someone put there is not followed.
    await writeFile(unfinished, text, { flag: 'wx', mode: 0o644 })
    // The umask may have taken bits away; later steps may run as another user.
    await chmod(unfinished, 0o644)
    await rename(unfinished, path)
  } finally {
    await rm(unfinished, { force: true })
  }
}
