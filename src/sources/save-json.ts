/** Reads JSON of which nothing is known. */

export type Json = Readonly<Record<string, unknown>>

/** null: it is no JSON, or no object or array. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    // Not JSON: for whoever asks, the same as JSON of another shape.
    return null
  }
}

/** An object as it is, anything else as an empty one. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
