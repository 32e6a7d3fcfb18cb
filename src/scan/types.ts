/** The shapes that pass between what we look for (secrets/), how we look (scan/) and where (sources/, reader/). */
import type { Form, ItemPart } from '../evidence.js'

/** One byte string to search for. Holds secret bytes: never print, never serialise but over the reader's stdin. */
export interface Needle {
  /** Index into Evidence.secrets. */
  secret: number
  form: Form
  bytes: Uint8Array
}

/** An occurrence inside one item. `offset` counts from the item's first byte; inside an archive, from the member's. */
export interface Match {
  secret: number
  form: Form
  offset: number
}

/** One occurrence, with the item it is in. */
export interface ItemHit extends Match {
  /** Raw path of the item as the source names it (bytes as latin1 or UTF-8 text), archive members as `path!member`. */
  path: string
  part: ItemPart
}

/** Something that kept an item from being read to its end: the source becomes `partial` and names it. */
export interface Shortfall {
  path: string
  reason: string
}

/** What a pass over many items gathers. */
export interface ScanTotals {
  items: number
  bytes: number
}
