import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import { BLOCK, byBlock } from './blocks.ts'
import { type DayCounts, fullestAt, type Limit, limitsOn } from './caps.ts'
import { fateName } from './fates.ts'
import { readObjections } from './objections.ts'
import { readPolicy } from './policy.ts'
import type { Budget, Channel } from './schema.ts'

/** How often each of some customers may still be reached at an instant by one channel and topic, and what each limit holds. */
export async function readBudgets(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  { channel, topic: wanted, at }: { channel: Channel; topic?: string; at: Date },
): Promise<Map<string, Budget>> {
  const policy = await readPolicy(tx, corpId)
  const topic = wanted ?? (policy.topics.find(({ exempt }) => !exempt) ?? policy.topics[0]!).name
  const limits = limitsOn(policy, shanghaiDay(at), channel, topic)
  const rows = await readDays(tx, corpId, contactIds, limits)
  const objections = await readObjections(tx, corpId, [...byBlock(contactIds).keys()], {
    channel,
    topic,
    at,
    policy,
    contactIds,
  })
  const budgets = contactIds.map((contactId) => {
    const held = limits.map((limit) => ({
      window: limit.cap?.window ?? null,
      limit: limit.limit,
      held: fullestAt(limit, rows.get(contactId) ?? [], 0),
    }))
    const left = Math.max(0, Math.min(...held.map((one) => one.limit - one.held), UNLIMITED))
    const objection = objections.get(contactId)
    return [
      contactId,
      { channel, topic, left: objection ? 0 : left, objection: objection ? fateName(objection) : null, limits: held },
    ] as const
  })
  return new Map(budgets)
}

/** Shown where no limit holds. */
const UNLIMITED = 99

/** Each customer's live touches by day, as blocks of one. */
async function readDays(tx: Tx, corpId: string, contactIds: readonly string[], limits: readonly Limit[]) {
  const [from, to] = [
    limits.map((limit) => limit.from).sort()[0],
    limits
      .map((limit) => limit.to)
      .sort()
      .at(-1),
  ]
  const { rows } = await sql<{ contactId: string; day: string; channel: Channel; topic: string; held: number }>`
    select c.contact_id, d.day::text as day, d.channel, d.topic, get_byte(d.counts, (c.contact_id % ${sql.lit(BLOCK)})::int) as held
    from unnest(${[...contactIds]}::bigint[]) as c(contact_id)
    join touch_day d on d.corp_id = ${corpId}::bigint and d.block = c.contact_id / ${sql.lit(BLOCK)} and d.day between ${from ?? null}::date and ${to ?? null}::date
    where get_byte(d.counts, (c.contact_id % ${sql.lit(BLOCK)})::int) > 0`.execute(tx)
  const days = new Map<string, DayCounts[]>()
  for (const { contactId, held, ...row } of rows) {
    const some = days.get(contactId) ?? []
    some.push({ ...row, counts: Uint8Array.of(held) })
    days.set(contactId, some)
  }
  return days
}
