import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { StepImages } from '../../src/docker/build-steps.js'

/** Of `docker build`, 20.10, without BuildKit. */
const OUTPUT = `Sending build context to Docker daemon  3.072kB\r\r
Step 1/4 : FROM busybox:1.36
 ---> 00134f7b2b03
Step 2/4 : RUN echo ' ---> ffffffffffff' is no line of its own
 ---> Using cache
 ---> 5482534b39fc
Step 3/4 : RUN yes | head -c 100 | tr -d '\\n'
 ---> Running in 43216417679d
yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy ---> 000000000000
Removing intermediate container 43216417679d
 ---> 432164176795
Successfully built 432164176795
`
const STEPS = ['00134f7b2b03', '5482534b39fc', '432164176795']

function steps(chunks: readonly Uint8Array[]): string[] {
  const told: string[] = []
  const images = new StepImages((id) => told.push(id))
  for (const chunk of chunks) images.push(chunk)
  return told
}

describe('StepImages', () => {
  it('tells the image of each step, oldest first', () => {
    expect(steps([Buffer.from(OUTPUT)])).toEqual(STEPS)
  })

  it('does so however the output is cut', () => {
    const bytes = Buffer.from(OUTPUT)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const ends = [...cuts, bytes.length].sort((a, b) => a - b)
        expect(steps(ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)))).toEqual(STEPS)
      })
    )
  })
})
