import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      '{wecom,simulator,server,console,mobile,tracker,bench,scripts}/**/*.test.ts',
      '{wecom,simulator,server,console}/**/*.test.tsx',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', 'e2e/**'],
    globalSetup: ['server/test/global-setup.ts'],
    pool: 'forks',
    // Half of a test's time is PostgreSQL's: on two cores two files at once wait for each other little.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  },
})
