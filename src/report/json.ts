/** Pure: the JSON report, as schema/report.schema.json says. */
import type { Coverage, Evidence, Finding, MountFact, Verdict } from '../evidence.js'
import { assurance } from './assurance.js'
import { shownBytes } from './places.js'
import type { RunFacts } from './types.js'

/** Raised when a reader of the report would have to change. */
export const SCHEMA_VERSION = 1

/** The report as a plain object; every value can be written as JSON. */
export type Report = Record<string, unknown>

const DIGEST = /@(sha256:[0-9a-f]{64})$/

/** The registry digest alone, `sha256:…`; null when the image has none. */
export function digestOf(evidence: Evidence): string | null {
  return DIGEST.exec(evidence.image?.repoDigest ?? '')?.[1] ?? null
}

function mount(fact: MountFact): Report {
  const { path, text, size, sizePercent, mode, uid, gid, readOnly, flags, other } = fact.declared
  return {
    path,
    declared: { text, size, sizePercent, mode, uid, gid, readOnly, flags, other },
    effective: fact.effective,
    inside: fact.inside,
    listed: fact.listed,
    differences: fact.differences,
    foreign: fact.foreign,
    ownUser: fact.ownUser,
    imageContent: fact.imageContent
  }
}

function coverage(each: Coverage): Report {
  const { source, view, state, items, durationMs, reason } = each
  return { source, view, state, items, bytes: shownBytes(each), durationMs, reason }
}

function finding(each: Finding): Report {
  const { rule, severity, ignored, secret, form, message, fix, location, annotation } = each
  return { rule, severity, ignored, secret, form, message, fix, location, annotation }
}

/** What is said about the run as a whole, beside the contract's own fields. */
function extras(evidence: Evidence, run: RunFacts): Report {
  const { engine, container, swap, image } = evidence
  return {
    engine,
    container,
    swap,
    image: image === null ? null : { layers: image.layers, history: image.history },
    // Without sizes: the size of a file that holds a secret is the secret's length.
    memoryFiles: evidence.memoryFiles.map(({ mount: at, path, delivered, mode, uid, gid, others }) => ({
      mount: at,
      path,
      delivered,
      mode,
      uid,
      gid,
      others
    })),
    deliver: evidence.deliver,
    expectFiles: evidence.expectFiles,
    missingFiles: evidence.missingFiles,
    plainParts: evidence.plainParts,
    needed: evidence.needed,
    droppedHits: evidence.droppedHits,
    controlFound: evidence.controlFound,
    assurance: assurance(evidence),
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    timings: run.timings
  }
}

/** Returns the report as an object. Nothing of a secret is in it: neither its bytes nor its length. */
export function reportObject(evidence: Evidence, verdict: Verdict, run: RunFacts): Report {
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'tmpfs-check', version: run.toolVersion },
    outcome: verdict.outcome,
    counts: {
      errors: verdict.errors,
      warnings: verdict.warnings,
      inconclusive: verdict.inconclusive,
      ignored: verdict.ignored
    },
    subject: {
      kind: evidence.subject.kind,
      name: evidence.subject.name,
      imageId: evidence.image?.id ?? null,
      digest: digestOf(evidence)
    },
    mounts: evidence.mounts.map(mount),
    secrets: evidence.secrets.map(({ name, origin, extent, delivered }) => ({ name, origin, extent, delivered })),
    coverage: evidence.coverage.map(coverage),
    findings: verdict.findings.map(finding),
    ...extras(evidence, run)
  }
}

/** The report as text, indented, with a line end. */
export function renderJson(evidence: Evidence, verdict: Verdict, run: RunFacts): string {
  return `${JSON.stringify(reportObject(evidence, verdict, run), null, 2)}\n`
}

/** What stands in the report's place when it was withheld: valid, and without anything from the container. */
export function withheldReport(outcome: Verdict['outcome'], toolVersion: string): string {
  const report: Report = {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'tmpfs-check', version: toolVersion },
    outcome,
    subject: { kind: 'image', name: '', imageId: null, digest: null },
    mounts: [],
    secrets: [],
    coverage: [],
    findings: [],
    withheld: true
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
