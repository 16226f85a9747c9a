import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { WelcomeVariant } from '../schema.ts'
import { judge, type Share, sampleRatio } from './judge.ts'
import { MEASURES, type WelcomeTrial } from './schema.ts'

interface Counts {
  variant: number
  people: number
  sent: number
  of1: number
  kept1: number
  tagged: number
  of7: number
  kept7: number
}
const NOBODY = { people: 0, sent: 0, of1: 0, kept1: 0, tagged: 0, of7: 0, kept7: 0 }

/**
 * How the welcomes of a code do against each other since their wording stands; null: it has but one. The codes of a batch
 * that still say the same are one trial: each alone would take years to tell.
 */
export async function readTrial(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  now: Date,
): Promise<WelcomeTrial | null> {
  const code = await tx
    .selectFrom('channelCode')
    .select(['welcomeVariants', 'variantsSince', 'codeBatchId'])
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  if (!code) throw new NotFound({ what: '渠道活码' })
  const { variantsSince: since } = code
  const variants = code.welcomeVariants as unknown as WelcomeVariant[]
  if (!since || variants.length === 0) return null
  const { rows: together } = await sql<{ channelCodeId: string }>`
    select c.channel_code_id from channel_code c where c.corp_id = ${corpId}::bigint and (c.channel_code_id = ${channelCodeId}::bigint
      or c.code_batch_id = ${code.codeBatchId}::bigint and c.variants_since = ${since}::timestamptz and c.welcome_variants = ${JSON.stringify(variants)}::jsonb)`.execute(
    tx,
  )
  const codeIds = together.map((row) => row.channelCodeId)
  // Who was meant to be told a variant counts for it, told or not: else a variant that fails to go out would look better.
  const { rows } = await sql<Counts>`
    select t.variant, count(*)::int as people, count(*) filter (where t.outcome = 'sent')::int as sent,
      count(f.contact_id) filter (where a.days >= 1)::int as of1,
      count(f.contact_id) filter (where a.days >= 1 and (f.lost_at is null or f.lost_at >= t.at + interval '1 day'))::int as kept1,
      count(f.contact_id) filter (where a.days >= 1 and exists (select from follow_tag ft
        where ft.corp_id = ${corpId}::bigint and ft.contact_id = t.contact_id and ft.staff_id = t.staff_id and ft.source <> 'rule'
          and not exists (select from channel_code_tag ct where ct.corp_id = ${corpId}::bigint and ct.channel_code_id = t.channel_code_id and ct.tag_id = ft.tag_id)))::int as tagged,
      count(f.contact_id) filter (where a.days >= 7)::int as of7,
      count(f.contact_id) filter (where a.days >= 7 and (f.lost_at is null or f.lost_at >= t.at + interval '7 days'))::int as kept7
    from welcome_trial t
    cross join lateral (select extract(epoch from ${now}::timestamptz - t.at) / 86400 as days) a
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = t.contact_id and f.staff_id = t.staff_id
    where t.corp_id = ${corpId}::bigint and t.channel_code_id = any(${codeIds}::bigint[]) and t.since = ${since}::timestamptz
    group by t.variant`.execute(tx)
  const counts = variants.map((_, nr) => rows.find((row) => row.variant === nr) ?? NOBODY)
  const split = sampleRatio(
    counts.map(({ people }) => people),
    variants.map(({ weight }) => weight),
  )
  const sharesOf: Record<(typeof MEASURES)[number], (c: typeof NOBODY) => Share> = {
    kept1: ({ of1, kept1 }) => ({ of: of1, yes: kept1 }),
    kept7: ({ of7, kept7 }) => ({ of: of7, yes: kept7 }),
    tagged: ({ of1, tagged }) => ({ of: of1, yes: tagged }),
  }
  return {
    since: since.toISOString(),
    codes: codeIds.length,
    variants: variants.map(({ weight, welcome }, nr) => ({
      weight,
      text: welcome.text,
      attachments: welcome.attachments.length,
      people: counts[nr]!.people,
      sent: counts[nr]!.sent,
    })),
    split,
    measures: MEASURES.map((measure) => {
      const shares = counts.map(sharesOf[measure])
      return { measure, shares, ...judge(shares, MEASURES.length, split.skewed) }
    }),
  }
}
