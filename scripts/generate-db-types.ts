import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../server/src/platform/migrate.ts'
import { startPostgres } from './postgres.ts'

// Writes server/src/platform/db-types.ts from a freshly migrated database; with --verify only compares.
const folder = mkdtempSync(join(tmpdir(), 'siyu-types-'))
chmodSync(folder, 0o755)
const postgres = await startPostgres(folder, { durable: false })
try {
  await migrate(postgres.url)
  const out = join(import.meta.dirname, '../server/src/platform/db-types.ts')
  execFileSync(
    process.execPath,
    [
      join(import.meta.dirname, '../node_modules/kysely-codegen/dist/cli/bin.js'),
      '--dialect',
      'postgres',
      '--url',
      postgres.url,
      '--camel-case',
      '--exclude-pattern',
      '{event_2*,event_default,schema_migration,graphile_worker.*}',
      '--out-file',
      out,
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  )
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
