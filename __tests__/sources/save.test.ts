import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import * as zlib from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Matcher } from '../../src/scan/matcher.js'
import { readSave, type SaveScan } from '../../src/sources/save.js'
import { needle } from '../scan/support.js'
import { directory, END, file, header, pax, padded, tar } from '../scan/tar-support.js'
import {
  classic,
  classicOci,
  configOf,
  containerd,
  digestOf,
  diffIdsOf,
  GZIP,
  Layout,
  OK,
  PLAIN,
  read,
  words,
  type TestImage
} from './save-support.js'

const S = 'a-secret-value'
const COMPLETE = { state: 'complete', reason: null }

const image: TestImage = {
  layers: [
    tar(directory('app/'), file('app/env', `X=${S}`), file('app/kept', `12345${S}`), file('b.gz', gzipSync(S))),
    tar(file('app/.wh.env'), file('etc/x', 'x')),
    tar(file('same', S)),
    tar(file('same', S))
  ]
}
const found = ['0 /app/env content 2 deleted', '0 /app/kept content 5', '0 /b.gz! content 0', '2 /same content 0']

describe('every layout', () => {
  it.each<[string, Buffer]>([
    ['of Docker 20.10', classic(image)],
    ['of the classic store from Docker 25 on', classicOci(image)],
    ['of the containerd store', containerd(image)],
    ['with plain layers', containerd(image, [], PLAIN)],
    ['with attestations', containerd(image, ['{"predicateType":"p"}'])]
  ])('is searched whole: %s', async (_title, archive) => {
    for (const chunk of [1 << 16, 333]) {
      const scan = await read(archive, image, [S], { chunk })
      expect(words(scan)).toEqual(found)
      expect(scan.layers).toMatchObject({ source: 'layers', view: 'engine', ...COMPLETE })
      expect(scan.layers.items).toBeGreaterThanOrEqual(8)
      expect(scan.attestations.state).toBe('complete')
      expect(scan.configs).toEqual([configOf(image)])
      const digests = diffIdsOf(image)
      for (const { location } of scan.hits) {
        if (location.kind === 'layer') expect(location.digest).toBe(digests[location.index ?? -1])
      }
    }
  })

  it('of zstd layers, where Node.js can', async () => {
    const pack = {
      pack: (layer: Buffer) => zlib.zstdCompressSync(layer),
      type: 'application/vnd.oci.image.layer.v1.tar+zstd'
    }
    if ('zstdCompressSync' in zlib) {
      const scan = await read(containerd(image, [], pack), image, [S])
      expect(scan.layers).toMatchObject(COMPLETE)
      expect(words(scan)).toEqual(found)
    } else expect(() => pack.pack(END)).toThrow()
  })

  it('whatever the order of its files', async () => {
    const layout = new Layout()
    const manifest = layout.image(image)
    const files = layout.files([layout.index([manifest, layout.attestation(manifest, [`{"x":"${S}"}`])])])
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...files.keys()], { minLength: files.length }), async (order) => {
        const scan = await read(tar(...order.map((index) => files[index] ?? END)), image, [S])
        expect(words(scan)).toEqual([...found, 'attestation https://slsa.dev/provenance/v0.2 6'])
        expect([scan.layers.state, scan.attestations.state]).toEqual(['complete', 'complete'])
      }),
      { numRuns: 30 }
    )
  })

  it('takes an empty layer, and an image without any', async () => {
    const empty = { layers: [END, tar(file('a', S))] }
    const scan = await read(containerd(empty), empty, [S])
    expect(scan.layers).toMatchObject(COMPLETE)
    expect(words(scan)).toEqual(['1 /a content 0'])
    const none = { layers: [] }
    expect((await read(classic(none), none, [S])).layers).toMatchObject(COMPLETE)
    expect((await read(classic(none), none, [S], { id: digestOf('another') })).layers.state).toBe('failed')
  })
})

