import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Probe, Refusal } from '../schema.ts'
import { refusalOf } from './refusals.ts'

interface Found {
  refusal: Refusal | null
  errcode: number
  detail: Record<string, string | number | null>
  probedAt: Date
}

/** Everything that was ever learnt of what WeCom lets a corp do: by probes, and by what really happened. */
export interface Known {
  probes: ReadonlyMap<Probe, Found>
  /** The last callback worked through. */
  callbackAt: Date | null
  /** The last welcome sent, and a refusal nobody has mended yet. */
  welcome: { sentAt: Date | null; failedAt: Date | null; refusal: Refusal | null; errcode: number }
  /** The last member who came in by scanning. */
  lastScanAt: Date | null
  sync: 'none' | 'running' | 'finished' | 'failed' | 'cancelled'
}

/** Lines of the audit log looked through for the last scan: far more than a day of a large corp. */
const LINES_LOOKED_AT = 5_000

export async function readKnown(tx: Tx, corpId: string): Promise<Known> {
  const probes = await tx.selectFrom('corpProbe').selectAll().where('corpId', '=', corpId).execute()
  const lanes = await tx
    .selectFrom('laneState')
    .select(['lane', 'lastSuccessAt'])
    .where('corpId', '=', corpId)
    .where('lane', 'in', ['callbacks', 'welcome'])
    .execute()
  const failedWelcome = await tx
    .selectFrom('laneFailure')
    .select(['cause', 'lastAt'])
    .where('corpId', '=', corpId)
    .where('lane', '=', 'welcome')
    .where('cause', 'like', 'wecom.%')
    .where('resolvedAt', 'is', null)
    .orderBy('lastAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  const scan = await sql<{ at: Date }>`
    select at from (select at, action, detail from audit_log where corp_id = ${corpId}::bigint order by line desc limit ${LINES_LOOKED_AT}) l
    where action = 'session.open' and detail ->> 'by' = 'scan' order by at desc limit 1`.execute(tx)
  const run = await tx
    .selectFrom('syncRun')
    .select('state')
    .where('corpId', '=', corpId)
    .orderBy('syncRunId', 'desc')
    .limit(1)
    .executeTakeFirst()
  const lastOf = (lane: string) => lanes.find((one) => one.lane === lane)?.lastSuccessAt ?? null
  return {
    probes: new Map(probes.map((row) => [row.probe as Probe, row as unknown as Found])),
    callbackAt: lastOf('callbacks'),
    welcome: { sentAt: lastOf('welcome'), ...refusedWelcome(failedWelcome, lastOf('welcome')) },
    lastScanAt: scan.rows[0]?.at ?? null,
    sync: (run?.state ?? 'none') as Known['sync'],
  }
}

/** Only what an administrator can grant, and only when no welcome went out after it. */
function refusedWelcome(failed: { cause: string; lastAt: Date } | undefined, sentAt: Date | null) {
  if (!failed) return { failedAt: null, refusal: null, errcode: 0 }
  const errcode = Number(failed.cause.slice('wecom.'.length))
  const refusal = refusalOf({ api: 'externalcontact/send_welcome_msg', errcode })
  const grantable = refusal === 'permission' || refusal === 'contact_range' || refusal === 'range'
  if (!grantable || (sentAt && sentAt > failed.lastAt)) return { failedAt: null, refusal: null, errcode: 0 }
  return { failedAt: failed.lastAt, refusal, errcode }
}
