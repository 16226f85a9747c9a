import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { enqueue } from '../../platform/jobs.ts'
import { shanghaiMinute } from '../../platform/shanghai.ts'
import { refreshMediaJob } from '../content/files/refresh.ts'
import { requireTags } from '../tags/edit-contact-tags.ts'
import { TooManyOnShift } from './errors.ts'
import { codeLane, pushCode, pushEdited } from './push-code.ts'
import { planRoster } from './roster/check-roster.ts'
import { everybodyIn } from './roster/roster-at.ts'
import { ON_SHIFT_MAX, type Roster } from './roster/schema.ts'
import { pushOnce } from './roster/turn.ts'
import { noteTurns } from './roster/turn-queue.ts'
import type { ChannelCodeEdit, NewChannelCode, Welcome, WelcomeVariant } from './schema.ts'
import { requireKnownVariables, VARIABLES } from './template.ts'

/** Makes a code here and, once committed, in WeCom; returns its id. */
export async function createChannelCode(
  tx: Tx,
  corpId: string,
  code: NewChannelCode,
  made: { createdBy: string; now: Date },
): Promise<string> {
  await prepareParts(tx, corpId, code)
  refuseCrowd(code.roster, made.now)
  // Both are drawn, not counted: a state is guessed by nobody and a landing address tells nothing of how many there are.
  const [state, landingKey] = [`sy_${randomBytes(9).toString('base64url')}`, randomBytes(8).toString('base64url')]
  const { channelCodeId } = await tx
    .insertInto('channelCode')
    .values({
      corpId,
      name: code.name,
      state,
      landingKey,
      skipVerify: code.skipVerify,
      remark: code.remark,
      welcome: jsonOrNull(code.welcome),
      roster: jsonOrNull(code.roster),
      welcomeVariants: JSON.stringify(code.welcomeVariants),
      variantsSince: code.welcomeVariants.length > 0 ? made.now : null,
      welcomeSlots: JSON.stringify(code.welcomeSlots),
      blockedWords: code.blockedWords,
      exclusive: code.exclusive,
      groupName: code.groupName,
      createdBy: made.createdBy,
      createdAt: made.now,
      updatedAt: made.now,
    })
    .returning('channelCodeId')
    .executeTakeFirstOrThrow()
  await tx.insertInto('landing').values({ landingKey, corpId, channelCodeId }).execute()
  await replaceStaff(tx, corpId, channelCodeId, behind(code))
  await replaceTags(tx, corpId, channelCodeId, code.tagIds)
  await noteTurns(tx, corpId, [channelCodeId], made.now)
  await enqueue(tx, pushCode, { corpId, channelCodeId }, { lane: codeLane(corpId) })
  return channelCodeId
}

/** Changes what is given; `staffIds` alone end a roster. Who stands behind the code and its name go to WeCom by job; its picture stays the same. */
export async function editChannelCode(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  edit: ChannelCodeEdit,
  now: Date,
): Promise<void> {
  await prepareParts(tx, corpId, edit)
  refuseCrowd(edit.roster, now)
  const { name, remark, skipVerify, welcome, tagIds, groupName, welcomeSlots, welcomeVariants, blockedWords } = edit
  const staffIds = edit.roster || edit.staffIds ? behind(edit) : undefined
  const toPush = name !== undefined || skipVerify !== undefined || staffIds !== undefined
  const { numUpdatedRows } = await tx
    .updateTable('channelCode')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(remark === undefined ? {} : { remark }),
      ...(skipVerify === undefined ? {} : { skipVerify }),
      ...(welcome === undefined ? {} : { welcome: jsonOrNull(welcome) }),
      ...(groupName === undefined ? {} : { groupName }),
      ...(welcomeSlots === undefined ? {} : { welcomeSlots: JSON.stringify(welcomeSlots) }),
      ...(welcomeVariants === undefined ? {} : changeVariants(welcomeVariants, now)),
      ...(blockedWords === undefined ? {} : { blockedWords }),
      ...(staffIds === undefined ? {} : { roster: jsonOrNull(edit.roster ?? null) }),
      ...(toPush ? { editedAt: now } : {}),
      updatedAt: now,
    })
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .where('placementOf', 'is', null)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new NotFound({ what: '渠道活码' })
  if (staffIds) await replaceStaff(tx, corpId, channelCodeId, staffIds)
  if (tagIds) await replaceTags(tx, corpId, channelCodeId, tagIds)
  if (!toPush) return
  await tx // its placements follow it in everything WeCom knows
    .updateTable('channelCode')
    .set({ editedAt: now })
    .where('corpId', '=', corpId)
    .where('placementOf', '=', channelCodeId)
    .execute()
  await enqueue(tx, pushCode, { corpId, channelCodeId }, { lane: codeLane(corpId) })
  await enqueue(tx, pushEdited, { corpId }, pushOnce(corpId))
  await noteTurns(tx, corpId, [channelCodeId], now)
}

/** The same words and weights saved again go on with their trial; others begin a new one. */
function changeVariants(variants: WelcomeVariant[], now: Date) {
  const next = JSON.stringify(variants)
  const same = sql<boolean>`welcome_variants = ${next}::jsonb`
  return {
    welcomeVariants: next,
    variantsSince: sql<Date | null>`case when ${same} then variants_since when ${variants.length} = 0 then null else ${now}::timestamptz end`,
  }
}

