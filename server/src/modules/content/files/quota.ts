import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { dayStart, shanghaiDay } from '../../../platform/shanghai.ts'
import { CorpQuotaReached, DayQuotaReached } from '../errors.ts'

const MB = 1024 * 1024
export const DEFAULTS = { personDayMb: 500, corpMb: 20_480 }

export interface Room {
  personDayMb: number
  corpMb: number
  /** Bytes one person brought today, and the corp keeps in all. */
  today: number
  used: number
}

/** How much there is, and how much may be. The same file brought again takes no room. */
export async function readRoom(tx: Tx, corpId: string, accountId: string, now: Date): Promise<Room> {
  const since = dayStart(shanghaiDay(now))
  const { rows } = await sql<Room>`
    select coalesce(c.person_day_mb, ${DEFAULTS.personDayMb})::int as person_day_mb, coalesce(c.corp_mb, ${DEFAULTS.corpMb})::int as corp_mb,
      (select coalesce(sum(size_bytes), 0)::float8 from media_asset where corp_id = ${corpId}::bigint and brought_by = ${accountId}::bigint and created_at >= ${since}::timestamptz) as today,
      (select coalesce(sum(size_bytes), 0)::float8 from media_asset where corp_id = ${corpId}::bigint) as used
    from (select) one left join content_setting c on c.corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0]!
}

/** Refuses what there is no room for. Whoever asks holds the corp's room until his commit: two at once take turns. */
export async function requireRoom(tx: Tx, corpId: string, accountId: string, bytes: number, now: Date): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`media room ${corpId}`}))`.execute(tx)
  const room = await readRoom(tx, corpId, accountId, now)
  if (room.today + bytes > room.personDayMb * MB)
    throw new DayQuotaReached({ usedMb: inMb(room.today), mostMb: room.personDayMb })
  if (room.used + bytes > room.corpMb * MB) throw new CorpQuotaReached({ usedMb: inMb(room.used), mostMb: room.corpMb })
}

export const inMb = (bytes: number): number => Math.round((bytes / MB) * 10) / 10
