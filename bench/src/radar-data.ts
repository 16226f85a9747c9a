import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../scripts/postgres.ts'
import { migrate } from '../../server/src/platform/migrate.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const STAFF = 500
const MATERIALS = 120
const DAYS = 120
/** Of those who read, so many are somebody's customers. */
const CUSTOMERS = 0.7

export interface Readings extends AsyncDisposable {
  databaseUrl: string
  corpId: string
  views: number
  now: Date
}

/**
 * So many views of 120 materials, unevenly read (a cube of chance: the first takes a fifth), by one reader for every twenty
 * views, over the links of 500 members in four ways. The views lie twice: as a peer keeps them, and as ours with its sums.
 */
export async function openReadings(views: number, say: (text: string) => void): Promise<Readings> {
  const folder = join(ROOT, 'data', `bench-radar-${views}`)
  const mark = join(folder, 'made')
  const version = versionOf()
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== version) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const postgres = await startPostgres(folder)
  await migrate(postgres.url)
  if (!existsSync(mark)) {
    say(`making ${views} views, once …`)
    await fill(postgres.url, views, say)
    writeFileSync(mark, version)
  }
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  const { rows } = await client.query<{ corpId: string; now: Date }>(
    'select c.corp_id::text as "corpId", max(v.opened_at) as now from corp c, peer_view v group by 1',
  )
  await client.end()
  return { databaseUrl: postgres.url, views, ...rows[0]!, [Symbol.asyncDispose]: () => postgres.stop() }
}

function versionOf(): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  for (const name of ['0036_content.sql', '0038_radar.sql'])
    hash.update(readFileSync(join(ROOT, 'server/migrations', name)))
  return hash.digest('hex')
}

