import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from './db.ts'

const FOLDER = join(import.meta.dirname, '../../migrations')
const MIGRATION_LOCK = 7_700_001

/** SQL of our own around the job queue: its tables refuse the serving role, so one function may enqueue for it. */
const JOBS_DOOR = `
create or replace function enqueue_job(name text, payload json, job_key text, run_at timestamptz, lane text, max_tries int)
returns void language sql security definer set search_path = pg_catalog as $$
  select graphile_worker.add_job(name, payload, queue_name => lane, run_at => run_at, max_attempts => max_tries, job_key => job_key)
$$;
revoke all on function enqueue_job from public;
grant execute on function enqueue_job to siyu_app;`

/** The schema is newer or other than this program's files: refuse rather than guess. */
export class SchemaMismatch extends Error {
  override name = 'SchemaMismatch'
}

/** Brings the database to this program's schema, each file in its own transaction, once. Concurrent callers wait. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'siyu-migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query(
      'create table if not exists schema_migration (name text primary key, sha256 text not null, at timestamptz not null default now())',
    )
    const applied = await applyFiles(client)
    await runMigrations({ connectionString: databaseUrl, logger: quietLogger() })
    await client.query(JOBS_DOOR)
    await client.query('grant select on schema_migration to siyu_app')
    await trustArrayOperators(client)
    await ensureEventPartitions(client, new Date())
    return applied
  } finally {
    await client.end()
  }
}

/**
 * Under row-level security PostgreSQL uses an index only for operators it knows to leak nothing, and it has never been
 * told so of arrays: without this the customer list filters a million rows by tag one by one (ADR 11). Comparing bigints
 * says nothing about them. Only a superuser may say it, and a dump does not carry it: so it is said at every start, and
 * where it may not be said, lists are right and slower.
 */
async function trustArrayOperators(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select proname as name from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname = any($1) and not proleakproof",
    [['arrayoverlap', 'arraycontains', 'arraycontained']],
  )
  for (const { name } of rows) {
    try {
      await client.query(`alter function pg_catalog.${name}(anyarray, anyarray) leakproof`)
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '42501') return // not a superuser
      throw error
    }
  }
}

/** Throws unless the database holds exactly this program's migrations: another version may have moved it on meanwhile. */
export async function checkMigrations(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from schema_migration order by name`.execute(db)
  const [have, files] = [rows.map((r) => r.name).join(), (await migrationFiles()).join()]
  if (have !== files) throw new SchemaMismatch('the database is at another version than this program')
}

async function migrationFiles(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
}

async function applyFiles(client: pg.Client): Promise<string[]> {
  const done = new Map(
    (await client.query<{ name: string; sha256: string }>('select name, sha256 from schema_migration')).rows.map(
      (r) => [r.name, r.sha256],
    ),
  )
  const files = await migrationFiles()
  const foreign = [...done.keys()].filter((name) => !files.includes(name))
  if (foreign.length > 0)
    throw new SchemaMismatch(
      `the database has migrations this version does not know: ${foreign.join(', ')}. Start the newer version instead.`,
    )
  const applied: string[] = []
  for (const name of files) {
    const text = await readFile(join(FOLDER, name), 'utf8')
    const sha256 = createHash('sha256').update(text).digest('hex')
    if (done.has(name)) {
      if (done.get(name) !== sha256)
        throw new SchemaMismatch(`migration ${name} was edited after it had been applied; add a new file instead`)
      continue
    }
    await client.query('begin')
    try {
      await client.query(text)
      await client.query('insert into schema_migration (name, sha256) values ($1, $2)', [name, sha256])
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
    applied.push(name)
  }
  return applied
}

const PAST_MONTHS = 30
const COMING_MONTHS = 3

/** Monthly partitions of the journal. What falls outside goes to the default partition and is still right, only slower. */
export async function ensureEventPartitions(client: pg.ClientBase, now: Date): Promise<void> {
  const month = (offset: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1))
  const have = new Set(
    (
      await client.query<{ name: string }>("select relname as name from pg_class where relname like 'event_2%'")
    ).rows.map((r) => r.name),
  )
  for (let offset = -PAST_MONTHS; offset <= COMING_MONTHS; offset++) {
    const [from, to] = [month(offset).toISOString(), month(offset + 1).toISOString()]
    const name = `event_${from.slice(0, 4)}_${from.slice(5, 7)}`
    if (have.has(name)) continue
    const { rows } = await client.query<{ taken: boolean }>(
      'select exists (select from event_default where at >= $1 and at < $2) as taken',
      [from, to],
    )
    if (rows[0]?.taken) continue // its rows already live in the default partition
    await client.query(`create table ${name} partition of event for values from ('${from}') to ('${to}')`)
    await client.query(`revoke all on ${name} from siyu_app`)
  }
}

function quietLogger(): Logger {
  return new Logger(() => () => {})
}
