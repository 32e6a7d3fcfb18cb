/** The folders of one run: the workspace with what is checked, and what the runner gives a step. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

export interface Workspace {
  root: string
  /** GITHUB_WORKSPACE. */
  path: string
  /** A folder that a test may bind into the container. */
  bind: string
  /** RUNNER_TEMP. */
  temp: string
  /** TMPDIR: so that whatever is written to a temporary file is seen too. */
  tmp: string
  /** Absolute paths of what the test itself wrote, and so may hold the secret. */
  planted: Set<string>
}

/** A new empty workspace; {@link removeWorkspace} takes it away. */
export function makeWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'tmpfs-check-e2e-'))
  const [path, bind, temp, tmp] = ['workspace', 'bind', 'runner/temp', 'runner/tmp'].map((each) => join(root, each))
  for (const folder of [path, bind, temp, tmp]) mkdirSync(folder as string, { recursive: true })
  chmodSync(root, 0o755)
  chmodSync(bind as string, 0o777)
  return { root, path, bind, temp, tmp, planted: new Set() } as Workspace
}

export function removeWorkspace(workspace: Workspace): void {
  rmSync(workspace.root, { recursive: true, force: true })
}

/** Puts bytes into replacing `{{name}}`; throws for a name that `values` does not know. */
export function fill(template: Buffer, values: (name: string) => Buffer): Buffer {
  const filled = template
    .toString('latin1')
    .replaceAll(/\{\{([^{}\n]+)\}\}/g, (_whole, name: string) => values(name).toString('latin1'))
  return Buffer.from(filled, 'latin1')
}

/** As {@link fill}, for text. */
export function fillText(template: string, values: (name: string) => Buffer): string {
  return fill(Buffer.from(template), values).toString('utf8')
}

/** Writes a file of the workspace, and remembers that it is ours. */
export function plant(workspace: Workspace, name: string, content: Buffer | string, mode = 0o644): void {
  const path = join(workspace.path, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  chmodSync(path, mode)
  workspace.planted.add(path)
}

/** Makes a symbolic link in the workspace. */
export function plantLink(workspace: Workspace, name: string, target: string): void {
  const path = join(workspace.path, name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
  workspace.planted.add(path)
}

/** Copies a folder into the workspace, its files through `change`; those that it returns null for are left out. */
export function plantFolder(
  workspace: Workspace,
  from: string,
  change: (name: string, content: Buffer) => Buffer | null = (_name, content) => content
): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(from, path)
    const content = change(name, readFileSync(path))
    if (content !== null) plant(workspace, name, content, statSync(path).mode & 0o777)
  }
}
