import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { addDays, shanghaiDay } from '../../platform/shanghai.ts'
import { codeSubject } from './push-code.ts'
import type { Roster } from './roster/schema.ts'
import type {
  ChannelCodeListQuery,
  ChannelCodePage,
  ChannelCodeRow,
  ChannelCodeView,
  Welcome,
  WelcomeSlot,
  WelcomeVariant,
} from './schema.ts'

const SPARKLINE_DAYS = 14
const SUMMED_DAYS = 7

interface CodeRow {
  channelCodeId: string
  name: string
  configId: string | null
  editedAt: Date | null
  archivedAt: Date | null
  createdAt: Date
  hasWelcome: boolean
  hasRoster: boolean
  groupName: string
  staff: ChannelCodeRow['staff']
  tags: ChannelCodeRow['tags']
  failureId: string | null
  failureCause: string | null
}

/** A code with its people and tags and its open failure; a fragment of both reads below. */
const codeColumns = (corpId: string) => sql`
  c.channel_code_id, c.name, c.config_id, c.edited_at, c.archived_at, c.created_at, (c.welcome is not null or c.welcome_variants <> '[]') as has_welcome, c.roster is not null as has_roster, c.group_name,
  coalesce((select json_agg(json_build_object('staffId', s.staff_id::text, 'name', s.name, 'avatar', s.avatar, 'active', s.left_at is null and s.status = 1) order by s.name, s.staff_id)
    from channel_code_staff cs join staff s on s.corp_id = cs.corp_id and s.staff_id = cs.staff_id
    where cs.corp_id = ${corpId} and s.corp_id = ${corpId} and cs.channel_code_id = c.channel_code_id), '[]') as staff,
  coalesce((select json_agg(json_build_object('tagId', t.tag_id::text, 'name', t.name) order by t.tag_id)
    from channel_code_tag ct join tag t on t.corp_id = ct.corp_id and t.tag_id = ct.tag_id
    where ct.corp_id = ${corpId} and t.corp_id = ${corpId} and ct.channel_code_id = c.channel_code_id and t.deleted_at is null), '[]') as tags,
  failure.failure_id, failure.cause as failure_cause`

const openFailure = (corpId: string) => sql`
  left join lateral (select lf.failure_id, lf.cause from lane_failure lf
    where lf.corp_id = ${corpId} and lf.lane = 'channel_codes' and lf.subject = ${codeSubject('')} || c.channel_code_id and lf.resolved_at is null
    order by lf.last_at desc limit 1) failure on true`

/** A page of codes, newest first, with what each brought lately: one statement, however many codes. */
export async function listChannelCodes(
  tx: Tx,
  corpId: string,
  query: z.infer<typeof ChannelCodeListQuery>,
  now: Date,
): Promise<z.infer<typeof ChannelCodePage>> {
  const today = shanghaiDay(now)
  const [chartFrom, sumFrom] = [addDays(today, 1 - SPARKLINE_DAYS), addDays(today, 1 - SUMMED_DAYS)]
  const { rows } = await sql<CodeRow & { scans: number; adds: number; losses: number; sparkline: number[] }>`
    with page as (
      select * from channel_code c where c.corp_id = ${corpId} and c.placement_of is null and c.removed_at is null and (c.archived_at is not null) = ${query.archived === '1'}
        and (${query.before ?? null}::bigint is null or c.channel_code_id < ${query.before ?? null}::bigint)
        and (${query.group ?? null}::text is null or c.group_name = ${query.group ?? null}::text)
        and (${query.search ?? null}::text is null or strpos(lower(c.name), lower(${query.search ?? null}::text)) > 0)
      order by c.channel_code_id desc limit ${query.limit + 1}),
    daily as (
      select p.channel_code_id, d.on_day, sum(d.scans)::int as scans, sum(d.adds)::int as adds, sum(d.losses)::int as losses
      from page p join channel_code own on own.corp_id = ${corpId} and (own.channel_code_id = p.channel_code_id or own.placement_of = p.channel_code_id)
      join channel_daily d on d.corp_id = ${corpId} and d.channel_code_id = own.channel_code_id
      where d.on_day between ${chartFrom}::date and ${today}::date group by p.channel_code_id, d.on_day)
    select ${codeColumns(corpId)},
      coalesce(sums.scans, 0)::int as scans, coalesce(sums.adds, 0)::int as adds, coalesce(sums.losses, 0)::int as losses,
      array(select coalesce(d.adds, 0) from generate_series(${chartFrom}::date, ${today}::date, interval '1 day') as day(on_day)
        left join daily d on d.channel_code_id = c.channel_code_id and d.on_day = day.on_day::date order by day.on_day) as sparkline
    from page c
    left join lateral (select sum(d.scans) as scans, sum(d.adds) as adds, sum(d.losses) as losses from daily d
      where d.channel_code_id = c.channel_code_id and d.on_day >= ${sumFrom}::date) sums on true
    ${openFailure(corpId)}
    order by c.channel_code_id desc`.execute(tx)
  const page = rows.slice(0, query.limit)
  return {
    items: page.map((row) => ({
      ...commonOf(row),
      hasWelcome: row.hasWelcome,
      hasRoster: row.hasRoster,
      sparkline: row.sparkline,
      last7Days: { scans: row.scans, adds: row.adds, losses: row.losses, net: row.adds - row.losses },
    })),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.channelCodeId ?? null) : null,
  }
}

