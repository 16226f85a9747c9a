import { randomBytes } from 'node:crypto'
import type { Wecom } from '@siyu/wecom'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { readStaffOf } from '../staff/scope.ts'
import { countChannelEvents } from './hear-contacts.ts'
import { codeLane, pushCode } from './push-code.ts'

type Way = Awaited<ReturnType<Wecom['contactWay']['get']>>

/** Ways read at once. */
const AT_ONCE = 4
/** WeCom lists ways made after 2021-07-10 only: developer.work.weixin.qq.com/document/path/92228, 2026-11. */
const LISTED_SINCE = Math.floor(Date.UTC(2021, 6, 10) / 1000)

/**
 * Takes contact ways that this corp already has in WeCom into the list of channel codes, with the friends they brought.
 * Printed codes go on working and begin to count. Those already here stay as they are. Returns how many were added.
 */
export async function adoptChannelCodes(context: WorkContext, corpId: string): Promise<number> {
  const wecom = await context.wecom(corpId)
  const known = new Set(
    (
      await inCorp(context.db, corpId, (tx) =>
        tx.selectFrom('channelCode').select('configId').where('corpId', '=', corpId).execute(),
      )
    ).map((row) => row.configId),
  )
  const fresh: string[] = []
  for await (const page of wecom.contactWay.pages({ start_time: LISTED_SINCE }))
    fresh.push(...page.contact_way.map((way) => way.config_id).filter((id) => !known.has(id)))
  let added = 0
  for (let from = 0; from < fresh.length; from += AT_ONCE) {
    const ways = (await Promise.all(fresh.slice(from, from + AT_ONCE).map((id) => wecom.contactWay.get(id)))).filter(
      (way) => way.state && way.scene === 2 && !way.is_temp,
    )
    added += await inCorp(context.db, corpId, (tx) => saveWays(tx, corpId, ways, context.clock.now()))
  }
  return added
}

async function saveWays(tx: Tx, corpId: string, ways: Way[], now: Date): Promise<number> {
  let added = 0
  for (const way of ways) {
    // four at a time, each with members and history of its own
    const landingKey = randomBytes(8).toString('base64url')
    const made = await tx
      .insertInto('channelCode')
      .values({
        corpId,
        name: (way.remark || way.state!).slice(0, 30),
        state: way.state!,
        landingKey,
        skipVerify: way.skip_verify ?? true,
        configId: way.config_id,
        qrUrl: way.qr_code ?? null,
        createdAt: now,
        updatedAt: now,
      })
      .onConflict((c) => c.columns(['corpId', 'state']).doNothing())
      .returning('channelCodeId')
      .executeTakeFirst()
    if (!made) continue
    added++
    const { channelCodeId } = made
    await tx.insertInto('landing').values({ landingKey, corpId, channelCodeId }).execute()
    const ofParties = await readStaffOf(tx, corpId, (way.party ?? []).map(String), { below: true })
    await sql`
      insert into channel_code_staff (corp_id, channel_code_id, staff_id)
      select ${corpId}::bigint, ${channelCodeId}::bigint, s.staff_id from staff s
      where s.corp_id = ${corpId}::bigint and s.left_at is null and s.follows
        and (lower(s.userid) = any(${(way.user ?? []).map((u) => u.toLowerCase())}::text[]) or s.staff_id = any(${ofParties}::bigint[]))`.execute(
      tx,
    )
    await sql`update channel_code set told_skip_verify = skip_verify, told_staff_ids = array(
        select cs.staff_id from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = ${channelCodeId}::bigint order by cs.staff_id)
      where corp_id = ${corpId}::bigint and channel_code_id = ${channelCodeId}::bigint`.execute(tx)
    await countHistory(tx, corpId, way.state!)
    await enqueue(tx, pushCode, { corpId, channelCodeId }, { lane: codeLane(corpId) }) // reads its picture
  }
  return added
}

/** Friends that came by this state before it was ours, counted as they would have been. */
async function countHistory(tx: Tx, corpId: string, state: string): Promise<void> {
  const { rows } = await sql<{ contactId: string; staffId: string; kind: 'contact.added' | 'contact.lost'; at: Date }>`
    select e.contact_id, e.staff_id, e.kind, e.at from event e join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = e.contact_id and f.staff_id = e.staff_id
    where e.corp_id = ${corpId}::bigint and f.state = ${state} and e.kind in ('contact.added', 'contact.lost') and coalesce(e.props->>'state', ${state}) = ${state}`.execute(
    tx,
  )
  await countChannelEvents(
    tx,
    corpId,
    rows.map((row) => ({ ...row, props: { state } })),
  )
}

export const adoptCodes = defineJob<WorkContext, { corpId: string }>({
  name: 'channels.adopt-codes',
  payload: z.object({ corpId: Id }),
  run: async (context, { corpId }) => void (await adoptChannelCodes(context, corpId)),
})
