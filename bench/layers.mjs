/**
 * Layer tars for the measured images, made from what a machine has: its own /usr, random bytes, empty files. A maker
 * returns a stream of one whole layer tar.
 */
import { spawn } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'

const MIB = 2 ** 20
const BLOCK = 512
/** Files up to this size count as small: they make the number of files, the others the bytes. */
const SMALL = 64 * 1024
/** Official images are built without these. */
const LEFT_OUT = new Set(['/usr/share/doc', '/usr/share/man', '/usr/share/info', '/usr/share/locale'])

/** Regular files and links below /usr in the order of their paths: { path, size, file }. */
function listUsr() {
  const found = []
  const pending = ['/usr']
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(path)) pending.push(path)
      } else if (entry.isFile()) found.push({ path, size: statSync(path).size, file: true })
      else if (entry.isSymbolicLink()) found.push({ path, size: 0, file: false })
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Chooses from a list until there are at least so many files and bytes: all small files, again and again under another
 * name as long as files are missing, then large ones, then `filler` bytes.
 */
export function choose(list, { files, bytes }) {
  const small = list.filter((entry) => entry.size <= SMALL)
  const large = list.filter((entry) => entry.size > SMALL)
  const each = small.filter((entry) => entry.file).length
  const chosen = []
  let [count, sum] = [0, 0]
  const take = (entry, copy) => {
    chosen.push({ ...entry, copy })
    count += entry.file ? 1 : 0
    sum += entry.size
  }
  for (let copy = 1; each > 0 && count < files; copy++) {
    for (const entry of small) if (count < files && sum < bytes) take(entry, copy)
    if (sum >= bytes) break
  }
  for (const entry of large) if (sum + entry.size <= bytes) take(entry, 1)
  return { chosen, filler: Math.max(0, bytes - sum) }
}

/** Cuts a list into so many runs of about equal size, none of which holds two copies of one file. */
export function cut(chosen, layers) {
  const sorted = [...chosen].sort((a, b) => a.copy - b.copy || (a.path < b.path ? -1 : 1))
  const weight = (entry) => entry.size + 4096
  const share = sorted.reduce((sum, entry) => sum + weight(entry), 0) / layers
  const runs = []
  let filled = Infinity
  for (const entry of sorted) {
    if (filled >= share || runs.at(-1)?.[0].copy !== entry.copy) {
      runs.push([])
      filled = 0
    }
    runs.at(-1).push(entry)
    filled += weight(entry)
  }
  return runs
}

/** Makers of layers with copies of this machine's /usr. */
export function usrLayers({ files, bytes, layers }) {
  const { chosen, filler } = choose(listUsr(), { files, bytes })
  const makers = cut(chosen, layers).map((run) => () => packed(run))
  return filler < MIB ? makers : [...makers, () => randomFiles('filler', Math.ceil(filler / (64 * MIB)), 64 * MIB)]
}

/** What an image needs to run at all: the files of another image. */
export function imageFiles(docker, image) {
  return async () => {
    const { stdout } = await docker('create', image)
    const id = stdout.trim()
    const child = spawn('docker', ['export', id], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.once('close', () => void docker('rm', id))
    return child.stdout
  }
}

function packed(run) {
  const child = spawn(
    'tar',
    [
      ...['-c', '-C', '/', '--null', '--no-recursion', '--numeric-owner', '--owner=0', '--group=0', '--mtime=@0'],
      ...[`--transform=flags=rh;s,^,copy${run[0].copy}/,`, '-T', '-', '-f', '-']
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] }
  )
  child.stdin.end(run.map((entry) => `${entry.path.slice(1)}\0`).join(''))
  return child.stdout
}

/** The header of a regular file in a ustar archive. */
function header(name, size) {
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0, 100, 'latin1')
  block.write('0000644\0' + '0000000\0' + '0000000\0', 100, 'latin1')
  block.write(`${size.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124, 'latin1')
  block.write(' '.repeat(8) + '0', 148, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1'
  )
  return block
}

/** A layer of files with random content: nothing can be compressed, deduplicated or guessed. */
export function randomFiles(folder, count, size) {
  return Readable.from(
    (function* () {
      for (let index = 0; index < count; index++) {
        yield header(`${folder}/${index}.bin`, size)
        for (let left = size; left > 0; left -= MIB) yield randomFillSync(Buffer.allocUnsafe(Math.min(left, MIB)))
        yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
      }
      yield Buffer.alloc(2 * BLOCK)
    })()
  )
}

/** A layer of empty files, a thousand a directory. */
export function emptyFiles(count) {
  return Readable.from(
    (function* () {
      for (let first = 0; first < count; first += 1000) {
        const names = Array.from({ length: Math.min(1000, count - first) }, (_, index) => `empty/${first}/${index}.txt`)
        yield Buffer.concat(names.map((name) => header(name, 0)))
      }
      yield Buffer.alloc(2 * BLOCK)
    })()
  )
}
