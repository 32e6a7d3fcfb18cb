import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ContextFiles } from '../../src/dockerfile/context.js'
import { ignoredBy } from '../../src/dockerfile/ignore.js'
import { Matcher } from '../../src/scan/matcher.js'

const SECRET = 'correct-horse-battery'
const OTHER = 'another-secret-value'
const matcher = new Matcher([
  { secret: 0, form: 'raw', bytes: Buffer.from(SECRET) },
  { secret: 0, form: 'base64', bytes: Buffer.from(Buffer.from(SECRET).toString('base64')) },
  { secret: 1, form: 'raw', bytes: Buffer.from(OTHER) }
])

let workspace = ''
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'context-'))
})
afterEach(() => {
  rmSync(workspace, { recursive: true })
})

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}
function files(context = ''): ContextFiles {
  const folder = join(workspace, context)
  return new ContextFiles({ context: folder, workspace, dockerfile: join(folder, 'Dockerfile') }, matcher)
}

describe('where a secret in a layer came from', () => {
  it('is the line of the file of the same name', async () => {
    write('service/app.py', `import os\n\ndata = "${SECRET}"\nother = "${OTHER}"\n`)
    const found = files('service')
    expect(await found.origin('/app/app.py', 0)).toEqual({ file: 'service/app.py', startLine: 3, endLine: 3 })
    expect(await found.origin('/app/app.py', 1)).toEqual({ file: 'service/app.py', startLine: 4, endLine: 4 })
  })

  it('prefers more of the same folders, and any of the same name to another name', async () => {
    write('a.txt', SECRET)
    write('config/app.ini', SECRET)
    write('test/config/app.ini', `\n${SECRET}`)
    write('test/other/app.ini', `\n\n${SECRET}`)
    const found = files()
    expect(await found.origin('/srv/test/config/app.ini', 0)).toMatchObject({
      file: 'test/config/app.ini',
      startLine: 2
    })
    expect(await found.origin('/srv/config/app.ini', 0)).toMatchObject({ file: 'config/app.ini' })
    expect(await found.origin('/srv/renamed.ini', 0)).toMatchObject({ file: 'a.txt' })
  })

  it('knows an archive by its own name, and every form of the secret', async () => {
    write('data.tar', `x\n${Buffer.from(SECRET).toString('base64')}`)
    expect(await files().origin('/opt/data.tar!inner/file', 0)).toMatchObject({ file: 'data.tar', startLine: 2 })
  })

  it('gives line 1 of a binary file, and nothing where no file holds it', async () => {
    write('program', Buffer.from(`\n\n\0${SECRET}`))
    expect(await files().origin('/bin/program', 0)).toEqual({ file: 'program', startLine: 1, endLine: 1 })
    expect(await files().origin('/bin/program', 1)).toBeNull()
  })

  it('does not look at what the builder never sees', async () => {
    write('.env', SECRET)
    write('.dockerignore', '.env\n')
    expect(await files().origin('/app/.env', 0)).toBeNull()
    write('Dockerfile.dockerignore', '# nothing\n')
    expect(await files().origin('/app/.env', 0)).toMatchObject({ file: '.env' })
  })

  it('looks into node_modules and .git last', async () => {
    write('.git/x', SECRET)
    write('node_modules/a/x', SECRET)
    write('z/x', SECRET)
    expect(await files().origin('/y', 0)).toMatchObject({ file: 'z/x' })
  })

  it('never follows a link, and never hangs on a pipe', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    writeFileSync(join(outside, 'x'), SECRET)
    symlinkSync(join(outside, 'x'), join(workspace, 'x'))
    symlinkSync(outside, join(workspace, 'folder'))
    symlinkSync('Loop', join(workspace, 'Loop'))
    execFileSync('mkfifo', [join(workspace, 'pipe')])
    expect(await files().origin('/x', 0)).toBeNull()
    rmSync(outside, { recursive: true })
  })

  it('says nothing outside the workspace, and never names a file by its secret', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    writeFileSync(join(outside, 'x'), SECRET)
    const request = { context: outside, workspace, dockerfile: join(outside, 'Dockerfile') }
    expect(await new ContextFiles(request, matcher).origin('/x', 0)).toBeNull()
    rmSync(outside, { recursive: true })
    write(`${SECRET}/x`, SECRET)
    expect(await files().origin('/x', 0)).toBeNull()
  })

  it('gives no line of a context that is gone', async () => {
    expect(await files('nowhere').origin('/x', 0)).toBeNull()
  })
})

describe('.dockerignore', () => {
  it.each([
    ['.env', '.env', true],
    ['.env', 'a/.env', false],
    ['**/.env', 'a/b/.env', true],
    ['/a/', 'a/b/c', true],
    ['./a', 'a/b', true],
    ['*.md\n!README.md', 'README.md', false],
    ['*.md\n!README.md', 'OTHER.md', true],
    ['!README.md\n*.md', 'README.md', true],
    ['*\n!src', 'src/a/b', false],
    ['*\n!src\nsrc/a', 'src/a/b', true],
    ['a/*/c', 'a/b/c/d', true],
    ['a?b', 'axb', true],
    ['# a\n\n.\n', 'a', false],
    ['\uFEFFa', 'a', true],
    ['{a,b}', 'a', false]
  ])('%j: %s %s', (text, path, expected) => {
    expect(ignoredBy(text)(path)).toBe(expected)
  })
})
