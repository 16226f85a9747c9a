import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob, enqueue } from '../../../platform/jobs.ts'
import type { Cron, WorkContext } from '../../corps/context.ts'
import { codeLane, pushEdited } from '../push-code.ts'
import { type CodeTurn, readTurns } from './read-turns.ts'
import { noteTurns } from './turn-queue.ts'

/** Rosters looked at in one transaction. */
const AT_ONCE = 500

/** Looks at these codes and their placements, has WeCom told where it knows otherwise, and notes when to look again. Returns how many WeCom must be told of. */
export async function turnCodes(tx: Tx, corpId: string, channelCodeIds: string[], now: Date): Promise<number> {
  const turns = await readTurns(tx, corpId, channelCodeIds, now, { whole: true })
  // A code WeCom has not made yet is told when it is made.
  const changed = turns.filter((code) => code.configId !== null && differs(code)).map((code) => code.channelCodeId)
  await sql`update channel_code set turned_at = ${now}::timestamptz, edited_at = case when channel_code_id = any(${changed}::bigint[]) then ${now}::timestamptz else edited_at end
    where corp_id = ${corpId}::bigint and channel_code_id = any(${turns.map((code) => code.channelCodeId)}::bigint[])`.execute(
    tx,
  )
  if (changed.length > 0) await enqueue(tx, pushEdited, { corpId }, pushOnce(corpId))
  const due = turns.flatMap(({ channelCodeId, turn }) =>
    turn.changesAt && channelCodeIds.includes(channelCodeId) ? [{ channelCodeId, at: turn.changesAt }] : [],
  )
  await sql`with gone as (
      delete from roster_turn where corp_id = ${corpId}::bigint and channel_code_id = any(${channelCodeIds}::bigint[]) and channel_code_id <> all(${due.map((d) => d.channelCodeId)}::bigint[]))
    insert into roster_turn (corp_id, channel_code_id, due_at)
    select ${corpId}::bigint, * from unnest(${due.map((d) => d.channelCodeId)}::bigint[], ${due.map((d) => d.at)}::timestamptz[])
    on conflict (corp_id, channel_code_id) do update set due_at = excluded.due_at`.execute(tx)
  return changed.length
}

export const pushOnce = (corpId: string) => ({ lane: codeLane(corpId), key: `channels.push-edited:${corpId}` })

function differs({ turn, skipVerify, toldStaffIds, toldSkipVerify }: CodeTurn): boolean {
  return toldSkipVerify !== skipVerify || toldStaffIds?.join() !== turn.receives.join()
}

/** Something happened to these codes: they are looked at as soon as a worker is free. */
export async function turnSoon(tx: Tx, corpId: string, channelCodeIds: string[], now: Date): Promise<void> {
  if (channelCodeIds.length === 0) return
  await noteTurns(tx, corpId, channelCodeIds, now)
  await enqueue(tx, turnNow, { corpId }, { key: `channels.turn:${corpId}` })
}

/** The same for every code one of these people stands behind. */
export async function turnCodesOf(tx: Tx, corpId: string, staffIds: string[], now: Date): Promise<void> {
  const { rows } = await sql<{ channelCodeId: string }>`
    select distinct cs.channel_code_id from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.staff_id = any(${staffIds}::bigint[])`.execute(
    tx,
  )
  await turnSoon(
    tx,
    corpId,
    rows.map((row) => row.channelCodeId),
    now,
  )
}

/** Members who came, left, were disabled or enabled since a code was last looked at: it is looked at again. */
export async function hearAddressBook(context: WorkContext, corpId: string): Promise<void> {
  const now = context.clock.now()
  await inCorp(context.db, corpId, async (tx) => {
    const { rows } = await sql<{ channelCodeId: string }>`
      select distinct cs.channel_code_id from channel_code_staff cs
      join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = cs.staff_id
      join channel_code c on c.corp_id = ${corpId}::bigint and c.channel_code_id = cs.channel_code_id
      where cs.corp_id = ${corpId}::bigint and s.updated_at >= coalesce(c.turned_at, c.created_at)`.execute(tx)
    await turnSoon(
      tx,
      corpId,
      rows.map((row) => row.channelCodeId),
      now,
    )
  })
}

/** Every roster that is due, of one corp or of all. */
export async function turnDue(context: WorkContext, ofCorp?: string): Promise<number> {
  const now = context.clock.now()
  let told = 0
  for (;;) {
    const { rows } = await sql<{ corpId: string; channelCodeIds: string[] }>`
      select corp_id, array_agg(channel_code_id) as channel_code_ids from (
        select corp_id, channel_code_id from roster_turn where due_at <= ${now}::timestamptz and (${ofCorp ?? null}::bigint is null or corp_id = ${ofCorp ?? null}::bigint)
        order by due_at limit ${AT_ONCE}) due group by corp_id`.execute(context.db)
    if (rows.length === 0) return told
    for (const { corpId, channelCodeIds } of rows)
      told += await inCorp(context.db, corpId, (tx) => turnCodes(tx, corpId, channelCodeIds, now))
  }
}

export const turnNow = defineJob<WorkContext, { corpId: string }>({
  name: 'channels.turn-now',
  payload: z.object({ corpId: Id }),
  async run(context, { corpId }) {
    await turnDue(context, corpId)
  },
})

export const turnRosters: Cron = {
  name: 'channels.turn-rosters',
  everyMinutes: 1,
  async run(context) {
    await turnDue(context)
  },
}