describe('where a secret can hide in a layer', () => {
  it.each<[string, Buffer, string]>([
    ['a name', tar(file(`x/${S}`)), `0 /x/${S} name -`],
    ['the name of a deleted file', tar(file(`x/.wh.${S}`)), `0 /x/.wh.${S} name -`],
    ['a link target', tar(file('l', '', { type: '2', linkname: S })), '0 /l link-target -'],
    ['an xattr', tar(pax({ 'SCHILY.xattr.user.x': S }), file('a')), '0 /a xattr -'],
    ['a PAX comment', tar(pax({ comment: S }), file('a')), '0 /a header 523'],
    ['a PAX comment for all', tar(pax({ comment: S }, 'g'), file('a')), '0 /a header 0'],
    ['a user name', tar(file('a', '', { uname: S })), '0 /a header 265'],
    ['padding', tar(header({ name: 'a', size: 3 }), padded('abc', S)), '0 /a header 515'],
    ['a name in an archive', tar(file('a.tgz', gzipSync(tar(file(S))))), `0 /a.tgz!${S} name -`]
  ])('%s', async (_title, layer, expected) => {
    for (const archive of [classic({ layers: [layer] }), containerd({ layers: [layer] })]) {
      const scan = await read(archive, { layers: [layer] }, [S])
      expect(words(scan)).toEqual([expected])
      expect(scan.layers).toMatchObject(COMPLETE)
    }
  })

  it('behind its end, which is not complete all the same', async () => {
    const layer = Buffer.concat([tar(file('a')), Buffer.from(S)])
    const scan = await read(classic({ layers: [layer] }), { layers: [layer] }, [S])
    expect(words(scan)).toEqual(['0 / header 1536'])
    expect(scan.layers).toMatchObject({ state: 'partial', reason: 'layer 0: there is something behind its end' })
  })
})

describe('what is deleted', () => {
  const base = [directory('a/'), directory('a/b/'), file('a/b/f', S), file('c', S)]
  it.each<[string, Buffer[], string[]]>([
    ['nothing', [file('a/other')], []],
    ['by a whiteout', [file('a/b/.wh.f')], ['/a/b/f']],
    ['by a whiteout of a folder above', [file('a/.wh.b')], ['/a/b/f']],
    ['by a whiteout at the root', [file('.wh.c')], ['/c']],
    ['by an opaque folder', [directory('a/b/'), file('a/b/.wh..wh..opq')], ['/a/b/f']],
    ['by an opaque folder further up', [file('a/.wh..wh..opq')], ['/a/b/f']],
    ['by an opaque root', [file('.wh..wh..opq')], ['/a/b/f', '/c']],
    ['by the same path', [file('./a/b/f', 'new')], ['/a/b/f']],
    ['by a folder of that name', [directory('c/')], ['/c']],
    ['by a file in place of a folder above', [file('a/b', 'now a file')], ['/a/b/f']],
    ['by a link in place of a folder above', [file('a', '', { type: '2', linkname: 'x' })], ['/a/b/f']],
    ['not by a folder that was there before', [directory('a/b/'), directory('a/')], []],
    ['not by names alike', [file('a/b/.wh.ff'), file('cc'), file('a/.wh.c')], []],
    ['by odd spellings', [file('/x/../c'), file('a//b/./.wh.f')], ['/a/b/f', '/c']]
  ])('%s', async (_title, above, expected) => {
    const layers = [tar(...base), tar(...above), tar(file('unrelated'))]
    const scan = await read(classic({ layers }), { layers }, [S])
    const deleted = words(scan).filter((hit) => hit.endsWith(' deleted'))
    expect(deleted.map((hit) => hit.split(' ')[1])).toEqual(expected)
  })

  it('not what a layer above brings again, nor what a lower layer had', async () => {
    const layers = [tar(file('.wh.f'), file('.wh.g')), tar(file('f', S)), tar(file('.wh.f')), tar(file('f', S))]
    expect(words(await read(classic({ layers }), { layers }, [S]))).toEqual(['1 /f content 0'])
  })

  it('goes for members by their archive, whose name may have an exclamation mark', async () => {
    const tgz = gzipSync(tar(file('m', S)))
    const layers = [
      tar(file('a!b.tgz', tgz), file('a', 'x'), file('c.tgz', tgz)),
      tar(file('.wh.a'), file('.wh.c.tgz'))
    ]
    expect(words(await read(classic({ layers }), { layers }, [S]))).toEqual([
      '0 /a!b.tgz!m content 0',
      '0 /c.tgz!m content 0 deleted'
    ])
  })
})

describe('files at a mount path', () => {
  it('are those that the final image shows', async () => {
    const layers = [
      tar(directory('app/tmp/'), file('app/tmp/.keep'), file('app/tmp/gone'), file('app/tmpx'), file('app/tmp/d/é')),
      tar(file('app/tmp/.wh.gone'), file('./app/tmp/.keep'), file('app/tmp/l', '', { type: '2', linkname: 'x' }))
    ]
    const { imageContent } = await read(classic({ layers }), { layers }, [S], { mountPaths: ['/app/tmp', '/x'] })
    expect([...imageContent]).toEqual([
      ['/app/tmp', { items: 3, examples: ['/app/tmp/d/é', '/app/tmp/.keep', '/app/tmp/l'] }],
      ['/x', { items: 0, examples: [] }]
    ])
  })

  it('are counted, and ten are named', async () => {
    const layers = [tar(...Array.from({ length: 12 }, (_, i) => file(`t/${i}`)))]
    const { imageContent } = await read(classic({ layers }), { layers }, [S], { mountPaths: ['/t'] })
    expect(imageContent.get('/t')).toMatchObject({ items: 12 })
    expect(imageContent.get('/t')?.examples).toHaveLength(10)
  })
})

