/** Pure: the line of the repository that a finding belongs to. */
import type { Evidence, Finding, ImageFact, SourceRange } from '../evidence.js'

/**
 * The range for an annotation: the line that holds the secret where it is known, else the instruction that made the layer,
 * the history entry or the setting, else for what a build makes the Dockerfile. null for what no line of a file has made:
 * on the first line of the Dockerfile a finding of the running container would only mislead.
 */
export function annotationOf(finding: Finding, evidence: Evidence): SourceRange | null {
  if (finding.annotation !== null) return finding.annotation
  const { location } = finding
  if (location === null) return null
  const fallback = evidence.fallback.dockerfile
  switch (location.kind) {
    case 'layer':
    case 'history':
    case 'image-config':
      return (evidence.image === null ? null : instructionOf(location, evidence.image)) ?? fallback
    case 'attestation':
    case 'build-log':
      return fallback
    case 'container-config':
    case 'writable-layer':
    case 'volume':
    case 'memory':
    case 'log':
    case 'process':
    case 'mount':
    case 'source':
      return null
  }
}

type Made = Extract<NonNullable<Finding['location']>, { kind: 'layer' | 'history' | 'image-config' }>

function instructionOf(location: Made, image: ImageFact): SourceRange | null {
  switch (location.kind) {
    case 'layer':
      return image.layers.find((layer) => layer.index === location.index)?.instruction ?? null
    case 'history':
      return image.history[location.index]?.instruction ?? null
    case 'image-config':
      return settingOf(location.field, image.configInstructions)
  }
}

/** `Config.Env[NAME]` was set by `Env:NAME`, `Config.Labels[x]` by `Label:x`, `Config.Cmd[1]` by `Cmd`. */
function settingOf(field: string, instructions: ImageFact['configInstructions']): SourceRange | null {
  const match = /^Config\.(\w+)(?:\[(.*)\])?/s.exec(field)
  const [, setting = '', name = ''] = match ?? []
  const key = setting === 'Env' ? `Env:${name}` : setting === 'Labels' ? `Label:${name}` : (KEYS[setting] ?? setting)
  return Object.hasOwn(instructions, key) ? (instructions[key] ?? null) : null
}

/** Where the config's word is not the instruction's. */
const KEYS: Readonly<Record<string, string>> = { Volumes: 'Volume' }
