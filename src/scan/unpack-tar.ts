/** Searches the entries of a tar inside something else. */
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { ItemSearch } from './item-search.js'
import type { ItemHit } from './types.js'
import { searchInside, type Unpacking } from './unpack.js'

/** Entries, with their names and link targets; broken off with a shortfall where the archive is broken. */
export async function unpackTar(unpacking: Unpacking, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const { matcher, sink } = unpacking.context
  const search = new ItemSearch(matcher)
  const entries = extract()
  const source = Readable.from(chunks, { objectMode: false })
  source.on('error', (error) => {
    entries.destroy(error)
  })
  source.pipe(entries)
  try {
    for await (const entry of entries) {
      const { name, linkname, pax } = entry.header
      const path = `${unpacking.path}!${name}`
      const look = (text: string, part: ItemHit['part']): void => {
        search.begin()
        search.push(Buffer.from(text))
        for (const match of search.end()) sink.hit({ ...match, path, part })
      }
      look(name, 'name')
      if (typeof linkname === 'string') look(linkname, 'link-target')
      for (const [key, value] of Object.entries(pax ?? {})) {
        if (key.startsWith('SCHILY.xattr.')) look(`${key}\0${value}`, 'xattr')
      }
      await searchInside(unpacking, entry as AsyncIterable<Buffer>, path)
    }
  } catch {
    // tar-stream says in its own words what is wrong with the header: that it is broken is enough.
    sink.shortfall({ path: unpacking.path, reason: 'is a broken tar: it was searched as far as it goes' })
  } finally {
    source.destroy()
  }
}
