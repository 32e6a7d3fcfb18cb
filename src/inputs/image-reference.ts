/** The `image` input: a reference by tag or digest, or an ID. */
import type { Parser } from './scalar.js'
import { yamlLine } from './problems.js'

/**
 * The grammar of a reference, after github.com/distribution/reference regexp.go, less host names in upper case. Image
 * names become part of the engine's URLs (`docker rmi -- ../containers/NAME` removes a container, Docker 20.10 and 28), so
 * nothing outside of the grammar may reach the engine.
 */
const HOST_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const HOST = `(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?`
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const DIGEST = 'sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}'

const ID = /^(?:sha256:[0-9a-f]{64}|[0-9a-f]{12,64})$/
const REFERENCE = new RegExp(`^(?:(${HOST})/)?(${PATH_PART}(?:/${PATH_PART})*)(?::(${TAG}))?(?:@(?:${DIGEST}))?$`)

/** The longest name without tag and digest, by the same source. */
const LONGEST_NAME = 255
/** Name, tag and digest together; keeps the pattern from being tried on more. */
const LONGEST = 600

/** A reference that Docker would take too, or an image ID. */
export const parseImage: Parser<string> = (text, field) => {
  const value = text.trim()
  if (ID.test(value)) return value
  const parts = value.length <= LONGEST && !value.includes('..') ? REFERENCE.exec(value) : null
  const host = parts?.[1] ?? ''
  const name = parts?.[2] ?? ''
  const isHost = host === '' || host === 'localhost' || /[.:]/.test(host)
  const fits = host.length + 1 + name.length <= LONGEST_NAME
  // Docker takes `sha256:…` of another length as an unknown digest, never as a repository.
  if (parts && fits && (isHost || host === host.toLowerCase()) && !/^sha(256|512)$/.test(name)) return value
  return field.problem(reason(value), { received: value, yaml: yamlLine('image', suggestion(value)) })
}

function reason(value: string): string {
  if (value.length > LONGEST_NAME) return 'is longer than the 255 characters of a name.'
  if (value.startsWith('-')) return 'begins with `-`: Docker would take it as an option.'
  if (/^[a-z]+:\/\//i.test(value)) return 'is a URL: leave `https://` away.'
  if (/\s/.test(value)) return 'holds blanks or several lines; it is one image.'
  if (/@|^sha(256|512):/.test(value) && !new RegExp(`(?:${DIGEST})$`).test(value)) {
    return 'has a digest of the wrong form: it is `sha256:` and 64 hex digits.'
  }
  if (/:$/.test(value) || value.startsWith(':')) return 'lacks a name before or a tag after the colon.'
  if (/^[\w./:-]+$/.test(value) && value !== value.toLowerCase() && !value.includes('..')) {
    return 'has upper-case letters in its name; Docker takes lower case only.'
  }
  return 'is no image reference: `NAME:TAG`, `REGISTRY/NAME:TAG`, `NAME@sha256:DIGEST` or an image ID.'
}

function suggestion(value: string): string {
  const lower = value
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/:$/, ':latest')
    .toLowerCase()
  return lower !== '' && REFERENCE.test(lower) && lower.length <= LONGEST_NAME ? lower : 'ghcr.io/OWNER/NAME:TAG'
}
