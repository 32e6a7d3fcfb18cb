/** PAX extended header records (POSIX.1-2017 pax, "pax Header Block"): lines of `LENGTH KEY=VALUE`, LENGTH counting all of it. */

export interface PaxRecord {
  key: string
  /** Range of the value in the records' bytes; a value may hold anything, newlines and NULs too. */
  from: number
  to: number
}

const NEWLINE = 0x0a
const SPACE = 0x20
const EQUALS = 0x3d
/** Keys whose value is a name and cannot hold a NUL, as Go's archive/tar has it. */
const NAMES = new Set(['path', 'linkpath', 'uname', 'gname'])

/** The records of one extended header. */
export class PaxRecords {
  readonly bytes: Buffer
  readonly all: readonly PaxRecord[]

  private constructor(bytes: Buffer, all: readonly PaxRecord[]) {
    this.bytes = bytes
    this.all = all
  }

  /** null: malformed. */
  static parse(bytes: Buffer): PaxRecords | null {
    const all: PaxRecord[] = []
    for (let at = 0; at < bytes.length;) {
      const record = parseRecord(bytes, at)
      if (record === null) return null
      all.push(record)
      at = record.to + 1
    }
    return new PaxRecords(bytes, all)
  }

  /** The value of the last record of this key; undefined when there is none, or an empty one, which takes it back. */
  value(key: string): Buffer | undefined {
    const record = this.all.findLast((one) => one.key === key)
    return record === undefined || record.from === record.to ? undefined : this.bytes.subarray(record.from, record.to)
  }

  text(key: string): string | undefined {
    return this.value(key)?.toString('latin1')
  }

  /** The key in whose record the byte at `position` lies. */
  keyAt(position: number): string {
    let low = 0
    let high = this.all.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (position <= (this.all[middle] as PaxRecord).to) high = middle
      else low = middle + 1
    }
    return this.all[low]?.key ?? ''
  }
}

function parseRecord(bytes: Buffer, at: number): PaxRecord | null {
  let length = 0
  let from = at
  for (; from < at + 8 && bytes[from] !== SPACE; from++) {
    const digit = (bytes[from] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return null
    length = length * 10 + digit
  }
  const to = at + length - 1
  const equals = bytes.indexOf(EQUALS, from)
  if (bytes[from] !== SPACE || bytes[to] !== NEWLINE || equals <= from + 1 || equals >= to) return null
  const key = bytes.toString('latin1', from + 1, equals)
  if (key.includes('\0') || (NAMES.has(key) && bytes.subarray(equals + 1, to).includes(0))) return null
  return { key, from: equals + 1, to }
}
