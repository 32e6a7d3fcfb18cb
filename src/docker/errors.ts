/** What went wrong with the engine, in a closed set of kinds; each carries a remedy the user can act on. */
export type EngineErrorCode =
  | 'NO_CLIENT'
  | 'NO_ENGINE'
  | 'DENIED'
  | 'TIMEOUT'
  | 'BUILD_FAILED'
  | 'NO_IMAGE'
  | 'CREATE_FAILED'
  | 'START_FAILED'
  | 'COMMAND_FAILED'

/**
 * The engine could not do what the run needs. `message` is fixed text plus escaped, redacted output of the engine;
 * `phase` names the stage, `remedy` says what to change.
 */
export class EngineError extends Error {
  readonly code: EngineErrorCode
  readonly phase: string
  readonly remedy: string

  constructor(code: EngineErrorCode, text: { phase: string; message: string; remedy: string }) {
    super(text.message)
    this.name = 'EngineError'
    this.code = code
    this.phase = text.phase
    this.remedy = text.remedy
  }
}
