import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { DB } from './db-types.ts'
import { sha256 } from './secrets.ts'

export type Db = Kysely<DB>
export type Tx = Transaction<DB>

export interface Pools {
  /** Requests of people and of WeCom. */
  api: Db
  /** Callback intake alone, so that a slow page never keeps WeCom waiting. */
  intake: pg.Pool
  /** Jobs and dispatchers. */
  work: Db
  workPool: pg.Pool
  stop(): Promise<void>
}

/**
 * Begins a statement that a connection keeps prepared, under a name made of its text. For hot statements that take longer
 * to plan than to run (joins over the journal's many months) and whose plan does not hang on their values.
 */
export const PREPARED = sql.raw('/* prepared */')

class Client extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's own many shapes, handed through
  override query(...[text, ...rest]: any[]): any {
    if (typeof text !== 'string' || !text.startsWith('/* prepared */'))
      return super.query(...([text, ...rest] as [never]))
    const name = sha256(text).subarray(0, 12).toString('hex')
    return super.query(...([{ name, text }, ...rest] as [never]))
  }
}

/** The serving role is taken at connect: from then on row-level security holds, whoever DATABASE_URL signs in as. */
function servingPool(url: string, max: number, name: string, statementTimeoutMs: number): pg.Pool {
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    max,
    application_name: `siyu-${name}`,
    options: `-c role=siyu_app -c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=60000 -c lock_timeout=10000 -c timezone=Asia/Shanghai`,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  })
  pool.on('error', () => {}) // an idle connection was cut; the pool opens another when asked
  pool.on('connect', (client) => void client.on('error', () => {})) // one at work was cut: its query says so
  return pool
}

export function kyselyOn(pool: pg.Pool): Db {
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
}

export function openPools(url: string, size: { api: number; intake: number; work: number }): Pools {
  const [apiPool, intake, workPool] = [
    servingPool(url, size.api, 'api', 15_000),
    servingPool(url, size.intake, 'intake', 3_000),
    servingPool(url, size.work, 'work', 120_000),
  ]
  return {
    api: kyselyOn(apiPool),
    intake,
    work: kyselyOn(workPool),
    workPool,
    stop: async () => void (await Promise.all([apiPool.end(), intake.end(), workPool.end()])),
  }
}

/** Deadlock, serialization failure: PostgreSQL has undone the transaction so that another could go on. */
const UNDONE = new Set(['40P01', '40001'])
const TRIES = 3

/** What this transaction had read was changed by another before it could lock it: `inCorp` begins again and reads anew. */
export class Overtaken extends Error {
  constructor() {
    super('overtaken by another writer')
  }
}

const isUndone = (error: unknown): boolean =>
  error instanceof Overtaken || (error instanceof pg.DatabaseError && UNDONE.has(error.code ?? ''))

/**
 * Runs `work` in a transaction that sees one corp's rows and no other's. The only door to tenant tables. A transaction
 * PostgreSQL undid to end a deadlock is begun again, so `work` changes nothing but the database until it has returned.
 */
export async function inCorp<T>(db: Db, corpId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async (tx) => {
        await sql`select set_config('siyu.corp_id', ${corpId}, true)`.execute(tx)
        return work(tx)
      })
    } catch (error) {
      if (attempt === TRIES || !isUndone(error)) throw error
    }
  }
}
