/** Lets this program import the sources: Node 24 reads TypeScript, but `.js` in an import has to be taken for `.ts`. */
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.startsWith('.') && context.parentURL?.endsWith('.ts') ? specifier.replace(/\.js$/, '.ts') : specifier,
      context
    )
})

const { needlesFor } = await import('../src/secrets/needles.ts')

/** How many needles the forms of these values make. */
export function countNeedles(values) {
  return needlesFor(values.map((value, secret) => ({ secret, value: Buffer.from(value) }))).length
}
