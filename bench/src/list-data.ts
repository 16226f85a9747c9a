import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../scripts/postgres.ts'
import { migrate } from '../../server/src/platform/migrate.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const STAFF = 2_000
const TAGS = 300
/** What the tables must hold: 5 tags and 1.6 follows a contact. */
const TAGS_EACH = 5
const SECOND_FOLLOW = 0.6

export interface Million extends AsyncDisposable {
  databaseUrl: string
  corpId: string
  /** By how common they are, the commonest first. */
  tagIds: string[]
  staffIds: string[]
}

/**
 * A corp of so many contacts in a database of its own, kept between runs for as long as the schema and this file stay as
 * they are. Tags are unevenly liked (a cube of chance), names are two or three characters of a small alphabet.
 */
export async function openMillion(contacts: number, say: (text: string) => void): Promise<Million> {
  const folder = join(ROOT, 'data', `bench-list-${contacts}`)
  const mark = join(folder, 'made')
  const version = versionOf()
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== version) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const postgres = await startPostgres(folder)
  await migrate(postgres.url)
  if (!existsSync(mark)) {
    say(`making ${contacts} contacts, once …`)
    await fill(postgres.url, contacts)
    writeFileSync(mark, version)
  }
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  const ids = async (text: string) => (await client.query<{ id: string }>(text)).rows.map((row) => row.id)
  const [[corpId], tagIds, staffIds] = [
    await ids('select corp_id as id from corp'),
    await ids('select tag_id as id from tag order by tag_id'),
    await ids('select staff_id as id from staff order by staff_id'),
  ]
  await client.end()
  return {
    databaseUrl: postgres.url,
    corpId: corpId!,
    tagIds,
    staffIds,
    [Symbol.asyncDispose]: () => postgres.stop(),
  }
}

function versionOf(): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  const folder = join(ROOT, 'server/migrations')
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

async function fill(databaseUrl: string, contacts: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const run = (text: string) => client.query(text)
  await run("set session_replication_role = replica; set work_mem = '256MB'; set maintenance_work_mem = '512MB'")
  await run('set synchronous_commit = off; select setseed(0.2026)')
  const corp = await run(
    "insert into corp (name, wecom_corpid, agent_id, callback_key, simulated, created_at) values ('bench', 'wwbench0000000001', 1, repeat('b', 32), true, now()) returning corp_id",
  )
  const corpId = corp.rows[0].corp_id as string
  await run(
    `insert into staff (corp_id, userid, name, follows, updated_at) select ${corpId}, 'u' || i, '导购' || i, true, now() from generate_series(1, ${STAFF}) i`,
  )
  await run(`insert into tag_group (corp_id, name, created_at) values (${corpId}, '分类', now())`)
  await run(
    `insert into tag (corp_id, tag_group_id, name, wecom_tag_id, created_at) select ${corpId}, g.tag_group_id, '标签' || i, 'et' || i, now() from tag_group g, generate_series(1, ${TAGS}) i`,
  )
  await run('drop index contact_sets; drop index contact_grams; drop index follow_tag_tag')
  await run(`
    create temp table person as
    select i as contact_id, now() - random() * interval '540 days' as added_at, random() < 0.06 as lost, (random() * 2)::int as gender,
      (select string_agg(substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜春夏秋冬晚晴雨雪云月星河山川林木花草安宁静和', 1 + (random() * 57)::int, 1), '') from generate_series(1, 2 + (i % 2)) where i > 0) as name,
      1 + (random() * ${STAFF - 1})::int as staff_id, case when random() < ${SECOND_FOLLOW} then 1 + (random() * ${STAFF - 1})::int end as second_id
    from generate_series(1, ${contacts}) i`)
  await run(`
    create temp table carried as
    select distinct p.contact_id, p.staff_id, 1 + floor(power(random(), 3) * ${TAGS})::int as tag_id from person p cross join generate_series(1, ${TAGS_EACH}) n`)
  await run(`
    insert into contact (corp_id, contact_id, name, gender, first_added_at, last_added_at, followers, lost_at, created_at, updated_at, staff_ids, past_staff_ids, tag_ids, words, grams) overriding system value
    select ${corpId}, p.contact_id, p.name, p.gender, p.added_at, p.added_at, case when lost then 0 else cardinality(f.ids) end, case when lost then p.added_at + interval '1 day' end, now(), now(),
      case when lost then '{}' else f.ids end, case when lost then f.ids else '{}' end, coalesce(t.tag_ids, '{}'), p.name, text_grams(p.name)
    from person p cross join lateral (select array_agg(distinct s order by s) as ids from unnest(array[p.staff_id, p.second_id]::bigint[]) s where s is not null) f
    left join (select contact_id, array_agg(tag_id::bigint order by tag_id) as tag_ids from carried group by 1) t using (contact_id)`)
  await run(
    `insert into contact_identity (corp_id, kind, value, contact_id, created_at) select ${corpId}, 'external_userid', 'wm' || md5(contact_id::text), contact_id, now() from person`,
  )
  await run(`
    insert into follow (corp_id, contact_id, staff_id, added_at, lost_at, updated_at)
    select ${corpId}, contact_id, s, added_at, case when lost then added_at + interval '1 day' end, now() from person, unnest(array[staff_id, nullif(second_id, staff_id)]) s where s is not null`)
  await run(
    `insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, added_at, pushed_at) select ${corpId}, contact_id, staff_id, tag_id, 'wecom', now(), now() from carried order by 2, 3, 4`,
  )
  for (const [, definition] of INDEXES) await run(definition)
  await run(`select setval(pg_get_serial_sequence('contact', 'contact_id'), ${contacts})`)
  await makePeerTables(client, corpId)
  await run('vacuum analyze')
  await client.end()
}

/** As the migrations have them; built once the rows are there. */
const INDEXES = [
  ['contact_sets', 'create index contact_sets on contact using gin (corp_id, tag_ids, staff_ids, past_staff_ids)'],
  ['contact_grams', 'create index contact_grams on contact using gin (corp_id, grams)'],
  ['follow_tag_tag', 'create index follow_tag_tag on follow_tag (corp_id, tag_id, contact_id, staff_id)'],
] as const

/** The same rows as two peers keep them: a relation with its tags as a text with commas, and tags of relations in rows. */
async function makePeerTables(client: pg.Client, corpId: string): Promise<void> {
  await client.query(`
    create table peer_relation as
    select row_number() over () as id, f.contact_id, f.staff_id, c.name, c.gender, f.added_at, f.lost_at is not null as lost, array_to_string(c.tag_ids, ',') as tag_ids
    from follow f join contact c on c.corp_id = f.corp_id and c.contact_id = f.contact_id where f.corp_id = ${corpId};
    alter table peer_relation add primary key (id);
    create index on peer_relation (staff_id); create index on peer_relation (added_at desc);
    create table peer_tag as select r.id as relation_id, t.tag_id from peer_relation r join follow_tag t on t.contact_id = r.contact_id and t.corp_id = ${corpId};
    create index on peer_tag (relation_id); create index on peer_tag (tag_id)`)
}