describe('what is not complete', () => {
  const archives: [string, Buffer][] = [
    ['of Docker 20.10', classic(image)],
    ['of the containerd store', containerd(image, [`{"x":"${S}"}`])]
  ]

  it.each(archives)('an archive cut short anywhere: %s', async (_title, archive) => {
    for (let length = 0; length < archive.length; length += 512) {
      const { layers, attestations } = await read(archive.subarray(0, length), image, [S])
      expect([layers.state, attestations.state]).not.toContain('complete')
      expect([layers.reason, attestations.reason]).not.toContain(null)
    }
  })

  it.each(archives)('a command that failed, or was stopped: %s', async (_title, archive) => {
    for (const exit of [
      { code: 1, reason: 'exit code 1' },
      { code: null, reason: 'deadline of 3 s' },
      { code: 2, reason: null }
    ]) {
      const scan = await read(archive, image, [S], { exit })
      const reason = `docker save: ${exit.reason ?? 'did not succeed'}`
      expect(scan.layers).toMatchObject({ state: 'partial', reason })
      expect(scan.attestations).toMatchObject({ state: 'partial', reason })
      expect(scan.hits).not.toHaveLength(0)
    }
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['nothing but an end', END],
    ['HTML', Buffer.from('<html>'.repeat(500))],
    ['text that is short', Buffer.from('error')],
    ['another image', classic({ layers: [tar(file('other'))] })],
    ['another image, of the containerd store', containerd({ layers: [tar(file('other'))] })],
    ['the layers as files of a tar', tar(file('a', S))]
  ])('has failed: %s', async (_title, archive) => {
    const { layers, attestations } = await read(archive, image, [S])
    expect([layers.state, attestations.state]).toEqual(['failed', 'failed'])
    expect(layers.reason).toMatch(/./)
  })

  it('a stream that breaks', async () => {
    const archive = classic(image)
    const stream = Readable.from(
      (function* (): Generator<Buffer> {
        yield archive.subarray(0, 5000)
        throw Object.assign(new Error('foreign text'), { code: 'EPIPE' })
      })()
    )
    const request = {
      matcher: new Matcher([needle(0, S)]),
      image: { id: '', diffIds: diffIdsOf(image) },
      layers: true,
      mountPaths: []
    }
    const { layers } = await readSave(stream, Promise.resolve(OK), request)
    expect(layers.state).toBe('failed')
    expect(layers.reason).toMatch(/^docker save: its output broke off \(EPIPE\)/)
  })

  const without = (make: (layout: Layout) => void): Promise<SaveScan> => {
    const layout = new Layout()
    const top = layout.index([layout.image(image)])
    make(layout)
    return read(tar(...layout.files([top])), image, [S])
  }
  const second = gzipSync(image.layers[1] ?? END)

  it('an archive without one of the layers', async () => {
    const { layers } = await without((layout) => layout.blobs.delete(digestOf(second)))
    expect(layers).toMatchObject({
      state: 'partial',
      reason: `layer 1 (${diffIdsOf(image)[1]?.slice(0, 19) ?? ''}) is not in the archive, or not as it should be`
    })
  })

  it.each<[string, Buffer]>([
    ['other bytes', gzipSync(tar(file('app/.wh.env'), file('etc/x', 'y')))],
    ['nothing', Buffer.alloc(0)],
    ['a part of it', second.subarray(0, -20)],
    ['broken', Buffer.from(second).fill(0xff, 40, 80)],
    ['something behind', Buffer.concat([second, Buffer.from('x')])],
    ['text', Buffer.from('no layer at all')]
  ])('a layer that holds %s', async (_title, bytes) => {
    const { layers, attestations } = await without((layout) => layout.blobs.set(digestOf(second), bytes))
    expect(layers.state).toBe('partial')
    expect(attestations.state).toBe('partial')
  })

  it('a layer that is encrypted', async () => {
    const type = 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted'
    const scan = await read(containerd(image, [], { pack: () => Buffer.from('cipher text'), type }), image, [S])
    expect(scan.layers.state).toBe('failed')
    expect(scan.layers.reason).toMatch(/and 5 more$/)
    const other = new Layout()
    const top = [
      other.image(image),
      other.image({ layers: [tar(file('x'))] }, { pack: () => Buffer.from('cipher text'), type })
    ]
    expect((await read(tar(...other.files(top)), image, [S])).layers.reason).toMatch(
      /^a layer of type application\/vnd\.oci\.image\.layer\.v1\.tar\+gzip\+encrypted \(sha256:\w{12}\) cannot be read$/
    )
  })

  it('a layer whose tar is malformed, though its digest is right', async () => {
    const layers = [Buffer.concat([tar(file('a', S)), tar(file('b', S))])]
    const scan = await read(classic({ layers }), { layers }, [S])
    expect(scan.layers).toMatchObject({ state: 'partial', reason: 'layer 0: there is something behind its end' })
    expect(scan.layers.unread).toBeUndefined()
    expect(words(scan)).toEqual(['0 / header 2560', '0 /a content 0'])
  })

  it('an archive in a layer that cannot be unpacked; its name is made printable', async () => {
    const layers = [tar(file(`\x1b[31m${S}\u202e.gz`, gzipSync('text text text').subarray(0, -4)))]
    const scan = await read(classic({ layers }), { layers }, [S])
    expect(scan.layers).toMatchObject({
      state: 'partial',
      reason:
        '/\\x1b[31m[secret]\\u{202e}.gz in layer 0 is cut short or broken: searched as far as it could be unpacked',
      unread: [
        {
          path: '/\\x1b[31m[secret]\\u{202e}.gz',
          reason: 'is cut short or broken: searched as far as it could be unpacked'
        }
      ]
    })
  })
})

