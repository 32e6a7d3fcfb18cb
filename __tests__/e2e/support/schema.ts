/** The JSON report against its committed schema. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { REPOSITORY } from './engines.js'

const schema = JSON.parse(readFileSync(join(REPOSITORY, 'schema/report.schema.json'), 'utf8')) as object

/** What is wrong with the report; empty when it is as the schema says. */
export function schemaErrors(report: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  if (validate(report)) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}
