// What the GitHub runner does with the text that an action prints and the files that it writes.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands

const unescapeData = (text) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
const unescapeProperty = (text) => unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))

/** The command in one printed line, as { name, properties, data }, or undefined when it is ordinary text. */
export function parseCommand(line) {
  const match = /^::([^\s:]+)(?: (.*?))?::(.*)$/.exec(line)
  if (match === null) return undefined
  const properties = {}
  for (const pair of (match[2] ?? '').split(',').filter((text) => text.includes('='))) {
    const at = pair.indexOf('=')
    properties[pair.slice(0, at).trim()] = unescapeProperty(pair.slice(at + 1))
  }
  return { name: match[1], properties, data: unescapeData(match[3]) }
}

/** The entries of a file that the runner hands out (GITHUB_OUTPUT, GITHUB_STATE): `name=value` or `name<<END … END`. */
export function parseEntries(text) {
  const entries = new Map()
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const block = /^(.+?)<<(.+)$/.exec(lines[i])
    if (block !== null) {
      const end = lines.indexOf(block[2], i + 1)
      if (end < 0) throw new Error(`no end of the value of ${block[1]}`)
      entries.set(block[1], lines.slice(i + 1, end).join('\n'))
      i = end
    } else if (lines[i].includes('=')) {
      const at = lines[i].indexOf('=')
      entries.set(lines[i].slice(0, at), lines[i].slice(at + 1))
    }
  }
  return entries
}

/** Shows an action's printed lines as the runner's log does; remembers annotations, and hides what was masked. */
export class Log {
  annotations = []
  #masks = []
  #resume // while set, commands are off until this word comes (::stop-commands::word)

  /** The text with every masked value as ***. */
  mask(text) {
    return this.#masks.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
  }

  /** What to show for this printed line; undefined when there is nothing to show. */
  line(text) {
    const command = parseCommand(text)
    if (this.#resume !== undefined) {
      if (command?.name !== this.#resume) return this.mask(text)
      this.#resume = undefined
      return undefined
    }
    return command === undefined ? this.mask(text) : this.#command(command)
  }

  #command({ name, properties, data }) {
    switch (name) {
      case 'add-mask':
        this.#addMask(data)
        return undefined
      case 'stop-commands':
        this.#resume = data
        return undefined
      case 'group':
        return `\n▸ ${this.mask(data)}`
      case 'error':
      case 'warning':
      case 'notice':
        this.annotations.push({ level: name, ...properties, message: data })
        return this.mask(`${name[0].toUpperCase()}${name.slice(1)}: ${data}`)
      default:
        return undefined
    }
  }

  // The longest first, so that no shorter one leaves the rest of a longer one to be seen.
  #addMask(value) {
    const added = [value, ...value.split(/\r?\n/)].filter((text) => text !== '')
    this.#masks = [...new Set([...this.#masks, ...added])].sort((a, b) => b.length - a.length)
  }
}

/** An annotation as it stands beside the code: place, title, message. */
export function showAnnotation({ level, file, line, title, message }) {
  const place = file === undefined ? '' : `  ${file}${line === undefined ? '' : `:${line}`}`
  const head = `${level}${place}${title === undefined ? '' : `  ${title}`}`
  return `${head}\n${message.replaceAll(/^/gm, '    ')}`
}

/** A job summary without its HTML, for a terminal. The Markdown stays. */
export function showSummary(markdown) {
  const entities = { lt: '<', gt: '>', quot: '"', '#39': "'", '#124': '|', nbsp: ' ', amp: '&' }
  return markdown
    .replaceAll(/<br\s*\/?>/g, ' ')
    .replaceAll(/<!--[\s\S]*?-->|<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?>/g, '')
    .replaceAll(/&(lt|gt|quot|#39|#124|nbsp|amp);/g, (_, name) => entities[name])
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}
