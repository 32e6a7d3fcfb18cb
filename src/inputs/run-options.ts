/** Judges the `run-options` input: what would break the check, and what would void its proof. */
import { posix } from 'node:path'
import { isOn, type OptionWord } from './option-words.js'

/** Why an option cannot be used. `hard`: it breaks the check itself, and no `ignore` helps. */
export interface Refusal {
  option: OptionWord
  reason: string
  hard: boolean
  /** The input to use instead. */
  instead: string | null
}

type Judge = (option: OptionWord) => string | null

const always =
  (reason: string): Judge =>
  () =>
    reason
const whenOn =
  (reason: string): Judge =>
  (option) =>
    isOn(option) ? reason : null

/** Options that an input stands for, by which the check knows of them. */
const INPUT_INSTEAD: Record<string, string> = {
  entrypoint: 'entrypoint',
  user: 'user',
  env: 'env',
  network: 'network',
  net: 'network',
  memory: 'memory',
  'memory-swap': 'memory',
  'read-only': 'read-only',
  tmpfs: 'tmpfs',
  platform: 'platform',
  pull: 'pull'
}

/** Options that break the check: it has to decide on these itself. */
const BREAKING: Record<string, Judge> = {
  'log-driver': always(
    'a log of the engine would put what the program prints on disk; the check takes the output itself.'
  ),
  'log-opt': always(
    'a log of the engine would put what the program prints on disk; the check takes the output itself.'
  ),
  name: always('the check names and removes its container itself; two runs at once would collide.'),
  cidfile: always('the check keeps the ID itself.'),
  rm: whenOn('the container has to be looked at after it ended; the check removes it.'),
  restart: always('a restarted container has a fresh tmpfs: what was seen would not be what is looked at.'),
  attach: always('the check attaches by itself.'),
  detach: whenOn('the check attaches by itself.'),
  'detach-keys': always('the check attaches by itself.'),
  'sig-proxy': always('the check attaches by itself.'),
  interactive: whenOn('nobody is there to type.'),
  tty: whenOn('a terminal mixes stdout and stderr, and wraps what the program prints.'),
  help: whenOn('it only prints help.'),
  quiet: whenOn('the check reads what the engine says.'),
  label: (option) =>
    (option.value ?? '').startsWith('tmpfs-check.') ? "these labels are the check's own: it cleans up by them." : null,
  'label-file': always('give each label by `--label`: labels of the check itself could be in the file.')
}

const HOST_NAMESPACE = 'it lets the program see or reach beyond the container, where the check does not look.'
const hostNamespace: Judge = (option) => (/^(host|container:.*)$/.test(option.value ?? '') ? HOST_NAMESPACE : null)

/** Options that void the proof: with them the program could undo or escape what was looked at. */
const VOIDING: Record<string, Judge> = {
  privileged: whenOn('the program could unmount the tmpfs, mount over it and reach the disks of the host.'),
  pid: hostNamespace,
  ipc: hostNamespace,
  userns: hostNamespace,
  cgroupns: hostNamespace,
  device: always('through a device the program can write to a disk that the check does not look at.'),
  'device-cgroup-rule': always('through a device the program can write to a disk that the check does not look at.'),
  'use-api-socket': whenOn('whoever reaches the engine is root on the host.'),
  'volumes-from': always('mounts of another container are not known beforehand; name them by `--volume`.'),
  'cap-add': (option) => capability(option.value ?? ''),
  'security-opt': (option) => securityOption(option.value ?? ''),
  volume: (option) => source((option.value ?? '').split(':')[0] ?? ''),
  mount: (option) => source(mountField(option, 'source') ?? '') ?? deviceOf(option)
}