describe('attestations', () => {
  const provenance = (dockerfile: string): string =>
    JSON.stringify({
      _type: 'x',
      predicateType: 'https://slsa.dev/provenance/v1',
      data: Buffer.from(dockerfile).toString('base64')
    })

  it('are searched, also by what base64 in them stands for', async () => {
    const scan = await read(containerd(image, [`{"a":"${S}"}`, provenance(`FROM scratch\nENV A=${S}\n`)]), image, [S])
    expect(scan.attestations).toMatchObject(COMPLETE)
    expect(scan.attestations.items).toBe(4)
    expect(words(scan).filter((hit) => hit.startsWith('a'))).toEqual([
      'attestation https://slsa.dev/provenance/v0.2 6',
      'attestation https://slsa.dev/provenance/v0.2 70'
    ])
  })

  it('what is found decoded is not told as base64 too', async () => {
    const needles = [
      needle(0, S),
      { ...needle(0, Buffer.from(S).toString('base64').slice(0, -4)), form: 'base64' as const }
    ]
    const scan = await read(containerd(image, [provenance(`ENV A1${S}`)]), image, [S], { needles })
    expect(scan.hits.filter(({ location }) => location.kind === 'attestation').map(({ form }) => form)).toEqual(['raw'])
  })

  it.each<[string, { predicate?: string; artifact?: boolean }, string]>([
    ['by annotation', { predicate: 'https://spdx.dev/Document' }, 'https://spdx.dev/Document'],
    ['by what they say', { predicate: '' }, 'told'],
    ['as OCI artifacts', { artifact: true }, 'https://slsa.dev/provenance/v0.2']
  ])('are known %s', async (_title, options, predicateType) => {
    const layout = new Layout()
    const manifest = layout.image(image)
    const top = layout.index([manifest, layout.attestation(manifest, [`{"predicateType":"told","a":"${S}"}`], options)])
    const scan = await read(tar(...layout.files([top])), image, [S])
    expect(words(scan).at(-1)).toBe(`attestation ${predicateType} 29`)
    expect(scan.attestations).toMatchObject(COMPLETE)
  })

  it('are looked at without reading the layers', async () => {
    const scan = await read(containerd(image, [`{"a":"${S}"}`]), image, [S], { layers: false })
    expect(words(scan)).toEqual(['attestation https://slsa.dev/provenance/v0.2 6'])
    expect(scan.layers).toMatchObject({ state: 'skipped', items: 0, bytes: 0 })
    expect(scan.attestations).toMatchObject(COMPLETE)
  })

  it('are none in the classic store', async () => {
    const scan = await read(classic(image), image, [S])
    expect(scan.attestations).toMatchObject({
      state: 'complete',
      items: 0,
      reason: 'this image store keeps no attestations'
    })
  })

  const missing = async (change: (layout: Layout, digests: Record<string, string>) => void): Promise<SaveScan> => {
    const layout = new Layout()
    const manifest = layout.image(image)
    const other = layout.image({ layers: [tar(file('other'))] })
    const own = layout.attestation(manifest, ['{"own":1}'])
    const others = layout.attestation(other, ['{"others":1}'])
    const top = layout.index([manifest, other, own, others])
    change(layout, {
      own: own.digest,
      others: others.digest,
      other: other.digest,
      top: top.digest,
      statement: digestOf('{"own":1}')
    })
    return read(tar(...layout.files([top])), image, [S])
  }

  it.each<[string, string[], string]>([
    ['nothing', [], 'complete'],
    ['another platform and what is about it', ['other', 'others'], 'complete'],
    ['the attestation', ['own'], 'partial'],
    ['its statement', ['statement'], 'partial'],
    ['the index', ['top'], 'failed']
  ])('when the engine does not hold %s', async (_title, names, state) => {
    const { attestations } = await missing((layout, digests) => {
      for (const name of names) layout.blobs.delete(digests[name] ?? '')
    })
    expect(attestations.state).toBe(state)
  })

  it('whose bytes are not those of their digest', async () => {
    const { attestations } = await missing((layout, digests) =>
      layout.blobs.set(digests.statement ?? '', Buffer.from('{}'))
    )
    expect(attestations.state).toBe('partial')
  })

  it('with JSON of any shape: nothing throws', async () => {
    const layout = new Layout()
    const manifest = layout.image(image)
    const odd = fc.oneof(
      fc.json(),
      fc.constantFrom('[]', '{"manifests":7}', '{"manifests":[null,[],{"digest":4}]}', '{"layers":[null],"config":3}')
    )
    await fc.assert(
      fc.asyncProperty(odd, odd, async (a, b) => {
        const top = layout.index([manifest, layout.add(Buffer.from(a), 'x'), layout.attestation(manifest, [b])])
        const files = [...layout.files([top], b), file('manifest.json', a), file('x.json', b)]
        const scan = await read(tar(...files), image, [S])
        expect(scan.layers.state).toBe('complete')
      }),
      { numRuns: 25 }
    )
  })
})

