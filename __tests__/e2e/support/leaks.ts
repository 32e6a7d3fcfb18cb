/** Looks for secrets in everything that a run printed or wrote. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { everyForm } from './forms.js'
import type { Workspace } from './workspace.js'

/** Where which form of a secret was found: none of it is in the text. Empty when nothing leaked. */
export function findLeaks(secrets: readonly Buffer[], output: Record<string, string>, workspace: Workspace): string[] {
  const needles = secrets.flatMap((secret, index) =>
    [...everyForm(secret)].map(([form, bytes]) => ({ name: `secret ${index} (${form})`, bytes }))
  )
  const search = (place: string, bytes: Buffer): string[] =>
    needles.filter((needle) => bytes.includes(needle.bytes)).map((needle) => `${needle.name} in ${place}`)
  const printed = Object.entries(output).flatMap(([name, text]) => search(name, Buffer.from(text)))
  return [...printed, ...filesOf(workspace).flatMap((path) => searchFile(path, search, workspace))]
}

function searchFile(path: string, search: (place: string, bytes: Buffer) => string[], workspace: Workspace): string[] {
  const place = relative(workspace.root, path)
  const info = lstatSync(path)
  const content = info.isSymbolicLink() ? Buffer.from(readlinkSync(path)) : info.isFile() ? readFileSync(path) : null
  return [...search(`the name of a file`, Buffer.from(place)), ...(content === null ? [] : search(place, content))]
}

/** Every file below the root that the test did not put there itself. */
function filesOf({ root, bind, planted }: Workspace): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !planted.has(path) && !path.startsWith(`${bind}/`))
}
