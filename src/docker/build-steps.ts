/**
 * Which images the legacy builder makes: one a step, told in its output as ` ---> 0123456789ab` (moby
 * builder/dockerfile, 20.10; the same with DOCKER_BUILDKIT=0 up to 28). They bear no label, stay when the build fails, and
 * those of earlier stages are no ancestors of the image.
 */
const STEP = /^ ---> ([0-9a-f]{12})\r?$/
/** No line that matters is longer. */
const LONGEST = 32

export class StepImages {
  readonly #tell: (shortId: string) => void
  /** The beginning of a line; a line that is too long is passed over. */
  #line = ''

  /** `tell` gets each ID once it is told, oldest first; a step from the cache too. */
  constructor(tell: (shortId: string) => void) {
    this.#tell = tell
  }

  push(chunk: Uint8Array): void {
    const lines = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1').split('\n')
    const rest = lines.pop() ?? ''
    for (const line of lines) {
      const id = STEP.exec(this.#line + line)?.[1]
      if (id !== undefined) this.#tell(id)
      this.#line = ''
    }
    this.#line = (this.#line + rest).slice(0, LONGEST)
  }
}
