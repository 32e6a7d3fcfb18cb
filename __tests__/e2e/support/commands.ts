/** Reads what an action says to its runner. */

export interface Command {
  name: string
  properties: Record<string, string>
  message: string
}

const unescapeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')

const unescapeProperty = (text: string): string => unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))

/** The workflow commands in a log, as actions/runner reads them (ActionCommand.cs, the `::` syntax). */
export function commandsOf(log: string): Command[] {
  return log.split(/\r\n|\r|\n/).flatMap((line): Command[] => {
    const found = /^\s*::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line)
    if (found === null) return []
    const [, name = '', list = '', message = ''] = found
    const properties = list.split(',').flatMap((pair): [string, string][] => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [] : [[pair.slice(0, equals).trim(), unescapeProperty(pair.slice(equals + 1))]]
    })
    return [{ name, properties: Object.fromEntries(properties), message: unescapeData(message) }]
  })
}

/** `name<<delimiter`, value, delimiter: the entries of a file like GITHUB_OUTPUT, the last of a name counting. */
export function entriesOf(file: string): Record<string, string> {
  const entries: Record<string, string> = {}
  for (const [, name = '', , value = ''] of file.matchAll(/^([^\n=]+?)<<(.+)\n(?:([\s\S]*?)\n)??\2$/gm))
    entries[name] = value
  return entries
}
