/** Where a sparse file holds data: Node has no SEEK_DATA, so a helper that has it is asked. */
import { execFileSync } from 'node:child_process'

const HELPER_MS = 20_000
/** lseek(2), SEEK_DATA 3 and SEEK_HOLE 4; the path comes on stdin, for it may hold a secret. */
const PYTHON = `import os,sys
fd=os.open(sys.stdin.buffer.read(),os.O_RDONLY|os.O_NOFOLLOW|os.O_NONBLOCK)
at=0
end=os.fstat(fd).st_size
while at<end:
  try: at=os.lseek(fd,at,os.SEEK_DATA)
  except OSError: break
  hole=os.lseek(fd,at,os.SEEK_HOLE)
  print(at,hole)
  at=hole
`

/** The ranges of a file that hold data; the whole file where no helper could tell. */
export function dataRanges(path: string, latin1: boolean, size: number): { from: number; to: number }[] {
  try {
    const answer = execFileSync('python3', ['-I', '-S', '-c', PYTHON], {
      input: Buffer.from(path, latin1 ? 'latin1' : 'utf8'),
      timeout: HELPER_MS,
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['pipe', 'pipe', 'ignore']
    })
    return answer
      .toString()
      .split('\n')
      .filter((line) => /^\d+ \d+$/.test(line))
      .map((line) => line.split(' ').map(Number))
      .map(([from = 0, to = 0]) => ({ from, to: Math.min(to, size) }))
  } catch {
    // No python3, or a file system that cannot tell: every byte is read, holes too, which only costs time.
    return [{ from: 0, to: size }]
  }
}
