// Builds dist/: types to plain JavaScript by tsc, then one bundle an entry by ncc, unminified so that it can be reviewed.
// `node script/build.mjs [folder]` builds into another folder (script/test compares it with the committed dist).
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = resolve(process.argv[2] ?? join(root, 'dist'))
const run = (bin, args) =>
  execFileSync(process.execPath, [join(root, 'node_modules', bin), ...args], {
    cwd: root,
    stdio: ['ignore', process.stderr, 'inherit']
  })

// Inside the project, so that ncc names modules by paths relative to it and the result does not depend on the place.
mkdirSync(join(root, 'build'), { recursive: true })
const work = mkdtempSync(join(root, 'build', 'js-'))
try {
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', join(root, 'build', 'js')])
  rmSync(target, { recursive: true, force: true })
  for (const [entry, folder] of [
    ['main', '.'],
    ['post', 'post'],
    ['reader', 'reader']
  ]) {
    const out = join(work, folder === '.' ? 'main' : folder)
    run('@vercel/ncc/dist/ncc/cli.js', [
      'build',
      `build/js/${entry}.js`,
      '--out',
      out,
      '--license',
      'licenses.txt',
      '--target',
      'es2022'
    ])
    cpSync(out, join(target, folder), { recursive: true })
  }
  console.log(`built ${readdirSync(target).join(' ')}`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
