/** File system types by what they mean for a secret. */

/** f_type of statfs(2). */
const MAGIC = new Map<number, string>([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
  [0x794c7630, 'overlay'],
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x65735546, 'fuse'],
  [0x6969, 'nfs']
])

/** The name for a number of statfs; null when it is none that we know. */
export function fstypeOf(magic: number): string | null {
  return MAGIC.get(magic) ?? null
}

const MEMORY = new Set(['tmpfs', 'ramfs'])

/** Interfaces of the kernel: no disk behind them, and nothing of a program's data to read. */
const KERNEL = new Set([
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'devpts',
  'devtmpfs',
  'mqueue',
  'securityfs',
  'debugfs',
  'tracefs',
  'bpf',
  'pstore',
  'configfs',
  'selinuxfs',
  'binfmt_misc',
  'nsfs',
  'hugetlbfs'
])

/** Whether files of this type are kept in memory only (and in swap). */
export function isMemory(fstype: string): boolean {
  return MEMORY.has(fstype)
}

/** Whether it is an interface of the kernel. */
export function isKernel(fstype: string): boolean {
  return KERNEL.has(fstype)
}
