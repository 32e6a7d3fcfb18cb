/**
 * The options of a tmpfs, in the words of `docker run --tmpfs` and `--mount`.
 *
 * Accepted are those of moby (vendor/github.com/moby/sys/mount/flags_unix.go, MergeTmpfsOptions; the same from Docker
 * 20.10 to 28), less `remount`, bind and propagation words, which make no tmpfs. Docker refuses a wrong one only at the
 * start of the container; here it is told before anything is made.
 */
import { printable } from './problems.js'
import { SIZE_WORDS, sizeBytes } from './size.js'

/** What the options of one spec say; see TmpfsSpec for the units. */
export interface TmpfsOptions {
  size: number | null
  sizePercent: number | null
  mode: string | null
  uid: number | null
  gid: number | null
  readOnly: boolean
  flags: string[]
  other: string[]
}

/** No option at all. */
export function noOptions(): TmpfsOptions {
  return { size: null, sizePercent: null, mode: null, uid: null, gid: null, readOnly: false, flags: [], other: [] }
}

/** A flag with the one it contradicts. */
const FLAGS: Record<string, string> = {
  exec: 'noexec',
  suid: 'nosuid',
  dev: 'nodev',
  sync: 'async',
  mand: 'nomand',
  atime: 'noatime',
  diratime: 'nodiratime',
  relatime: 'norelatime',
  strictatime: 'nostrictatime',
  rw: 'ro',
  dirsync: '',
  defaults: ''
}
const ALL_FLAGS = [...Object.keys(FLAGS), ...Object.values(FLAGS)].filter((flag) => flag !== '')
const KEYS = ['size', 'mode', 'uid', 'gid', 'nr_inodes', 'nr_blocks', 'mpol']

const NOT_A_TMPFS = /^(remount|r?bind|r?(private|shared|slave|unbindable))$/
/** The largest ID; 2^32 - 1 means "no change" to the kernel. */
const LAST_ID = 2 ** 32 - 2

/** Why an option cannot be used; null when it was taken into `options`. */
type Refusal = string | null

/** Reads the options after the colon of a `--tmpfs` word. Returns them and every refusal. */
export function tmpfsOptions(text: string): { options: TmpfsOptions; refusals: string[] } {
  const options = noOptions()
  const seen = new Set<string>()
  const refusals = text.split(',').map((word) => takeWord(word.trim(), options, seen))
  if (seen.has('size') && seen.has('nr_blocks')) refusals.push('`size` and `nr_blocks` both set the size: keep `size`.')
  return { options, refusals: refusals.filter((refusal) => refusal !== null) }
}

function takeWord(word: string, options: TmpfsOptions, seen: Set<string>): Refusal {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  if (seen.has(name)) return `\`${printable(name)}\` is given twice.`
  seen.add(name)
  return equals < 0 ? takeFlag(name, options, seen) : takeKey(name, word.slice(equals + 1), options)
}

function takeFlag(flag: string, options: TmpfsOptions, seen: ReadonlySet<string>): Refusal {
  if (!ALL_FLAGS.includes(flag)) return unknown(flag)
  const opposite = FLAGS[flag] ?? Object.keys(FLAGS).find((key) => FLAGS[key] === flag) ?? ''
  if (opposite !== '' && seen.has(opposite)) return `\`${opposite}\` and \`${flag}\` contradict each other.`
  if (flag === 'ro') options.readOnly = true
  else if (flag !== 'rw' && flag !== 'defaults') options.flags.push(flag)
  return null
}

function takeKey(key: string, value: string, options: TmpfsOptions): Refusal {
  switch (key) {
    case 'size':
      return takeSize(value, options, true)
    case 'mode':
      return takeMode(value, options)
    case 'uid':
    case 'gid':
      return takeId(key, value, options)
    case 'nr_inodes':
    case 'nr_blocks':
      if (!/^\d{1,15}[kmg]?$/i.test(value)) return `\`${key}\` must be a whole number with \`k\`, \`m\` or \`g\`.`
      options.other.push(`${key}=${value}`)
      return null
    case 'mpol':
      if (!/^[a-z]+(=[a-z]+)?(:[0-9-]+)?$/.test(value)) return '`mpol` must be like `interleave` or `bind:0-1`.'
      options.other.push(`mpol=${value}`)
      return null
    default:
      return unknown(key)
  }
}

