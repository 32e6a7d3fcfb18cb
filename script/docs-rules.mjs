/**
 * Writes docs/rules.md from the rules in src/rules.
 *
 *   node script/docs-rules.mjs             writes
 *   node script/docs-rules.mjs --check     writes nothing; exit code 1 when it is out of date
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { transformFileSync } from '@swc/core'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const TARGET = join(ROOT, 'docs', 'rules.md')
const OUT = join(ROOT, 'build', 'docs-rules')

/** The rules import nothing but the evidence, so that these files are enough. */
rmSync(OUT, { recursive: true, force: true })
mkdirSync(join(OUT, 'rules'), { recursive: true })
const rules = readdirSync(join(ROOT, 'src', 'rules')).map((file) => join('rules', file))
for (const file of ['evidence.ts', ...rules]) {
  const options = { swcrc: false, jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }
  writeFileSync(join(OUT, file.replace(/\.ts$/, '.js')), transformFileSync(join(ROOT, 'src', file), options).code)
}
const { renderRulesDoc } = await import(pathToFileURL(join(OUT, 'rules', 'doc.js')).href)

const text = renderRulesDoc()
const old = existsSync(TARGET) ? readFileSync(TARGET, 'utf8') : ''
if (old !== text && process.argv.includes('--check')) {
  console.log('docs/rules.md is out of date: run `node script/docs-rules.mjs`')
  process.exitCode = 1
} else if (old !== text) {
  writeFileSync(TARGET, text)
  console.log('docs/rules.md written')
}
