/**
 * Writes what is said about inputs and outputs from the table in src/inputs: action.yml and the tables of README.md.
 *
 *   npm run docs              writes
 *   npm run docs -- --check   writes nothing; exit code 1 when something is out of date
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const WIDTH = 110

/** The text of action.yml. Defaults are told in words: the runner would pass a `default:` like a given value. */
export function actionYml(inputs, outputs) {
  const lines = [
    '# Written by script/docs.mjs from src/inputs/table.ts: change it there, then run `npm run docs`.',
    'name: tmpfs-check',
    'description: Proves that a container keeps its secrets in memory, and nowhere else',
    'branding:',
    '  icon: lock',
    '  color: green',
    'runs:',
    '  using: node24',
    '  main: dist/index.js',
    '  post: dist/post/index.js',
    '  post-if: always()',
    'inputs:'
  ]
  for (const [name, input] of Object.entries(inputs)) {
    lines.push(`  ${name}:`, ...description(sentence(input)))
    if (input.otherwise === 'required') lines.push('    required: true')
  }
  lines.push('outputs:')
  for (const [name, text] of Object.entries(outputs)) lines.push(`  ${name}:`, ...description(text))
  return `${lines.join('\n')}\n`
}

function sentence(input) {
  const standing = defaultOf(input)
  return standing === '' || standing === 'required' ? input.description : `${input.description} Default: ${standing}.`
}

/** The default in Markdown; empty when the input simply does nothing without being given. */
export function defaultOf(input) {
  return input.default === undefined ? (input.otherwise ?? '') : `\`${input.default}\``
}

/** A folded block scalar: backquotes, colons and `#` mean nothing in it. */
function description(text) {
  const lines = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH - 6) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return ['    description: >-', ...[...lines, line].map((each) => `      ${each}`)]
}

/** One table of inputs a group, in Markdown. */
export function inputTables(inputs, groups) {
  return groups
    .map((group) => {
      const rows = Object.entries(inputs).filter(([, input]) => input.group === group)
      const body = rows.map(([name, input]) => row([`\`${name}\``, defaultOf(input), input.description]))
      return [`**${group}**`, '', row(['Input', 'Default', 'Meaning']), '|---|---|---|', ...body].join('\n')
    })
    .join('\n\n')
}

/** The table of outputs, in Markdown. */
export function outputTable(outputs) {
  const body = Object.entries(outputs).map(([name, text]) => row([`\`${name}\``, text]))
  return [row(['Output', 'Meaning']), '|---|---|', ...body].join('\n')
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** `text` with what stands between its `<!-- NAME -->` and `<!-- /NAME -->` replaced. Throws when they are not there. */
export function between(text, name, body) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const start = text.indexOf(open)
  const end = text.indexOf(close)
  if (start < 0 || end < start) throw new Error(`${open} … ${close} is missing`)
  return `${text.slice(0, start + open.length)}\n${body}\n${text.slice(end)}`
}

/** Every generated file with the text it should have. */
export function generated(table) {
  const { INPUTS, GROUPS, OUTPUTS } = table
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const withInputs = between(readme, 'inputs', inputTables(INPUTS, GROUPS))
  return {
    'action.yml': actionYml(INPUTS, OUTPUTS),
    'README.md': between(withInputs, 'outputs', outputTable(OUTPUTS))
  }
}

/** Imports modules of src, compiled into build/docs. */
async function compiled(...modules) {
  const { transformFileSync } = await import('@swc/core')
  const [from, to] = [join(ROOT, 'src'), join(ROOT, 'build', 'docs')]
  rmSync(to, { recursive: true, force: true })
  for (const file of readdirSync(from, { recursive: true }).filter((each) => each.endsWith('.ts'))) {
    const target = join(to, file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    const options = { swcrc: false, jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }
    writeFileSync(target, transformFileSync(join(from, file), options).code)
  }
  const loaded = await Promise.all(modules.map((each) => import(pathToFileURL(join(to, each)).href)))
  return Object.assign({}, ...loaded)
}

async function main() {
  const check = process.argv.includes('--check')
  const table = await compiled('inputs/table.js', 'inputs/spec.js', 'inputs/outputs.js')
  for (const [file, text] of Object.entries(generated(table))) {
    const path = join(ROOT, file)
    let old = ''
    try {
      old = readFileSync(path, 'utf8')
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    if (old === text) continue
    console.log(check ? `${file} is out of date: run \`npm run docs\`` : `${file} written`)
    if (check) process.exitCode = 1
    else writeFileSync(path, text)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
