/** Pure: one `created_by` of an image's history, taken apart. */

export interface CreatedBy {
  /** In capitals, as the builder writes it. */
  keyword: string
  /** What follows the keyword; for RUN with the shell (`/bin/sh -c`) and the build arguments (`|2 A=b C=d`) in front. */
  rest: string
  builder: 'legacy' | 'buildkit'
}

/**
 * `/bin/sh -c #(nop) COPY file:… in /app`: the legacy builder, with whatever SHELL is set in front
 * (moby builder/dockerfile/dispatchers.go; recorded from Docker 20.10.24 and 26.1.5). Buildah writes the same.
 */
const LEGACY = /^[^#]{0,500}#\(nop\)\s+([A-Z]+)(?:\s([^]*))?$/
/** `COPY . . # buildkit`, `ENV A=b` (buildkit frontend/dockerfile/dockerfile2llb/convert.go; recorded from 20.10.24 and 26.1.5). */
const BUILDKIT =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s([^]*)$/
const BUILDKIT_REMARK = /\s# buildkit\s*$/

/** Longer entries than this (64 Ki characters) are not compared: the text is foreign, and so is its length. */
const LONGEST = 65_536

/** Returns the parts of a `created_by`, or null for an empty one (`docker import`, `commit`, `--squash`) and one too long. */
export function parseCreatedBy(text: string): CreatedBy | null {
  if (text.trim() === '' || text.length > LONGEST) return null
  const legacy = LEGACY.exec(text)
  if (legacy !== null) return { keyword: legacy[1] ?? '', rest: (legacy[2] ?? '').trim(), builder: 'legacy' }
  const buildKit = BUILDKIT.exec(text)
  if (buildKit !== null) {
    return {
      keyword: buildKit[1] ?? '',
      rest: (buildKit[2] ?? '').replace(BUILDKIT_REMARK, '').trim(),
      builder: 'buildkit'
    }
  }
  return { keyword: 'RUN', rest: text.trim(), builder: 'legacy' }
}
