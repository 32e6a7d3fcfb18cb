import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/**
 * Data flows one way: inputs → docker → secrets → sources → scan → Evidence → rules → verdict → report → publish.
 * Each folder lists what it must not import.
 */
const closed = (folder, ...patterns) => ({
  files: [`src/${folder}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: patterns.map((group) => ({ group: [group], message: `not from ${folder}: see docs/architecture.md` }))
      }
    ]
  }
})

const effects = ['@actions/*', 'node:child_process', 'node:fs', 'node:fs/*']
const pure = ['**/docker/*', '**/sources/*', '**/publish.js', ...effects]

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'node_modules/', 'coverage/', 'bench/out/', 'examples/', '__tests__/e2e/cases/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 250, skipComments: true, skipBlankLines: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts', 'src/post.ts', 'src/reader.ts', 'src/inputs/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'process.env is read in inputs/ and entries only'
        },
        {
          selector: 'Program > ExpressionStatement > CallExpression',
          message: 'no top-level effect outside the entries'
        }
      ]
    }
  },
  closed('rules/**', ...pure, '**/scan/*', '**/secrets/*', '**/inputs/*', '**/report/*'),
  closed('report/**', ...pure, '**/scan/*', '**/secrets/*'),
  closed('kernel/**', ...pure, '**/scan/*', '**/secrets/*', '**/rules/*', '**/report/*', '**/inputs/*'),
  closed('secrets/**', ...pure, '**/rules/*', '**/report/*', '**/inputs/*'),
  closed(
    'scan/**',
    '@actions/*',
    'node:child_process',
    '**/docker/*',
    '**/sources/*',
    '**/rules/*',
    '**/report/*',
    '**/inputs/*'
  ),
  closed('docker/**', '**/sources/*', '**/scan/*', '**/secrets/*', '**/rules/*', '**/report/*', '**/reader/*'),
  closed('reader/**', '@actions/*', '**/docker/*', '**/sources/*', '**/rules/*', '**/report/*', '**/inputs/*'),
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        performance: 'readonly'
      }
    }
  },
  { files: ['__tests__/**/*.ts', 'bench/**/*.ts'], rules: { 'max-lines': 'off' } }
)