/** WeCom would refuse it on the day it comes to pass. */
function refuseCrowd(roster: Roster | null | undefined, now: Date): void {
  if (!roster) return
  const everybody = everybodyIn(roster).map((staffId) => ({ staffId, name: '', able: true }))
  const crowd = planRoster(roster, everybody, now).faults.find((fault) => fault.kind === 'crowd')
  if (crowd) throw new TooManyOnShift({ most: ON_SHIFT_MAX, from: shanghaiMinute(new Date(crowd.from!)) })
}

/** Whoever may ever receive a code's customers. */
const behind = ({ roster, staffIds = [] }: Pick<ChannelCodeEdit, 'roster' | 'staffIds'>) =>
  roster ? everybodyIn(roster) : staffIds

/**
 * Out of the lists, or back. The code stays alive in WeCom: it may be printed on a thousand cups, and whoever scans it is
 * still greeted, tagged and counted.
 */
export async function archiveChannelCode(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  archived: boolean,
  now: Date,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('channelCode')
    .set({ archivedAt: archived ? now : null, updatedAt: now })
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new NotFound({ what: '渠道活码' })
}

export async function readWelcomeSettings(tx: Tx, corpId: string, now: Date) {
  const { defaultWelcome } = await tx
    .selectFrom('corp')
    .select('defaultWelcome')
    .where('corpId', '=', corpId)
    .executeTakeFirstOrThrow()
  const since = new Date(now.getTime() - 7 * 24 * 3_600_000)
  const {
    rows: [counts],
  } = await sql<{ sent: number; failed: number; medianMs: number | null }>`
    select count(*) filter (where state = 'sent')::int as sent, count(*) filter (where state in ('refused', 'late', 'unknown'))::int as failed,
      round(percentile_cont(0.5) within group (order by extract(epoch from settled_at - received_at) * 1000) filter (where state = 'sent'))::int as median_ms
    from welcome_task where corp_id = ${corpId} and received_at >= ${since}::timestamptz`.execute(tx)
  return {
    welcome: defaultWelcome as Welcome | null,
    variables: VARIABLES.map((name) => `{${name}}`),
    last7Days: counts ?? { sent: 0, failed: 0, medianMs: null },
  }
}

/** What new friends are told who came by no code, or by one without a welcome of its own. */
export async function saveDefaultWelcome(tx: Tx, corpId: string, welcome: Welcome | null): Promise<void> {
  await prepareParts(tx, corpId, { welcome })
  await tx
    .updateTable('corp')
    .set({ defaultWelcome: jsonOrNull(welcome) })
    .where('corpId', '=', corpId)
    .execute()
}

/** Everything named must be this corp’s and usable: another corp’s staff, tags and pictures are as unknown as missing ones. Pictures go up by job. */
export async function prepareParts(
  tx: Tx,
  corpId: string,
  { tagIds, remark, welcome, welcomeSlots = [], welcomeVariants = [], ...edit }: ChannelCodeEdit,
): Promise<void> {
  const staffIds = edit.roster || edit.staffIds ? behind(edit) : undefined
  const welcomes = [welcome, ...welcomeSlots.map((slot) => slot.welcome), ...welcomeVariants.map((one) => one.welcome)]
  requireKnownVariables(remark ?? '', ...welcomes.map((one) => one?.text ?? ''))
  if (tagIds) await requireTags(tx, corpId, tagIds)
  if (staffIds) {
    const { count } = await tx
      .selectFrom('staff')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('corpId', '=', corpId)
      .where('staffId', 'in', staffIds)
      .where('leftAt', 'is', null)
      .executeTakeFirstOrThrow()
    if (Number(count) < new Set(staffIds).size) throw new NotFound({ what: '成员' })
  }
  const attachments = welcomes.flatMap((one) => one?.attachments ?? [])
  const assets = new Set(attachments.flatMap((a) => ('mediaAssetId' in a ? [a.mediaAssetId] : [])))
  if (assets.size === 0) return
  const { count } = await tx
    .selectFrom('mediaAsset')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('corpId', '=', corpId)
    .where('mediaAssetId', 'in', [...assets])
    .where('kind', '=', 'image')
    .executeTakeFirstOrThrow()
  if (Number(count) < assets.size) throw new NotFound({ what: '图片' })
  await enqueue(tx, refreshMediaJob, { corpId }) // WeCom has them before the first customer comes
}

async function replaceStaff(tx: Tx, corpId: string, channelCodeId: string, staffIds: string[]): Promise<void> {
  await tx
    .deleteFrom('channelCodeStaff')
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .execute()
  await tx
    .insertInto('channelCodeStaff')
    .values([...new Set(staffIds)].map((staffId) => ({ corpId, channelCodeId, staffId })))
    .execute()
}

async function replaceTags(tx: Tx, corpId: string, channelCodeId: string, tagIds: string[]): Promise<void> {
  await tx
    .deleteFrom('channelCodeTag')
    .where('corpId', '=', corpId)
    .where('channelCodeId', '=', channelCodeId)
    .execute()
  if (tagIds.length > 0)
    await tx
      .insertInto('channelCodeTag')
      .values([...new Set(tagIds)].map((tagId) => ({ corpId, channelCodeId, tagId })))
      .execute()
}

const jsonOrNull = (value: Welcome | Roster | null) => (value === null ? null : JSON.stringify(value))