describe('the rest of the JSON', () => {
  it('tells fields that docker image inspect does not show, and annotations', async () => {
    const config = {
      config: { Env: [`SHOWN=${S}`] },
      'x-more': { deep: 'hidden-secret' },
      container_config: { Cmd: ['old-secret-1'] }
    }
    const own = { ...image, config }
    const layout = new Layout()
    const manifest = layout.image(own, GZIP, { 'com.example': 'annotated-secret' })
    const archive = tar(...layout.files([layout.index([manifest], { note: 'index-secret-1' })]))
    const scan = await read(archive, own, [S, 'hidden-secret', 'old-secret-1', 'annotated-secret', 'index-secret-1'])
    const told = scan.hits
      .filter(({ location }) => location.kind === 'image-config')
      .map(({ secret, location }) => `${secret} ${location.kind === 'image-config' ? location.field : ''}`)
    expect(told.sort()).toEqual(['1 config', '2 container_config', '3 Annotations', '4 Annotations'])
  })

  it('does not tell again what is in config and history', async () => {
    const config = {
      config: { Labels: { a: S } },
      history: [{ created_by: `ARG ${S}` }],
      container_config: { Labels: { a: S } }
    }
    const own = { layers: [tar(file('a'))], config }
    expect(words(await read(classic(own), own, [S]))).toEqual([])
  })
})

describe('bounds', () => {
  it('keeps ten thousand hits and counts the rest', async () => {
    const layers = [tar(...Array.from({ length: 10_050 }, (_, i) => file(`f${i}`, S)))]
    const scan = await read(classic({ layers }), { layers }, [S])
    expect(scan.hits).toHaveLength(10_000)
    expect(scan.droppedHits).toBe(50)
    expect(scan.layers).toMatchObject(COMPLETE)
  })

  it('names what belongs to no image of the archive by its digest', async () => {
    const stray = tar(file('s', S))
    const layout = new Layout()
    layout.add(stray, 'x')
    const archive = tar(...layout.files([layout.image(image)]))
    const scan = await read(archive, image, [S])
    expect(words(scan)).toEqual(['- /s content 0', ...found])
    expect(scan.layers).toMatchObject(COMPLETE)
    const location = scan.hits.map((hit) => hit.location).find((one) => one.kind === 'layer' && one.index === null)
    expect(location).toMatchObject({ digest: digestOf(stray) })
  })
})
