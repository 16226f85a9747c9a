import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { spanMs } from '../../server/src/modules/segments/evaluate.ts'
import type { Condition, Rule } from '../../server/src/modules/segments/schema.ts'
import type { History } from './engine-data.ts'
import { KINDS } from './engine-data.ts'

const HOME = resolve(import.meta.dirname, '../duckdb')
/** As many as the machine the figures are told of has cores. */
const THREADS = 2

interface Connection {
  run(text: string): Promise<unknown>
  runAndReadAll(text: string): Promise<{ getRows(): unknown[][] }>
}

export interface Duck {
  /** How many a rule holds, over raw history. */
  count(rule: Rule, now: Date): Promise<number>
}

/** The same history in DuckDB's own file, each column in the smallest type that holds it, made once beside it. */
export async function openDuck(history: History, say: (text: string) => void): Promise<Duck> {
  const entry = join(HOME, 'node_modules/@duckdb/node-api/lib/index.js')
  if (!existsSync(entry)) {
    say('installing DuckDB, once …')
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: HOME, stdio: 'ignore' })
    if (status !== 0) throw new Error('DuckDB could not be installed: npm ci in bench/duckdb says why')
  }
  const { DuckDBInstance } = (await import(pathToFileURL(entry).href)) as {
    DuckDBInstance: {
      create(path: string, options: Record<string, string>): Promise<{ connect(): Promise<Connection> }>
    }
  }
  const file = join(history.folder, 'history.duckdb')
  const isNew = !existsSync(file)
  const connection = await (await DuckDBInstance.create(file, { threads: String(THREADS) })).connect()
  if (isNew) {
    say('copying the history to DuckDB, once …')
    await load(history, connection).catch((error) => {
      rmSync(file, { force: true }) // half a copy would be taken for a whole one
      throw error
    })
  }
  return {
    async count(rule, now) {
      const found = await connection.runAndReadAll(`select count(*) from (${overHistory(rule, now)})`)
      return Number(found.getRows()[0]![0])
    },
  }
}

async function load({ databaseUrl, folder, corpId }: History, duck: Connection): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const micros = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint`
  const kind = `array_position(array['${KINDS.join("','")}'], kind)`
  const tables = {
    event: {
      from: `select contact_id, ${micros('at')}, ${kind}, substr(props->>'productNo', 2)::int from event where corp_id = ${corpId}`,
      columns: "{'contact_id': 'INTEGER', 'at': 'BIGINT', 'kind': 'UTINYINT', 'product': 'USMALLINT'}",
    },
    orders: {
      from: `select contact_id, ${micros('paid_at')}, amount_fen, refunded_fen, state = 'closed' from customer_order where corp_id = ${corpId} and paid_at is not null`,
      columns:
        "{'contact_id': 'INTEGER', 'at': 'BIGINT', 'amount': 'INTEGER', 'refunded': 'INTEGER', 'closed': 'BOOLEAN'}",
    },
    tagged: {
      from: `select contact_id, unnest(tag_ids) from contact where corp_id = ${corpId}`,
      columns: "{'contact_id': 'INTEGER', 'tag_id': 'USMALLINT'}",
    },
  }
  for (const [name, { from, columns }] of Object.entries(tables)) {
    const csv = join(folder, `${name}.csv`)
    await client.query(`copy (${from}) to '${csv}' (format csv)`)
    await duck.run(`create table ${name} as select * from read_csv('${csv}', header = false, columns = ${columns})`)
    rmSync(csv)
  }
  await client.end()
  await duck.run('checkpoint')
}

/** What `recompute` says in PostgreSQL, in DuckDB's words: a set for each table, joined. Sums as doubles, exact below 2^53. */
function overHistory(rule: Rule, now: Date): string {
  const conditions = rule.of as Condition[]
  const before = (span: Parameters<typeof spanMs>[0]) => (now.getTime() - spanMs(span)) * 1_000
  const having = conditions.flatMap((c) => {
    if (!('deed' in c) || c.deed.kind !== 'order.paid') return []
    if (c.is === 'did') return [`count(*) >= ${c.atLeast ?? 1}`]
    if (c.is === 'total') return [`sum((amount - refunded)::double) >= ${c.atLeast ?? 0}`]
    if (c.is !== 'when') throw new Error(c.is)
    return [`max(at) <= ${before(c.olderThan!)} and max(at) > ${before(c.newerThan!)}`]
  })
  const sets = having.length
    ? [
        `select contact_id from orders where not closed and refunded < amount group by contact_id having ${having.join(' and ')}`,
      ]
    : []
  for (const c of conditions) {
    if (c.is === 'did' && c.within) {
      const where = c.deed.where.map((one) => ` and product = ${String(one.values[0]).slice(1)}`).join('')
      const kind = KINDS.indexOf(c.deed.kind as (typeof KINDS)[number]) + 1
      sets.push(
        `select contact_id from event where kind = ${kind} and at > ${before(c.within)}${where} group by contact_id having count(*) >= ${c.atLeast ?? 1}`,
      )
    }
    if (c.is === 'tags') sets.push(`select distinct contact_id from tagged where tag_id in (${c.any?.join(',')})`)
  }
  const [first, ...rest] = sets.map((set, i) => `(${set}) s${i}`)
  return `select contact_id from ${first}${rest.map((one) => ` join ${one} using (contact_id)`).join('')}`
}
