import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { World } from '../world.ts'

/** Something that must never be, with enough to find it. */
export type Violation = string

interface TruthFollow {
  kind: 'follow'
  userid: string
  externalUserid: string
  remark: string
  description: string
  createtime: number
  tags: string[]
  half?: boolean
}

/** I3: the contact graph equals the simulator's truth: every follow with its remark, tags and time, and nothing else. */
export async function judgeGraph(client: pg.Pool, world: World, corpid: string): Promise<Violation[]> {
  const truth = await readTruth(world, corpid)
  const { rows } = await client.query<{ key: string }>(
    `
    select i.value || ' ' || lower(s.userid) || ' ' || extract(epoch from f.added_at)::bigint || ' ' || f.remark || '|' || f.description || '|' ||
      coalesce((select string_agg(t.wecom_tag_id, ',' order by t.wecom_tag_id collate "C") from follow_tag ft join tag t using (corp_id, tag_id)
        where ft.corp_id = f.corp_id and ft.contact_id = f.contact_id and ft.staff_id = f.staff_id), '') as key
    from follow f join corp c using (corp_id) join staff s using (corp_id, staff_id)
      join contact_identity i on i.corp_id = f.corp_id and i.contact_id = f.contact_id and i.kind = 'external_userid'
    where c.wecom_corpid = $1 and f.lost_at is null`,
    [corpid],
  )
  const ours = new Set(rows.map((r) => r.key))
  const theirs = new Set(
    truth.map(
      (f) =>
        `${f.externalUserid} ${f.userid.toLowerCase()} ${f.createtime} ${f.remark}|${f.description}|${[...f.tags].sort().join(',')}`,
    ),
  )
  return [
    ...[...theirs].filter((key) => !ours.has(key)).map((key) => `I3 ${corpid}: WeCom has, we lack: ${key}`),
    ...[...ours].filter((key) => !theirs.has(key)).map((key) => `I3 ${corpid}: we have, WeCom lacks: ${key}`),
  ]
}

export async function readTruth(world: World, corpid: string): Promise<TruthFollow[]> {
  const response = await fetch(`${world.simulatorUrl}/control/corps/${corpid}/truth`)
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('{"kind":"follow"'))
  return lines.map((line) => JSON.parse(line) as TruthFollow).filter((follow) => !follow.half)
}

/** I1, I2: every acknowledged callback lies in the inbox once and ended done. */
export async function judgeInbox(client: pg.Pool, world: World, corpid: string): Promise<Violation[]> {
  const { entries } = await world.control<{ entries: { ok: boolean; callback?: { xml: string } }[] }>(
    'GET',
    `/wire?corpid=${corpid}&direction=callback&limit=5000`,
  )
  const acked = new Set(entries.flatMap((entry) => (entry.ok && entry.callback ? [entry.callback.xml] : [])))
  const { rows } = await client.query<{ hash: string; state: string }>(
    "select encode(plain_hash, 'hex') as hash, i.state from callback_inbox i join corp c using (corp_id) where c.wecom_corpid = $1",
    [corpid],
  )
  const stored = new Map(rows.map((row) => [row.hash, row.state]))
  const lost = [...acked].filter((xml) => !stored.has(createHash('sha256').update(xml).digest('hex')))
  return [
    ...lost.map((xml) => `I1 ${corpid}: acknowledged and not stored: ${xml.slice(0, 300)}`),
    ...rows
      .filter((row) => row.state !== 'done' && row.state !== 'unknown_kind')
      .map((row) => `I2 ${corpid}: a callback ended ${row.state}`),
  ]
}

interface Welcome {
  code: string
  issuedWireMs: number
  usedWireMs?: number
  late: boolean
  attempts: { errcode: number; wireMs: number }[]
}

/** I4: each code was accepted at most once, and nothing was called after 18 seconds or after it had been accepted. */
export async function judgeWelcomes(world: World, corpid: string): Promise<Violation[]> {
  const { welcomes } = await world.control<{ welcomes: Welcome[] }>('GET', `/corps/${corpid}/welcomes`)
  return welcomes.flatMap((welcome) => [
    ...(welcome.attempts.filter((a) => a.errcode === 0).length > 1
      ? [`I4 ${corpid}: welcome ${welcome.code} accepted twice`]
      : []),
    ...(welcome.late || welcome.attempts.some((a) => a.wireMs - welcome.issuedWireMs > 20_000)
      ? [`I4 ${corpid}: welcome ${welcome.code} called late`]
      : []),
    ...(welcome.usedWireMs !== undefined && welcome.attempts.some((a) => a.wireMs > welcome.usedWireMs!)
      ? [`I4 ${corpid}: welcome ${welcome.code} called again after it was sent`]
      : []),
  ])
}

/** The journal tells each friendship once: one `contact.added` per pair and createtime. */
export async function judgeJournal(client: pg.Pool, corpid: string): Promise<Violation[]> {
  const { rows } = await client.query<{ n: number; who: string }>(
    `
    select count(*)::int as n, e.contact_id || ' ' || e.staff_id || ' ' || e.at as who from event e join corp c using (corp_id)
    where c.wecom_corpid = $1 and e.kind = 'contact.added' group by e.contact_id, e.staff_id, e.at having count(*) > 1`,
    [corpid],
  )
  const { rows: missing } = await client.query<{ who: string }>(
    `
    select f.contact_id || ' ' || f.staff_id as who from follow f join corp c using (corp_id) where c.wecom_corpid = $1 and f.lost_at is null
      and not exists (select from event e where e.corp_id = f.corp_id and e.contact_id = f.contact_id and e.staff_id = f.staff_id and e.kind = 'contact.added' and e.at = f.added_at)`,
    [corpid],
  )
  return [
    ...rows.map((row) => `journal ${corpid}: ${row.who} told ${row.n} times`),
    ...missing.map((row) => `journal ${corpid}: ${row.who} never told`),
  ]
}
