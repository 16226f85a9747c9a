import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../scripts/postgres.ts'
import { migrate } from '../src/platform/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** One PostgreSQL for the whole run, with a migrated template that each test's database is cloned from. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'siyu-test-'))
  chmodSync(folder, 0o755)
  const postgres = await startPostgres(folder, { durable: false })
  await migrate(postgres.url)
  const admin = new pg.Client({ connectionString: adminUrl(postgres.url) })
  await admin.connect()
  await admin.query('create database siyu_template template siyu')
  await admin.end()
  provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const adminUrl = (url: string) => url.replace(/\/siyu$/, '/postgres')
