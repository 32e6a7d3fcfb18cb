import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Host, openHost, type HostOptions } from '../../src/sources/host.js'
import type { WireHit } from '../../src/reader/protocol.js'
import { directory } from '../scan/walk-support.js'

const hosts: Host[] = []
afterEach(() => {
  for (const host of hosts.splice(0)) host.close()
})

/** A stand-in for the reader: `on(request, say)` answers. */
function reader(on: string): string {
  const path = join(directory(), 'reader.mjs')
  writeFileSync(
    path,
    `import { createInterface } from 'node:readline'
    const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n')
    const on = ${on}
    createInterface({ input: process.stdin }).on('line', (line) => {
      const request = JSON.parse(line)
      if (request.op === 'hello') say({ id: request.id, done: { uid: 0 } })
      else on(request, say)
    })
    process.stdin.once('end', () => process.exit(0))`
  )
  return path
}

async function open(on: string, options: Partial<HostOptions> = {}): Promise<Host> {
  const signal = new AbortController().signal
  const host = await openHost({ program: reader(on), env: {}, signal, uid: 0, ...options })
  if (!(host instanceof Host)) throw new Error(host.reason)
  hosts.push(host)
  return host
}

const swap = { op: 'swap' } as const

describe('openHost', () => {
  const signal = new AbortController().signal

  it('gives the reason where the reader is missing, does not start or is not root', async () => {
    expect(await openHost({ program: '/nothing', env: {}, signal, uid: 0 })).toEqual({
      reason: 'the reader is missing from dist/'
    })
    const broken = join(directory(), 'reader.mjs')
    writeFileSync(broken, 'process.exit(3)')
    expect(await openHost({ program: broken, env: {}, signal, uid: 0 })).toEqual({
      reason: 'the reader could not be started (the reader ended)'
    })
    writeFileSync(broken, `process.stdin.on('data', () => console.log('{"id":1,"done":{"uid":1001}}'))`)
    expect(await openHost({ program: broken, env: {}, signal, uid: 0 })).toEqual({
      reason: 'the reader could not be started (the reader does not run as root)'
    })
  })

  it.each([
    ['is missing', null],
    ['refuses', 'exit 1']
  ])('says what would help where sudo %s', async (_, script) => {
    const bin = directory()
    if (script !== null) {
      writeFileSync(join(bin, 'sudo'), `#!/bin/sh\n${script}\n`)
      chmodSync(join(bin, 'sudo'), 0o755)
    }
    const opened = await openHost({ program: reader('() => {}'), env: { PATH: bin }, signal, uid: 1001 })
    expect('reason' in opened ? opened.reason : '').toContain('passwordless sudo')
  })

  it('asks sudo for no password, and hands on nothing of our environment', async () => {
    const bin = directory()
    const seen = join(bin, 'seen')
    writeFileSync(join(bin, 'sudo'), `#!/bin/sh\necho "$@" > ${seen}\nenv > ${seen}.env\nshift 2\nexec "$@"\n`)
    chmodSync(join(bin, 'sudo'), 0o755)
    process.env['TMPFS_CHECK_TEST'] = 'ours'
    const env = { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) }
    const host = await open('(request, say) => say({ id: request.id, done: process.env.TMPFS_CHECK_TEST ?? null })', {
      uid: 1001,
      env
    })
    delete process.env['TMPFS_CHECK_TEST']
    expect(await host.ask(swap, { timeoutMs: 5000 })).toBeNull()
  })
})

