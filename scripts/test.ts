import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findBrowser } from './browser.ts'

// `npm test`: the checks, then unit and integration tests on real PostgreSQL, a few seeds of chaos, then the browser. All run even when an
// earlier one failed, so that one run tells everything; the last line counts them.
const ROOT = resolve(import.meta.dirname, '..')
const results = mkdtempSync(join(tmpdir(), 'siyu-results-'))
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)
const run = (command: string, args: string[], env: Record<string, string> = {}) =>
  spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    .status === 0

let passed = 0
let failed = 0
const count = (ok: boolean) => void (ok ? passed++ : failed++)
process.env.PATH = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`

try {
  count(run(process.execPath, ['scripts/check.ts']))

  const unit = join(results, 'unit.json')
  const unitOk = run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`])
  const report = readReport<{ numPassedTests: number; numFailedTests: number; numFailedTestSuites: number }>(unit)
  passed += report?.numPassedTests ?? 0
  failed += Math.max((report?.numFailedTests ?? 0) || (report?.numFailedTestSuites ?? 0), unitOk ? 0 : 1)

  // A taste of `npm run chaos`: seeded faults on both sides of a real server, and two kill -9 of it under load.
  count(
    run(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      'bench/src/chaos/main.ts',
      '--seeds',
      '8',
      '--kills',
      '2',
    ]),
  )

  const browser = join(results, 'browser.json')
  const browserOk = run(bin('playwright'), ['test'], {
    SIYU_CHROMIUM: findBrowser(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: browser,
  })
  const stats = readReport<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(
    browser,
  )?.stats
  passed += stats?.expected ?? 0
  failed += Math.max((stats?.unexpected ?? 0) + (stats?.flaky ?? 0) + (stats?.skipped ?? 0), browserOk ? 0 : 1)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  failed++
} finally {
  rmSync(results, { recursive: true, force: true })
}
if (passed === 0) failed = Math.max(failed, 1)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined // it died before it could write: counted as a failure by its exit code
  }
}
