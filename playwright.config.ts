import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

// The whole product, started the way a newcomer starts it, on ports and data of its own.
// Playwright reads this file again in each worker: the folder must be made once and then handed down.
process.env.SIYU_E2E_DATA ??= mkdtempSync(join(tmpdir(), 'siyu-e2e-'))
chmodSync(process.env.SIYU_E2E_DATA, 0o755)
const PORT = Number(process.env.SIYU_E2E_PORT ?? 7790)

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? 'test-results/report.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.SIYU_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: 'node scripts/start.ts',
    url: `http://127.0.0.1:${PORT}/readyz`,
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 25_000 },
    stdout: 'ignore',
    stderr: 'pipe',
    env: {
      SIYU_PORT: String(PORT),
      SIYU_SIM_PORT: String(PORT + 1),
      SIYU_DATA_DIR: process.env.SIYU_E2E_DATA,
      SIYU_ADMIN_PASSWORD: 'e2e-password-1',
      SIYU_LOG_LEVEL: 'error',
    },
  },
})