describe('Host', () => {
  it('tells answers apart, whatever their order', async () => {
    const host = await open(`(() => { const held = []; return (request, say) => {
      held.push(request)
      if (held.length === 3) for (const each of held.reverse()) say({ id: each.id, done: each.pid })
    } })()`)
    const ask = (pid: number): Promise<unknown> =>
      host.ask({ op: 'container', pid, containerId: '' }, { timeoutMs: 5000 })
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([1, 2, 3])
  })

  it('gives hits and progress before the answer', async () => {
    const host = await open(`(request, say) => {
      say({ id: request.id, hit: { path: '/a' } }); say({ id: request.id, progress: { items: 1, bytes: 2 } })
      say({ id: request.id + 100, hit: { path: '/of nobody' } }); say({ id: request.id, done: 'end' })
    }`)
    const seen: unknown[] = []
    const options = {
      timeoutMs: 5000,
      onHit: (hit: WireHit): void => {
        seen.push(hit.path)
      },
      onProgress: (progress: unknown): void => {
        seen.push(progress)
      }
    }
    expect(await host.ask(swap, options)).toBe('end')
    expect(seen).toEqual(['/a', { items: 1, bytes: 2 }])
  })

  it('rejects with the reason of the reader', async () => {
    const host = await open(`(request, say) => say({ id: request.id, error: 'the container has ended' })`)
    await expect(host.ask(swap, { timeoutMs: 5000 })).rejects.toThrow('host view: the container has ended')
  })

  it('gives up at the deadline and tells the reader to stop', async () => {
    const host = await open(`(() => { let cancelled = null; return (request, say) => {
      if ('cancel' in request) cancelled = request.cancel
      else if (request.op === 'verify') say({ id: request.id, done: cancelled })
    } })()`)
    await expect(host.ask(swap, { timeoutMs: 200 })).rejects.toThrow('host view: no answer in 1 s')
    expect(await host.ask({ op: 'verify' }, { timeoutMs: 5000 })).toBe(2)
  })

  it('gives up when told', async () => {
    const host = await open('() => {}')
    const controller = new AbortController()
    const asked = host.ask(swap, { timeoutMs: 10_000, signal: controller.signal })
    controller.abort()
    await expect(asked).rejects.toThrow('host view: cancelled')
    await expect(host.ask(swap, { timeoutMs: 5000, signal: controller.signal })).rejects.toThrow('cancelled')
  })

  it('rejects whoever waits when the reader ends, and all who come later', async () => {
    const host = await open(`() => { process.exit(1) }`)
    await expect(host.ask(swap, { timeoutMs: 10_000 })).rejects.toThrow('host view: the reader ended')
    await expect(host.ask(swap, { timeoutMs: 10_000 })).rejects.toThrow('host view: the reader ended')
  })

  // What is dropped may have been a hit.
  it.each([
    ['half a line', `process.stdout.write('{"id":2,"do'); process.exit(1)`],
    ['a hit cut in two', `process.stdout.write('{"id":2,"hit":{"pa\\n'); say({ id: request.id, done: 'all is well' })`],
    ['nothing', `process.stdout.write('\\n'); say({ id: request.id, done: 'all is well' })`],
    ['null', `say(null); say({ id: request.id, done: 'all is well' })`],
    ['no kind of answer', `say({ id: request.id }); say({ id: request.id, done: 'all is well' })`],
    ['no id', `say({ done: 'all is well' }); say({ id: request.id, done: 'all is well' })`]
  ])('gives up a reader that says %s', async (_, says) => {
    const host = await open(`(request, say) => { ${says} }`)
    const reason = 'host view: the reader said something that is no answer'
    const asked = [host.ask(swap, { timeoutMs: 10_000 }), host.ask(swap, { timeoutMs: 10_000 })]
    for (const { status, ...rest } of await Promise.allSettled(asked)) {
      expect([status, 'reason' in rest ? String(rest.reason) : '']).toEqual(['rejected', `HostError: ${reason}`])
    }
    await expect(host.ask(swap, { timeoutMs: 10_000 })).rejects.toThrow(reason)
  })

  it('ends the reader with the run', async () => {
    const controller = new AbortController()
    const host = await open('() => {}', { signal: controller.signal })
    const asked = host.ask(swap, { timeoutMs: 10_000 })
    controller.abort()
    await expect(asked).rejects.toThrow('host view: the reader ended')
  })
})
