/** Cases as data: a folder each, with what to build, how to run the action on it, and what it must find. README.md says how. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY, type EngineName } from './engines.js'
import type { Recipe } from './recipes.js'
import type { Kind } from './secrets.js'

const FOLDER = join(REPOSITORY, '__tests__/e2e/cases')

/** One finding that must be there. */
export interface Expected {
  rule: string
  /** The form in which it was found. */
  form?: string
  /** Fields of its location. */
  at?: Record<string, unknown>
  /** `file:line` of its annotation. */
  annotation?: string
  /** On these only: the legacy builder prints each line of a Dockerfile, say. */
  engines?: EngineName[]
}

export interface Expectation {
  outcome: 'pass' | 'fail' | 'inconclusive'
  /** All errors: each of these once, and no other. */
  errors?: Expected[]
  /** Rules that must be among the warnings. */
  warnings?: string[]
  /** Rules of the findings that leave the outcome open: these and no other. */
  inconclusive?: string[]
}

/** Images that have to be there first, by tag: the context to build, or the recipe of a tar to import. */
export interface Preparation {
  tag: string
  build?: string
  import?: Recipe
}

export type Access = 'auto' | 'none'

export interface Case {
  name: string
  folder: string
  /** What it is about, in a sentence. */
  about: string
  /** plain unless said. */
  secret?: Kind
  inputs?: Record<string, string>
  engines?: EngineName[]
  access?: Access[]
  prepare?: Preparation[]
  /** Files of the context that are made: recipes by path. `link:TARGET` makes a symbolic link. */
  files?: Record<string, Recipe>
  /** Look that the volumes of the container are gone in the end. */
  volumes?: boolean
  /** A file that is copied into the running container by `docker cp`: from (in the workspace), to. */
  copyIn?: [string, string]
  expect: Expectation
  /** Where it differs without host access. */
  expectWithout?: Expectation
  /** What comes of it when one byte of the planted secret differs; `pass` unless said. null: no such run. */
  near?: Expectation | null
}

type Content = Omit<Case, 'name' | 'folder'>

/** A row of the matrix: what differs from the case, and values for `{{name}}` in it and in its files. */
interface MatrixRow extends Partial<Content> {
  row: string
  values?: Record<string, string>
}

interface CaseFile extends Content {
  matrix?: MatrixRow[]
}

/** A case with the values that its files are filled with. */
export interface Row {
  test: Case
  values: Record<string, string>
}

/** All cases, in the order of their names. */
export function allRows(): Row[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap(rowsOf)
}

/** The rows of one folder; one where it has no matrix. */
export function rowsOf(name: string): Row[] {
  const folder = join(FOLDER, name)
  const { matrix, ...common } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile
  if (matrix === undefined) return [{ test: { ...common, name, folder }, values: {} }]
  return matrix.map(({ row, values = {}, ...own }) => {
    const inputs = { ...common.inputs, ...own.inputs }
    return { test: { ...common, ...own, inputs, name: `${name}: ${row}`, folder }, values }
  })
}
