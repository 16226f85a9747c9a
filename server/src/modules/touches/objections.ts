import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { BLOCK } from './blocks.ts'
import { FATE } from './fates.ts'
import type { Channel, Policy } from './schema.ts'

/**
 * Why customers of some blocks must not be written to, whatever the caps say: the weightiest reason of each.
 * Asked when planned and again when sent. `contactIds` narrows it to few; otherwise all of the blocks are read.
 */
export async function readObjections(
  tx: Tx,
  corpId: string,
  blocks: readonly number[],
  { channel, topic, at, policy, contactIds }: ObjectionQuery,
): Promise<Map<string, number>> {
  const agreement = policy.agreements.find((one) => one.topic === topic)?.kind ?? null
  const ids = contactIds ? [...contactIds] : null
  const among = (column: string) => sql`(${ids}::bigint[] is null or ${sql.ref(column)} = any(${ids}::bigint[]))`
  const block = sql`unnest(${[...blocks]}::bigint[]) as b(block)`
  const within = (column: string) =>
    sql`${sql.ref(column)} >= b.block * ${sql.lit(BLOCK)} and ${sql.ref(column)} < (b.block + 1) * ${sql.lit(BLOCK)}`
  const { rows } = await sql<{ contactId: string; fate: number }>`
    select contact_id, min(fate) as fate from (
      select c.contact_id, ${FATE.noFriend}::int as fate from ${block} join contact c on ${within('c.contact_id')}
        where c.corp_id = ${corpId}::bigint and (c.followers = 0 or c.lost_at is not null) and ${among('c.contact_id')}
      union all
      select r.contact_id, case r.why when 'platform' then ${FATE.platformFull}::int else ${FATE.refused}::int end
        from ${block} join touch_refusal r on ${within('r.contact_id')}
        where r.corp_id = ${corpId}::bigint and r.channel in ('*', ${channel}) and r.since <= ${at}::timestamptz and (r.until is null or r.until > ${at}::timestamptz)
          and ${among('r.contact_id')}
      union all
      select f.contact_id, ${FATE.forbiddenTag}::int from ${block} join follow_tag f on ${within('f.contact_id')}
        where f.corp_id = ${corpId}::bigint and f.tag_id = any(${policy.forbiddenTagIds}::bigint[]) and ${among('f.contact_id')}
      union all
      select c.contact_id, ${FATE.noAgreement}::int from ${block} join contact c on ${within('c.contact_id')}
        where ${agreement}::text is not null and c.corp_id = ${corpId}::bigint and ${among('c.contact_id')}
          and not exists (select from touch_agreement a where a.corp_id = ${corpId}::bigint and a.contact_id = c.contact_id and a.kind = ${agreement} and a.withdrawn_at is null)
    ) said group by contact_id`.execute(tx)
  return new Map(rows.map((row) => [row.contactId, row.fate]))
}

interface ObjectionQuery {
  channel: Channel
  topic: string
  at: Date
  policy: Policy
  contactIds?: readonly string[]
}