/** The folders codes in use lie in, with how many each holds. */
export async function listGroups(tx: Tx, corpId: string): Promise<{ name: string; codes: number }[]> {
  const { rows } = await sql<{ name: string; codes: number }>`
    select c.group_name as name, count(*)::int as codes from channel_code c
    where c.corp_id = ${corpId}::bigint and c.group_name <> '' and c.placement_of is null and c.archived_at is null and c.removed_at is null
    group by c.group_name order by c.group_name`.execute(tx)
  return rows
}

interface DetailRow extends CodeRow {
  remark: string
  skipVerify: boolean
  welcome: Welcome | null
  welcomeSlots: WelcomeSlot[]
  welcomeVariants: WelcomeVariant[]
  blockedWords: string[]
  roster: Roster | null
  exclusive: boolean
  state: string
  landingKey: string
  qrContent: string | null
  updatedAt: Date
  createdByName: string | null
}

export async function readChannelCode(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  publicUrl: string,
): Promise<ChannelCodeView> {
  const {
    rows: [row],
  } = await sql<DetailRow>`
    select ${codeColumns(corpId)}, c.remark, c.skip_verify, c.welcome, c.welcome_slots, c.welcome_variants, c.blocked_words, c.roster, c.exclusive, c.state, c.landing_key, c.qr_content, c.updated_at,
      (select a.name from account a where a.account_id = c.created_by) as created_by_name
    from channel_code c ${openFailure(corpId)} where c.corp_id = ${corpId} and c.channel_code_id = ${channelCodeId} and c.removed_at is null`.execute(
    tx,
  )
  if (!row) throw new NotFound({ what: '渠道活码' })
  const landingUrl = `${publicUrl}/c/${row.landingKey}`
  const variant = (landing: boolean, content: string | null, explain: string) => {
    const url = (format: string) => `/api/channel-codes/${row.channelCodeId}/qr.${format}?landing=${landing ? 1 : 0}`
    return { landing, countsScans: landing, content, pngUrl: url('png'), svgUrl: url('svg'), explain }
  }
  return {
    ...commonOf(row),
    remark: row.remark,
    skipVerify: row.skipVerify,
    welcome: row.welcome,
    welcomeSlots: row.welcomeSlots,
    welcomeVariants: row.welcomeVariants,
    blockedWords: row.blockedWords,
    roster: row.roster,
    exclusive: row.exclusive,
    state: row.state,
    landingUrl,
    qr: [
      variant(true, landingUrl, '先打开我们的落地页，再长按识别加好友：能数扫码人数，多一步。'),
      variant(false, row.qrContent, '扫了直接加好友：少一步，但企业微信不告诉我们有多少人扫过，只能数添加。'),
    ],
    createdByName: row.createdByName,
    updatedAt: row.updatedAt.toISOString(),
    archivedAt: row.archivedAt?.toISOString() ?? null,
  }
}

function commonOf(row: CodeRow) {
  const { channelCodeId, name, staff, tags, failureId, failureCause, groupName } = row
  const made = row.configId !== null
  const status = row.archivedAt
    ? ('archived' as const)
    : made
      ? ('ready' as const)
      : failureId
        ? ('failed' as const)
        : ('creating' as const)
  return {
    channelCodeId,
    name,
    status,
    updating: made && row.editedAt !== null,
    staff,
    tags,
    failureId,
    failureCause,
    groupName,
    createdAt: row.createdAt.toISOString(),
  }
}