async function fill(databaseUrl: string, views: number, say: (text: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const run = async (what: string, text: string) => {
    const start = performance.now()
    await client.query(text)
    say(`${what}: ${Math.round((performance.now() - start) / 1000)} s`)
  }
  await client.query(
    "set synchronous_commit = off; set work_mem = '512MB'; set timezone = 'Asia/Shanghai'; select setseed(0.42)",
  )
  const readers = Math.ceil(views / 20)
  const { rows } = await client.query<{ id: string }>(
    "insert into corp (name, wecom_corpid, agent_id, callback_key, simulated, created_at) values ('bench', 'wwbenchradar', 1, repeat('b', 32), true, now()) returning corp_id as id",
  )
  const corpId = rows[0]!.id
  await run(
    'people',
    `
    insert into staff (corp_id, userid, name, follows, updated_at) select ${corpId}, 's' || i, '成员' || i, true, now() from generate_series(1, ${STAFF}) i;
    insert into contact (corp_id, contact_id, name, followers, staff_ids, created_at, updated_at) overriding system value
      select ${corpId}, i, '客户' || i, case when random() < ${CUSTOMERS} then 1 else 0 end, array[1 + (i % ${STAFF})]::bigint[], now(), now() from generate_series(1, ${readers}) i;
    update contact set staff_ids = '{}' where followers = 0;
    insert into material (corp_id, material_id, kind, title, summary, content, file_ids, live_version, newest_version, labels, title_folded, words, grams, created_by, created_at, updated_at) overriding system value
      select ${corpId}, i, 'article', '素材' || i, '', '{"blocks":[]}', '{}', 1, 1, '{}', '素材' || i, '素材' || i, '{}', 'bench', now(), now() from generate_series(1, ${MATERIALS}) i`,
  )
  await run(
    'views',
    `create table peer_view as
    select i as id, 1 + floor(random() ^ 3 * ${MATERIALS})::bigint as material_id, 1 + floor(random() ^ 2 * ${STAFF})::bigint as staff_id, (array['chat', 'group', 'moment', 'broadcast'])[1 + floor(random() * 4)::int] as channel,
      1 + floor(random() ^ 1.5 * ${readers})::bigint as contact_id, date_trunc('milliseconds', timestamptz '2026-11-30 18:00:00+08' - random() ^ 1.5 * interval '${DAYS} days') as opened_at,
      2 + floor(random() ^ 3 * 400)::int as seconds, floor(random() * 101)::smallint as depth
    from generate_series(1, ${views}) i`,
  )
  await run(
    'links',
    `insert into radar_link (corp_id, token_sealed, target_mark, material_id, version, staff_id, channel, created_at)
    select ${corpId}, '\\x00', substring(sha256((material_id || ' ' || staff_id || ' ' || channel)::bytea) from 1 for 16), material_id, 1, staff_id, channel, min(opened_at) from peer_view group by material_id, staff_id, channel`,
  )
  await run(
    'our views',
    `drop index radar_view_open; drop index radar_view_reader;
    insert into radar_view (corp_id, view_id, link_id, material_id, version, staff_id, channel, contact_id, known, opened_at, heard_at, beat, seconds, depth, settled)
    select ${corpId}, (lpad(to_hex((extract(epoch from v.opened_at) * 1000)::bigint), 12, '0') || left(md5(v.id::text), 20))::uuid, l.link_id, v.material_id, 1, v.staff_id, v.channel, v.contact_id, true, v.opened_at, v.opened_at, 1, v.seconds, v.depth, true
    from peer_view v join radar_link l on l.corp_id = ${corpId} and l.material_id = v.material_id and l.staff_id = v.staff_id and l.channel = v.channel order by 2;
    create index radar_view_open on radar_view (corp_id, heard_at) where not settled;
    create index radar_view_reader on radar_view (corp_id, contact_id, material_id, opened_at) where contact_id is not null`,
  )
  await run(
    'readers',
    `drop index radar_reader_last; drop index radar_reader_opens; drop index radar_reader_seconds; drop index radar_reader_contact;
    insert into radar_reader (corp_id, material_id, contact_id, opens, seconds, depth, known, first_at, last_at)
    select ${corpId}, material_id, contact_id, count(*), sum(seconds), max(depth), true, min(opened_at), max(opened_at) from peer_view group by material_id, contact_id;
    create index radar_reader_last on radar_reader (corp_id, material_id, last_at desc, contact_id desc);
    create index radar_reader_opens on radar_reader (corp_id, material_id, opens desc, contact_id desc);
    create index radar_reader_seconds on radar_reader (corp_id, material_id, seconds desc, contact_id desc);
    create index radar_reader_contact on radar_reader (corp_id, contact_id)`,
  )
  const facets = `lateral (values (''), ('staff:' || v.staff_id), ('channel:' || v.channel)) as f(facet)`
  await run(
    'seen',
    `insert into radar_seen (corp_id, material_id, facet, contact_id, last_on)
    select ${corpId}, material_id, f.facet, contact_id, max(opened_at)::date from peer_view v, ${facets} group by material_id, f.facet, contact_id order by 2, 3, 4`,
  )
  await run(
    'sums',
    `insert into radar_sum (corp_id, material_id, facet, opens, people, readings, seconds, depths)
    select ${corpId}, material_id, f.facet, count(*), count(distinct contact_id), count(*), sum(seconds),
      array[${Array.from({ length: 11 }, (_, i) => `(count(*) filter (where depth / 10 = ${i}))::int`).join()}]
    from peer_view v, ${facets} group by material_id, f.facet`,
  )
  await run(
    'days',
    `insert into radar_day (corp_id, material_id, facet, on_day, opens, people, seconds)
    select ${corpId}, material_id, f.facet, opened_at::date, count(*), count(distinct contact_id), sum(seconds) from peer_view v, ${facets} group by material_id, f.facet, opened_at::date`,
  )
  // As well as a peer's table can be laid out for what is asked of it: everything in one index.
  await run(
    'peer index',
    'create index peer_view_material on peer_view (material_id, opened_at) include (contact_id, seconds)',
  )
  await run('vacuum', 'vacuum analyze')
  await client.end()
}
