import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueueAll } from '../../../platform/jobs.ts'
import { addDays, shanghaiDay } from '../../../platform/shanghai.ts'
import { codeLane, pushCode } from '../push-code.ts'
import type { NewPlacement, PlacementList, PlacementRow } from './schema.ts'

const SPARKLINE_DAYS = 14

/** Hangs a code in these places: each gets a picture of its own, so that its scans and adds are its own. */
export async function createPlacements(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  placements: NewPlacement[],
  made: { createdBy: string | null; now: Date },
): Promise<string[]> {
  const parent = await tx
    .selectFrom('channelCode')
    .select('skipVerify')
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .where('placementOf', 'is', null)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  if (!parent) throw new NotFound({ what: '渠道活码' })
  const rows = await tx
    .insertInto('channelCode')
    .values(
      placements.map(({ name, kind, costFen, startsOn, endsOn }) => ({
        corpId,
        name,
        state: `sy_${randomBytes(9).toString('base64url')}`,
        landingKey: randomBytes(8).toString('base64url'),
        skipVerify: parent.skipVerify,
        placementOf: channelCodeId,
        placementKind: kind,
        costFen,
        startsOn,
        endsOn,
        createdBy: made.createdBy,
        createdAt: made.now,
        updatedAt: made.now,
      })),
    )
    .returning(['channelCodeId', 'landingKey'])
    .execute()
  await tx
    .insertInto('landing')
    .values(rows.map((row) => ({ ...row, corpId })))
    .execute()
  const ids = rows.map((row) => row.channelCodeId)
  await enqueueAll(
    tx,
    pushCode,
    ids.map((id) => ({ corpId, channelCodeId: id })),
    { lane: codeLane(corpId) },
  )
  return ids
}

export async function editPlacement(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  { kind, ...edit }: NewPlacement,
  now: Date,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('channelCode')
    .set({ ...edit, placementKind: kind, updatedAt: now })
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .where('placementOf', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new NotFound({ what: '投放位' })
}

type Row = Omit<PlacementRow, 'landingUrl' | 'cpaFen' | 'costFen'> & { landingKey: string; costFen: string }

/** The places of a code with what each brought and cost; those taken down last. One statement. */
export async function listPlacements(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  now: Date,
  publicUrl: string,
): Promise<PlacementList> {
  const today = shanghaiDay(now)
  const { rows } = await sql<Row & { isOwn: boolean }>`
    select c.channel_code_id, c.placement_of is null as is_own, c.name, c.placement_kind as kind, c.cost_fen, to_char(c.starts_on, 'YYYY-MM-DD') as starts_on,
      to_char(c.ends_on, 'YYYY-MM-DD') as ends_on, c.landing_key, c.config_id is not null as ready, c.archived_at is not null as archived,
      coalesce(sums.scans, 0)::int as scans, coalesce(sums.adds, 0)::int as adds, coalesce(sums.losses, 0)::int as losses,
      array(select coalesce(sum(d.adds), 0)::int from generate_series(${addDays(today, 1 - SPARKLINE_DAYS)}::date, ${today}::date, interval '1 day') as day(on_day)
        left join channel_daily d on d.corp_id = ${corpId}::bigint and d.channel_code_id = c.channel_code_id and d.on_day = day.on_day::date group by day.on_day order by day.on_day) as sparkline
    from channel_code c
    left join lateral (select sum(d.scans) as scans, sum(d.adds) as adds, sum(d.losses) as losses from channel_daily d
      where d.corp_id = ${corpId}::bigint and d.channel_code_id = c.channel_code_id
        and d.on_day >= coalesce(c.starts_on, '-infinity') and d.on_day <= coalesce(c.ends_on, 'infinity')) sums on true
    where c.corp_id = ${corpId}::bigint and (c.channel_code_id = ${channelCodeId}::bigint and c.placement_of is null or c.placement_of = ${channelCodeId}::bigint)
    order by c.archived_at is not null, c.channel_code_id`.execute(tx)
  const own = rows.find((row) => row.isOwn)
  if (!own) throw new NotFound({ what: '渠道活码' })
  const items = rows
    .filter((row) => !row.isOwn)
    .map(({ isOwn: _, landingKey, costFen, ...row }) => ({
      ...row,
      costFen: Number(costFen),
      landingUrl: `${publicUrl}/c/${landingKey}`,
      cpaFen: costPerAdd(Number(costFen), row.adds),
    }))
  const sum = (pick: (item: (typeof items)[number]) => number) => items.reduce((all, item) => all + pick(item), 0)
  return {
    items,
    own: { scans: own.scans, adds: own.adds, losses: own.losses },
    cpaFen: costPerAdd(
      sum((item) => item.costFen),
      sum((item) => item.adds),
    ),
  }
}

const costPerAdd = (costFen: number, adds: number) => (adds === 0 ? null : Math.round(costFen / adds))