/** Every option that cannot be used, in their order. */
export function judgeRunOptions(options: readonly OptionWord[]): Refusal[] {
  return options.flatMap((option): Refusal[] => {
    const instead = inputInstead(option)
    if (instead !== null) return [{ option, reason: useInput(instead), hard: true, instead }]
    const breaks = judge(BREAKING, option)
    if (breaks !== null) return [{ option, reason: breaks, hard: true, instead: null }]
    const voids = judge(VOIDING, option)
    return voids === null ? [] : [{ option, reason: voids, hard: false, instead: null }]
  })
}

/** Why an option is refused that an input stands for. */
export function useInput(input: string): string {
  return `use the input \`${input}\`, so that the check knows of it.`
}

function inputInstead(option: OptionWord): string | null {
  if (option.name === 'mount' && mountField(option, 'type') === 'tmpfs') return 'tmpfs'
  return Object.hasOwn(INPUT_INSTEAD, option.name) ? (INPUT_INSTEAD[option.name] ?? null) : null
}

function judge(table: Record<string, Judge>, option: OptionWord): string | null {
  return Object.hasOwn(table, option.name) ? (table[option.name]?.(option) ?? null) : null
}

/** capabilities(7): each of these can mount, read any process or file, or load code into the kernel. */
const VOIDING_CAPABILITIES = ['ALL', 'SYS_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH']

function capability(value: string): string | null {
  const name = value.toUpperCase().replace(/^CAP_/, '')
  return VOIDING_CAPABILITIES.includes(name)
    ? 'with this capability the program can mount over the tmpfs or reach files outside of the container.'
    : null
}

function securityOption(value: string): string | null {
  return /^(seccomp|apparmor|systempaths)\s*[=:]\s*unconfined$/i.test(value.trim())
    ? 'unconfined, the program may call what mounts and unmounts.'
    : null
}

/** Places that hold an engine's socket or its files; a mount of one, or of a directory above it, is as good as root. */
const ENGINE_PLACES = [
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/var/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/var/run/podman/podman.sock',
  '/run/crio/crio.sock',
  '/var/lib/docker',
  '/var/lib/containerd'
]
/** Sockets elsewhere, and the directories of rootless engines' sockets. */
const ENGINE_PATH = /\/(docker|podman|containerd|crio)\.sock$|^(\/var)?\/run\/user(\/\d+)?$/
/** File systems of the kernel: they show the host's processes, memory and disks. */
const KERNEL_PLACES = ['/proc', '/sys', '/dev']

function source(path: string): string | null {
  if (!path.startsWith('/')) return null
  const plain = posix.resolve(path)
  const above = (place: string): boolean => plain === '/' || place === plain || place.startsWith(`${plain}/`)
  const below = (place: string): boolean => plain === place || plain.startsWith(`${place}/`)
  const engine = ENGINE_PLACES.some((place) => above(place) || below(place)) || ENGINE_PATH.test(plain)
  if (engine)
    return 'whoever reaches the engine or its files is root on the host, and can write where the check does not look.'
  if (KERNEL_PLACES.some(below) && !below('/dev/shm'))
    return 'it shows the program the processes and disks of the host.'
  return null
}

/** Device of a volume made by the way: `volume-opt=device=/`. */
function deviceOf(option: OptionWord): string | null {
  const fields = (option.value ?? '').split(',').map((field) => field.trim().replace(/^"|"$/g, ''))
  const devices = fields
    .map((field) => /^volume-opt=device=(.*)$/i.exec(field)?.[1])
    .filter((device) => device !== undefined)
  return devices.map(source).find((reason) => reason !== null) ?? null
}

function mountField(option: OptionWord, name: 'type' | 'source'): string | null {
  const keys = name === 'source' ? ['source', 'src'] : [name]
  for (const field of (option.value ?? '').split(',')) {
    const equals = field.indexOf('=')
    const key = field.slice(0, equals).trim().replace(/^"/, '').toLowerCase()
    if (equals >= 0 && keys.includes(key))
      return field
        .slice(equals + 1)
        .trim()
        .replace(/"$/, '')
  }
  return null
}
