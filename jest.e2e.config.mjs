import unit from './jest.config.mjs'

/** End-to-end tests: the built dist/index.js against a real engine, one file at a time. */
export default {
  ...unit,
  testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
  maxWorkers: 2
}
