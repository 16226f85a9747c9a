import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../scripts/postgres.ts'
import { migrate } from '../../server/src/platform/migrate.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TAGS = 300
const EVENTS_EACH = 20
const ORDERS_EACH = 3
/** The instant all of it ends at; the bench's clock begins there. */
export const DATA_NOW = new Date('2026-11-23T04:00:00Z')
export const KINDS = ['product.viewed', 'page.viewed', 'cart.added', 'favourite.added'] as const
export const PRODUCTS = 1_000

export interface History extends AsyncDisposable {
  databaseUrl: string
  corpId: string
  /** Where it lies; files made of it are kept there too. */
  folder: string
  tagIds: string[]
}

/**
 * A corp of so many customers with twenty events and three orders each, unevenly: a few do most (a power of chance). Kept
 * between runs for as long as this file stays as it is.
 */
export async function openHistory(contacts: number, say: (text: string) => void): Promise<History> {
  const folder = join(ROOT, 'data', `bench-engine-${contacts}`)
  const made = join(folder, 'made')
  const version = versionOf()
  if (!existsSync(made) || readFileSync(made, 'utf8') !== version) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const postgres = await startPostgres(folder)
  await migrate(postgres.url)
  if (!existsSync(made)) {
    say(`making ${contacts} customers with ${contacts * EVENTS_EACH} events, once …`)
    await fill(postgres.url, contacts)
    writeFileSync(made, version)
  }
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  const { rows: corps } = await client.query<{ id: string }>('select corp_id as id from corp')
  const { rows: tags } = await client.query<{ id: string }>('select tag_id as id from tag order by tag_id')
  // Every run begins with no segments and no facts.
  await client.query(
    'truncate segment_member, segment_flip, segment_version, segment, segment_clock, contact_change, contact_fact, fact cascade',
  )
  await client.end()
  return {
    databaseUrl: postgres.url,
    corpId: corps[0]!.id,
    folder,
    tagIds: tags.map((row) => row.id),
    [Symbol.asyncDispose]: () => postgres.stop(),
  }
}

/** Of this file alone: migrations go forward only, and newer ones are brought to rows that were made before them. */
const versionOf = (): string =>
  createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex')

async function fill(databaseUrl: string, contacts: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const run = (text: string) => client.query(text)
  const now = `'${DATA_NOW.toISOString()}'::timestamptz`
  await run(
    "set session_replication_role = replica; set work_mem = '256MB'; set maintenance_work_mem = '512MB'; set synchronous_commit = off; select setseed(0.2026)",
  )
  const { rows } = await run(
    `insert into corp (name, wecom_corpid, agent_id, callback_key, simulated, created_at) values ('bench', 'wwbench0000000002', 1, repeat('c', 32), true, ${now}) returning corp_id`,
  )
  const corpId = rows[0].corp_id as string
  await run(`insert into tag_group (corp_id, name, created_at) values (${corpId}, '分类', ${now})`)
  await run(
    `insert into tag (corp_id, tag_group_id, name, created_at) select ${corpId}, tag_group_id, '标签' || i, ${now} from tag_group, generate_series(1, ${TAGS}) i`,
  )
  await run(`
    insert into contact (corp_id, contact_id, name, first_added_at, last_added_at, followers, created_at, updated_at, staff_ids, tag_ids) overriding system value
    select ${corpId}, i, '客户' || i, ${now} - random() * interval '540 days', ${now} - random() * interval '540 days', 1, ${now}, ${now}, array[1 + i % 500],
      array(select distinct 1 + floor(power(random(), 3) * ${TAGS})::bigint from generate_series(1, 3) where i > 0) from generate_series(1, ${contacts}) i`)
  const someone = (power: number) => `1 + floor(power(random(), ${power}) * ${contacts})::bigint`
  await run(`
    insert into event (corp_id, contact_id, at, event_id, kind, source, trusted, props, recorded_at)
    select ${corpId}, contact_id, at, gen_random_uuid(), (array['${KINDS.join("','")}'])[1 + floor(power(random(), 2) * ${KINDS.length})], 'api', true,
      jsonb_build_object('productNo', 'P' || floor(power(random(), 2) * ${PRODUCTS})), ${now}
    from (select ${someone(2.2)} as contact_id, ${now} - random() * interval '180 days' as at from generate_series(1, ${contacts * EVENTS_EACH})) e
    order by contact_id, at`) // in the key's order: written as it is kept
  await run(`
    insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, source, updated_at)
    select ${corpId}, ${someone(1.8)}, 'own', 'N' || i, 'paid', at, at, 2000 + floor(power(random(), 3) * 60000)::bigint, 'import', at
    from (select i, ${now} - power(random(), 1.5) * interval '365 days' as at from generate_series(1, ${contacts * ORDERS_EACH}) i) o`)
  await run(`select setval(pg_get_serial_sequence('contact', 'contact_id'), ${contacts})`)
  await run('vacuum analyze')
  await client.end()
}
