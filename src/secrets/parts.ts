/**
 * Takes a text apart: values of JSON, of KEY=VALUE and `key: value` lines (environment files, INI, simple YAML), PEM
 * blocks, and the lines that are none of these. Works on one character a byte, so that parts keep the file's own bytes.
 */
import { isPlain } from './plain.js'

/** A part of a file. The label names its place, never what is in it. */
export interface Part {
  label: string
  value: Buffer
}

const SAFE_KEY = /^[A-Za-z_][\w-]{0,39}$/
const LONGEST_LABEL = 120

/** Whether a key may be shown: keys too are content of the file, and may be tokens. */
const isShowable = (key: string): boolean => SAFE_KEY.test(key) && isPlain(Buffer.from(key))

interface Node {
  label: string
  value: unknown
}

/** The children of an object or array, labelled by key, or by number where the key is not to be shown. */
function children({ label, value }: Node): Node[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.map((each: unknown, i) => ({ label: `${label}[${i}]`, value: each }))
  return Object.entries(value).map(([key, each]: [string, unknown], i) => {
    const name = isShowable(key) ? key : `key-${i + 1}`
    return { label: label === '' ? name : `${label}.${name}`, value: each }
  })
}

/** The texts and whole numbers in a JSON value, in order; not recursive, so that no nesting is too deep. */
function leaves(root: unknown, label: string): Part[] {
  const parts: Part[] = []
  const pending: Node[] = [{ label, value: root }]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { value } = node
    if (typeof value === 'string' || Number.isSafeInteger(value)) {
      const name = node.label.length <= LONGEST_LABEL ? node.label : `value ${parts.length + 1}`
      parts.push({ label: name === '' ? 'value' : name, value: Buffer.from(String(value)) })
    }
    pending.push(...children(node).reverse())
  }
  return parts
}

/** The parts of a JSON text; null when it is none. */
function jsonParts(text: string, label: string): Part[] | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    return leaves(JSON.parse(Buffer.from(text, 'latin1').toString('utf8')), label)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const KEY = /^\s*(?:export\s+|-\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*(?:=|:\s)/

/** A value without its quotes (and what is escaped in them), a comma or semicolon behind it, or a comment. */
function unquoted(text: string): string {
  const bare = text.replace(/[,;]$/, '')
  const quote = /^(["']).*\1$/s.exec(bare)?.[1]
  if (quote === undefined) return text.split(' #', 1)[0]?.trim() ?? ''
  const inside = bare.slice(1, -1)
  if (quote === "'" || !inside.includes('\\')) return inside
  try {
    const decoded: unknown = JSON.parse(Buffer.from(bare, 'latin1').toString('utf8'))
    return Buffer.from(String(decoded)).toString('latin1')
  } catch (error) {
    if (error instanceof SyntaxError) return inside
    throw error
  }
}

function linePart(line: string, number: number): Part {
  const place = `line ${number}`
  const match = KEY.exec(line)
  if (match !== null) {
    const [head, key = ''] = match
    const value = Buffer.from(unquoted(line.slice(head.length).trim()).replace(/^(bearer|basic|token) /i, ''), 'latin1')
    if (!isPlain(value)) return { label: isShowable(key) ? key : place, value }
  }
  return { label: place, value: Buffer.from(line.trim(), 'latin1') }
}

/** The password of a URL, a part by itself: programs take URLs apart. */
function withPassword(part: Part): Part[] {
  const password = /:\/\/[^\s:@/]*:([^\s@/]+)@/.exec(part.value.toString('latin1'))?.[1]
  if (password === undefined) return [part]
  return [part, { label: `${part.label} (password)`, value: Buffer.from(password, 'latin1') }]
}

const PEM_BEGIN = /^-----BEGIN [A-Z0-9 ]+-----$/
const PEM_END = /^-----END [A-Z0-9 ]+-----$/

/** The parts of a text, one character a byte, in order; too plain ones among them. */
export function partsOf(text: string): Part[] {
  const json = jsonParts(text, '')
  if (json !== null) return json.flatMap(withPassword)
  const parts: Part[] = []
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const ends = lines.flatMap((line, i) => (PEM_END.test(line) ? [i] : []))
  let nextEnd = 0
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    const number = i + 1
    while ((ends[nextEnd] ?? lines.length) < i) nextEnd++
    const end = PEM_BEGIN.test(line) ? ends[nextEnd] : undefined
    if (end !== undefined) {
      parts.push({
        label: `PEM block at line ${number}`,
        value: Buffer.from(lines.slice(number, end).join('\n'), 'latin1')
      })
      i = end
    } else if (line !== '') {
      parts.push(...(jsonParts(line, `line ${number}`) ?? [linePart(line, number)]))
    }
  }
  return parts.flatMap(withPassword)
}
