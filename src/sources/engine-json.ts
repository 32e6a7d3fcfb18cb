/** Pure: searches what the engine answers as JSON, field by field. */
import type { Form, Hit, Location } from '../evidence.js'
import { ItemSearch } from '../scan/item-search.js'
import type { Search } from './engine-context.js'

export interface JsonSearch {
  /** At most one a (secret, form, field). */
  hits: Hit[]
  /** Strings, numbers and names looked at. */
  items: number
  bytes: number
}

/** The field of a hit that only the document as a whole shows. */
export const WHOLE_DOCUMENT = '(whole document)'

/**
 * Searches a JSON value: every string, number and name in it, lists of strings also joined (a secret with a space in it
 * is two words of a command), and the text of the whole document, so that nothing that spans fields is missed.
 *
 * Fields are written `Config.Cmd[1]`; environment variables and labels by name, `Config.Env[PATH]`,
 * `Config.Labels[com.example.x]`. Names are printable: a name that holds a secret shows as `[secret]`.
 */
export function searchJson(document: unknown, search: Search, toLocation: (field: string) => Location): JsonSearch {
  const walk = new JsonWalk(search, toLocation)
  walk.visit(document, '')
  walk.visitWhole(JSON.stringify(document))
  return { hits: walk.hits, items: walk.items, bytes: walk.bytes }
}

class JsonWalk {
  readonly hits: Hit[] = []
  items = 0
  bytes = 0
  readonly #search: ItemSearch
  readonly #clean: (text: string) => string
  readonly #toLocation: (field: string) => Location
  readonly #known = new Set<string>()
  /** Secrets found in some field. */
  readonly #secrets = new Set<number>()

  constructor(search: Search, toLocation: (field: string) => Location) {
    this.#search = new ItemSearch(search.matcher)
    this.#clean = search.clean
    this.#toLocation = toLocation
  }

  visit(value: unknown, field: string): void {
    if (Array.isArray(value)) this.#visitList(value, field)
    else if (typeof value === 'object' && value !== null) this.#visitObject(value as Record<string, unknown>, field)
    else if (typeof value === 'string') this.#look(value, field)
    else if (typeof value === 'number' || typeof value === 'boolean') this.#look(value.toString(), field)
  }

  /** What only the whole text shows; a secret that some field holds is not told again. */
  visitWhole(text: string | undefined): void {
    if (text === undefined) return
    for (const match of this.#matches(text)) {
      if (!this.#secrets.has(match.secret)) this.#add(match, WHOLE_DOCUMENT)
    }
  }

  #visitObject(value: Record<string, unknown>, field: string): void {
    for (const [name, child] of Object.entries(value)) {
      const at = this.#childField(field, name)
      this.#look(name, at)
      this.visit(child, at)
    }
  }

  #childField(field: string, name: string): string {
    const plain = /^[A-Za-z_]\w*$/.test(name) && !field.endsWith('Labels')
    const shown = this.#clean(name)
    if (!plain) return `${field}[${shown}]`
    return field === '' ? shown : `${field}.${shown}`
  }

  #visitList(list: readonly unknown[], field: string): void {
    const isEnv = /(^|\.)Env$/.test(field)
    list.forEach((child, index) => {
      this.visit(child, `${field}[${isEnv ? this.#variable(child, index) : String(index)}]`)
    })
    if (list.length < 2 || !list.every((child) => typeof child === 'string')) return
    for (const separator of [' ', '\n']) {
      for (const match of this.#matches(list.join(separator))) {
        const single = this.hits.some((hit) => hit.secret === match.secret && fieldOf(hit).startsWith(`${field}[`))
        if (!single) this.#add(match, field)
      }
    }
  }

  #variable(entry: unknown, index: number): string {
    const at = typeof entry === 'string' ? entry.indexOf('=') : -1
    return at > 0 ? this.#clean((entry as string).slice(0, at)) : String(index)
  }

  #look(text: string, field: string): void {
    this.items += 1
    for (const match of this.#matches(text)) this.#add(match, field)
  }

  #matches(text: string): readonly { secret: number; form: Form }[] {
    const bytes = Buffer.from(text)
    this.bytes += bytes.length
    this.#search.begin()
    this.#search.push(bytes)
    return this.#search.end()
  }

  #add(match: { secret: number; form: Form }, field: string): void {
    const key = `${match.secret} ${match.form} ${field}`
    if (this.#known.has(key)) return
    this.#known.add(key)
    this.#secrets.add(match.secret)
    this.hits.push({ secret: match.secret, form: match.form, view: 'engine', location: this.#toLocation(field) })
  }
}

/** The field of a hit's location, or '' for a location without one. */
export function fieldOf(hit: Hit): string {
  return 'field' in hit.location ? hit.location.field : ''
}
