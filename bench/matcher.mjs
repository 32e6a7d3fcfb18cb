/**
 * How fast the matcher is, alone: MB/s over one warm MiB, for 1 to 20,000 needles, beside Buffer.indexOf needle by
 * needle. Run it by `node bench/matcher.mjs` (Node 24, which reads TypeScript); it writes a Markdown table.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.startsWith('.') && context.parentURL?.endsWith('.ts') ? specifier.replace(/\.js$/, '.ts') : specifier,
      context
    )
})
const { Matcher } = await import('../src/scan/matcher.ts')
const { needlesFor } = await import('../src/secrets/needles.ts')

const MIB = 2 ** 20
const RUNS = 10
const MILLISECONDS = 50

/** One MiB from the middle of a file. */
function slice(path, from) {
  const buffer = Buffer.alloc(MIB)
  const file = openSync(path)
  readSync(file, buffer, 0, MIB, from)
  closeSync(file)
  return buffer
}

const typescript = new URL('../node_modules/typescript/lib/typescript.js', import.meta.url)
const texts = {
  random: randomBytes(MIB),
  'source code': slice(typescript, 2 * MIB),
  base64: Buffer.from(randomBytes(MIB).toString('base64').slice(0, MIB)),
  'hex digits': Buffer.from(randomBytes(MIB / 2).toString('hex')),
  'ELF code': slice(process.execPath, 40 * MIB),
  'ELF head': slice(process.execPath, 0),
  zeros: Buffer.alloc(MIB)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const password = (length) => Buffer.from(Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join(''))

/** Passwords of 8 to 40 letters, the first of 8: the hardest length. */
const passwords = (count) =>
  Array.from({ length: count }, (_, secret) => ({
    secret,
    form: 'raw',
    bytes: password(secret === 0 ? 8 : randomInt(8, 41))
  }))
const words = readFileSync(typescript, 'latin1').match(/[A-Za-z_.]{10,40}/g)
/** Words of the source code itself with a digit behind: near misses all over it. */
const nearMisses = (count) =>
  Array.from({ length: count }, (_, secret) => ({
    secret,
    form: 'raw',
    bytes: Buffer.from(words[randomInt(words.length)] + '7')
  }))
const allForms = (count, length) =>
  needlesFor(Array.from({ length: count }, (_, secret) => ({ secret, value: password(length ?? randomInt(8, 41)) })))

const sets = {
  '1 needle': passwords(1),
  '10 needles': passwords(10),
  '100 needles': passwords(100),
  '1,000 needles': passwords(1000),
  '20,000 needles': passwords(20_000),
  '1,000 near misses': nearMisses(1000),
  '1 canary, all forms': allForms(1, 42),
  '10 secrets, all forms': allForms(10),
  '10 keys of 32, all forms': allForms(10, 32),
  '1,000 keys of 32, all forms': allForms(1000, 32),
  '1,000 secrets, all forms': allForms(1000)
}

/** The best of ten runs of 50 ms: what other programs on the machine take is not the matcher's. */
function megabytesPerSecond(work) {
  let best = 0
  for (let run = 0; run < RUNS; run++) {
    let times = 0
    const start = performance.now()
    while (performance.now() - start < MILLISECONDS) {
      work()
      times++
    }
    best = Math.max(best, (times * MIB) / 1000 / (performance.now() - start))
  }
  return Math.round(best)
}

const ignore = () => undefined
const indexOfAll = (needles, text) => {
  for (const { bytes } of needles)
    for (let at = text.indexOf(bytes); at !== -1; at = text.indexOf(bytes, at + 1)) ignore()
}

console.log(`| needles | longest | built in ms | ${Object.keys(texts).join(' | ')} | indexOf, source code |`)
console.log(`|---|${'---:|'.repeat(Object.keys(texts).length + 3)}`)
for (const [name, needles] of Object.entries(sets)) {
  const start = performance.now()
  const matcher = new Matcher(needles)
  const built = performance.now() - start
  const speeds = Object.values(texts).map((text) => megabytesPerSecond(() => matcher.search(text, 0, MIB, ignore)))
  const compared = needles.length > 2000 ? '-' : megabytesPerSecond(() => indexOfAll(needles, texts['source code']))
  const title = name.includes('forms') ? `${name} (${needles.length})` : name
  console.log(`| ${[title, matcher.longest, built.toFixed(0), ...speeds, compared].join(' | ')} |`)
}
