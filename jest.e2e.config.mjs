import unit from './jest.config.mjs'

/** End-to-end tests: the built dist/index.js against real engines. Most of the time they wait, so some run side by side. */
export default {
  ...unit,
  testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/__tests__/e2e/support/global-setup.mjs',
  globalTeardown: '<rootDir>/__tests__/e2e/support/global-teardown.mjs',
  testTimeout: 300_000,
  maxWorkers: 2,
  maxConcurrency: 2
}
