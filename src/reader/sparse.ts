/** Where a sparse file holds data: Node has no SEEK_DATA, so a helper of the host that has it is asked. */
import { execFileSync } from 'node:child_process'
import type { Range } from '../scan/walk-types.js'
import { HELPER_ENV } from './helpers.js'

const HELPER_MS = 20_000
const ANSWER_BYTES = 16 * 1024 * 1024
/** Nearer ones are read as one: a hole is read faster than a range is begun. */
const GAP_BYTES = 1024 * 1024

/** lseek(2): SEEK_DATA is 3, SEEK_HOLE 4 on Linux. The argument is a descriptor of ours, no path of the image. */
const PYTHON = `import os,sys
fd=os.open(sys.argv[1],os.O_RDONLY|os.O_NONBLOCK)
at=0
while True:
  try: at=os.lseek(fd,at,3)
  except OSError as e:
    if e.errno!=6: raise
    break
  hole=os.lseek(fd,at,4)
  print(at,hole)
  at=hole
`
const PERL = `use strict; sysopen(my $f,$ARGV[0],0) or exit 1; my $at=0;
while (1) { my $d=sysseek($f,$at,3); last unless defined $d; my $h=sysseek($f,$d+0,4); exit 1 unless defined $h;
print $d+0," ",$h+0,"\\n"; $at=$h+0; } exit($!{ENXIO} ? 0 : 1);`

const HELPERS = [
  { file: 'python3', args: ['-I', '-S', '-c', PYTHON] },
  { file: 'perl', args: ['-MErrno', '-e', PERL] }
]

/** The ranges of an open file that hold data; the whole file where no helper can tell: every byte is read then. */
export function dataRanges(fd: number, size: number): Range[] {
  for (const { file, args } of HELPERS) {
    try {
      const answer = execFileSync(file, [...args, `/proc/${process.pid}/fd/${fd}`], {
        env: HELPER_ENV,
        timeout: HELPER_MS,
        maxBuffer: ANSWER_BYTES,
        stdio: ['ignore', 'pipe', 'ignore']
      })
      return merged(parseRanges(answer.toString('latin1'), size))
    } catch {
      // Not installed, or the file system cannot tell: the next helper, or all bytes, which only costs time.
      continue
    }
  }
  return [{ from: 0, to: size }]
}

function parseRanges(answer: string, size: number): Range[] {
  return answer
    .split('\n')
    .filter((line) => /^\d+ \d+$/.test(line))
    .map((line) => line.split(' ').map(Number))
    .map(([from = 0, to = 0]) => ({ from, to: Math.min(to, size) }))
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges) {
    const last = result.at(-1)
    if (last !== undefined && range.from - last.to < GAP_BYTES) last.to = range.to
    else result.push({ ...range })
  }
  return result
}
