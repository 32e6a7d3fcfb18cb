/** Needles on the wire and off it. */
import type { Needle } from '../scan/types.js'
import type { WireNeedle } from './protocol.js'

export function toWire(needles: readonly Needle[]): WireNeedle[] {
  return needles.map(({ secret, form, bytes }) => ({ secret, form, bytes: Buffer.from(bytes).toString('base64') }))
}

export function fromWire(needles: readonly WireNeedle[]): Needle[] {
  return needles.map(({ secret, form, bytes }) => ({ secret, form, bytes: Buffer.from(bytes, 'base64') }))
}