function takeSize(value: string, options: TmpfsOptions, percent: boolean): Refusal {
  const share = /^(\d{1,3})%$/.exec(value)
  if (percent && share) {
    const number = Number(share[1])
    if (number < 1 || number > 100) return '`size` in per cent of the memory must be from 1% to 100%.'
    options.sizePercent = number
    return null
  }
  const bytes = sizeBytes(value)
  if (bytes === null) return `the size must be ${SIZE_WORDS}${percent ? ', or a share of the memory like `10%`' : ''}.`
  options.size = bytes
  return null
}

function takeMode(value: string, options: TmpfsOptions): Refusal {
  if (!/^0?[0-7]{1,4}$/.test(value)) return 'the mode must be octal digits from 0 to 7777, like `1770` or `0700`.'
  options.mode = Number.parseInt(value, 8).toString(8)
  return null
}

function takeId(key: 'uid' | 'gid', value: string, options: TmpfsOptions): Refusal {
  if (!/^\d{1,10}$/.test(value) || Number(value) > LAST_ID) {
    return `\`${key}\` must be a number (the kernel knows no names): \`id -${key.charAt(0)} NAME\` in the image prints it.`
  }
  options[key] = Number(value)
  return null
}

function unknown(name: string): string {
  if (name === 'noswap') {
    return 'Docker refuses `noswap`. To keep the pages off the disk set the `memory` input, which forbids the container to swap.'
  }
  if (NOT_A_TMPFS.test(name)) return `\`${name}\` makes no new tmpfs.`
  const words = [...KEYS.map((key) => `${key}=`), ...ALL_FLAGS].join(', ')
  return `Docker knows no tmpfs option \`${printable(name)}\`. It takes: ${words}. A colon cannot be part of the path.`
}

const MOUNT_ALIAS: Record<string, string> = { destination: 'dst', target: 'dst', ro: 'readonly' }
const ONLY_TMPFS_FORM = /^(uid|gid|size|mode|nr_inodes|nr_blocks|mpol|exec|noexec|suid|nosuid|dev|nodev|noatime)$/

/**
 * Reads a `--mount` word: `type=tmpfs,dst=/path,tmpfs-size=16k,tmpfs-mode=1770,readonly`. Keys are those of docker/cli
 * opts/mount.go for a tmpfs. The path is as written; null when none was given.
 */
export function mountOptions(text: string): { path: string | null; options: TmpfsOptions; refusals: string[] } {
  const options = noOptions()
  const fields = new Map<string, string | null>()
  const refusals: Refusal[] = []
  for (const word of text.split(',').map((each) => each.trim())) {
    const equals = word.indexOf('=')
    const key = (equals < 0 ? word : word.slice(0, equals)).toLowerCase()
    const name = MOUNT_ALIAS[key] ?? key
    if (fields.has(name)) refusals.push(`\`${printable(name)}\` is given twice.`)
    fields.set(name, equals < 0 ? null : word.slice(equals + 1))
  }
  for (const [key, value] of fields) refusals.push(takeMountField(key, value, options))
  if (fields.get('type') !== 'tmpfs')
    refusals.push('must begin with `type=tmpfs`; without it Docker makes a volume on disk.')
  return { path: fields.get('dst') ?? null, options, refusals: refusals.filter((refusal) => refusal !== null) }
}

function takeMountField(key: string, value: string | null, options: TmpfsOptions): Refusal {
  if (key === 'type' || key === 'dst') return null
  if (key === 'readonly') {
    if (value !== null && !/^(true|1|false|0)$/.test(value)) return '`readonly` must be `true` or `false`.'
    options.readOnly = value === null || value === 'true' || value === '1'
    return null
  }
  if (key === 'tmpfs-size') return takeSize(value ?? '', options, false)
  if (key === 'tmpfs-mode') return takeMode(value ?? '', options)
  if (ONLY_TMPFS_FORM.test(key)) {
    return `\`--mount\` has no \`${key}\`: use the \`--tmpfs\` form, \`/path:size=16k,mode=1770,uid=1000\`.`
  }
  return `\`--mount type=tmpfs\` has no \`${printable(key)}\`. It takes: type, dst (destination, target), tmpfs-size, tmpfs-mode, readonly (ro).`
}
