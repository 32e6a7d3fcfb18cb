/** The rules that the `ignore` input may name; a test keeps them equal to the registry of the rules. */

/** Slugs of all rules, in the order of the report. */
export const RULE_NAMES = [
  'mount-missing',
  'mount-shadowed',
  'mount-size',
  'mount-mode',
  'mount-flags',
  'mount-inaccessible',
  'mount-swappable',
  'image-content-hidden',
  'secret-not-in-tmpfs',
  'secret-readable-by-others',
  'secret-in-layer',
  'secret-in-image-config',
  'secret-in-history',
  'secret-in-attestation',
  'secret-in-build-log',
  'secret-in-container-config',
  'secret-in-writable-layer',
  'secret-in-volume',
  'secret-in-other-tmpfs',
  'secret-in-logs',
  'secret-in-process',
  'inside-view-differs',
  'container-exited',
  'nothing-proven',
  'source-unread'
] as const

/** Allows an option of `run-options` that voids the proof; its GLOB is matched against the option. */
export const UNSAFE_RUN_OPTIONS = 'unsafe-run-options'
/** Allows real secrets beside the code of a fork; see trust.ts. */
export const UNTRUSTED_CODE = 'untrusted-code'

/** Refusals of the inputs themselves that a reason can lift. They make no findings. */
export const INPUT_RULES = [UNSAFE_RUN_OPTIONS, UNTRUSTED_CODE] as const
