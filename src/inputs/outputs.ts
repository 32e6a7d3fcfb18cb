/** What comes out, in the order of action.yml. None ever holds data of the container. */
export const OUTPUTS = {
  outcome:
    "`pass`: looked everywhere it promised, found nothing wrong. `fail`: found something. `inconclusive`: could not look, or saw nothing that would prove anything. Gate on `== 'pass'` only.",
  errors: 'Number of errors.',
  warnings: 'Number of warnings.',
  inconclusive: 'Number of places or proofs that are missing.',
  ignored: 'Number of findings that `ignore` accepted.',
  'image-id': 'ID of the image that was checked.',
  'image-digest': 'Its registry digest; empty when it has none.',
  'report-file': 'Path of the JSON report.',
  'duration-ms': 'How long the check took, in milliseconds.'
} as const satisfies Record<string, string>

export type OutputName = keyof typeof OUTPUTS
