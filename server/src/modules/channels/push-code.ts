import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { DomainError } from '../../platform/errors.ts'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { QrUnreadable, readQrPicture } from './qr/read-picture.ts'
import { readTurns } from './roster/read-turns.ts'
import { noteTurns } from './roster/turn-queue.ts'

/** Codes of one corp are made one after another. */
export const codeLane = (corpId: string) => `channels.codes.${corpId}`

/** WeCom’s own note of a way, characters: developer.work.weixin.qq.com/document/path/92228, 2026-11. */
const WAY_REMARK_MAX = 30
/** Several members at most; always this type, since it cannot change once a second member joins. */
const TYPE_SEVERAL = 2
const SCENE_QR = 2
/** Clocks of two machines differ, and a listing starts at whole seconds. */
const CLOCK_MARGIN_MS = 24 * 3_600_000

interface CodeRow {
  name: string
  state: string
  skipVerify: boolean
  configId: string | null
  qrUrl: string | null
  qrContent: string | null
  askedAt: Date | null
  editedAt: Date | null
  /** Who is to receive now, with their staff ids in the same order. */
  userids: string[]
  staffIds: string[]
  exclusive: boolean
}

/** Makes a code in WeCom, or brings an edit there; then reads its picture. Repeating it, after a death at any line, makes no second code. */
export const pushCode = defineJob<WorkContext, { corpId: string; channelCodeId: string }>({
  name: 'channels.push-code',
  payload: z.object({ corpId: Id, channelCodeId: Id }),
  run: (context, { corpId, channelCodeId }, { number }) => pushAndReport(context, corpId, channelCodeId, number > 1),
})

/** Updates sent at once; the client keeps below WeCom's limits by itself. */
const AT_ONCE = 4
const EDITED_AT_ONCE = 400

/** Brings every edit WeCom does not have yet there: a change of shift moves many codes in the same minute. */
export const pushEdited = defineJob<WorkContext, { corpId: string }>({
  name: 'channels.push-edited',
  payload: z.object({ corpId: Id }),
  async run(context, { corpId }, { number }) {
    let after = '0'
    let failed: unknown
    for (;;) {
      const ids = await inCorp(context.db, corpId, (tx) => readEdited(tx, corpId, after))
      if (ids.length === 0) break
      for (let from = 0; from < ids.length; from += AT_ONCE)
        await Promise.all(
          ids
            .slice(from, from + AT_ONCE)
            .map((id) => pushAndReport(context, corpId, id, number > 1).catch((error: unknown) => (failed = error))),
        )
      after = ids.at(-1)!
    }
    if (failed) throw failed
  },
})

async function readEdited(tx: Tx, corpId: string, after: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('channelCode')
    .select('channelCodeId')
    .where('corpId', '=', corpId)
    .where('channelCodeId', '>', after)
    .where('editedAt', 'is not', null)
    .where('configId', 'is not', null)
    .orderBy('channelCodeId')
    .limit(EDITED_AT_ONCE)
    .execute()
  return rows.map((row) => row.channelCodeId)
}

/** Pushes one code; what WeCom refuses, and what failed `before`, stands on the health page. Throws what another try may heal. */
export async function pushAndReport(context: WorkContext, corpId: string, channelCodeId: string, before: boolean) {
  const subject = codeSubject(channelCodeId)
  try {
    await pushChannelCode(context, corpId, channelCodeId)
    context.health.success(corpId, 'channel_codes')
    await context.health.resolve(corpId, 'channel_codes', { subject })
  } catch (error) {
    const refused = error instanceof WecomError && error.outcome === 'refused'
    if (refused || !(error instanceof WecomError) || before) {
      await context.health.failure(corpId, 'channel_codes', {
        cause: causeOf(error),
        subject,
        detail: detailOf(error, channelCodeId),
        replay: { job: 'channels.push-code', payload: { corpId, channelCodeId } },
      })
    }
    await inCorp(context.db, corpId, (tx) => tellPages(tx, corpId))
    if (!refused) throw error
  }
}

export const codeSubject = (channelCodeId: string) => `channel_code ${channelCodeId}`

export async function pushChannelCode(context: WorkContext, corpId: string, channelCodeId: string): Promise<void> {
  let code = await inCorp(context.db, corpId, (tx) => readCode(tx, corpId, channelCodeId, context.clock.now()))
  if (!code) return
  if (code.userids.length === 0) throw new NoStaffLeft()
  const wecom = await context.wecom(corpId)
  const settings = {
    remark: [...code.name].slice(0, WAY_REMARK_MAX).join(''),
    skip_verify: code.skipVerify,
    user: code.userids,
  }
  let behind = code.editedAt !== null
  if (!code.configId) {
    const way = await findOrCreate(context, wecom, corpId, channelCodeId, code, settings)
    if (!way) return // taken back meanwhile
    code = { ...code, configId: way.configId, qrUrl: way.qrUrl }
    behind = !way.upToDate
    await saveCode(context, corpId, channelCodeId, {
      configId: way.configId,
      qrUrl: way.qrUrl,
      ...(way.upToDate ? { pushedEdit: code.editedAt, told: code } : {}),
    })
  }
  if (behind) {
    // An adopted way may name departments besides: they would go on receiving.
    await wecom.contactWay.update({ config_id: code.configId!, ...settings, party: [] })
    await saveCode(context, corpId, channelCodeId, { pushedEdit: code.editedAt, told: code })
  }
  if (!code.qrContent) {
    const qrUrl = code.qrUrl ?? (await wecom.contactWay.get(code.configId!)).qr_code
    if (!qrUrl) throw new QrUnreadable('WeCom gave no picture')
    const qrContent = await readQrPicture(qrUrl, context.wecomBaseUrl)
    await saveCode(context, corpId, channelCodeId, { qrUrl, qrContent })
  }
}

/**
 * Before the first try `asked_at` is committed. Whoever finds it set without a config id does not know whether WeCom made
 * the way, so it is looked for by its state before another is made: a second one would be printed, and never counted.
 */
async function findOrCreate(
  context: WorkContext,
  wecom: Wecom,
  corpId: string,
  channelCodeId: string,
  code: CodeRow,
  settings: { remark: string; skip_verify: boolean; user: string[] },
) {
  const found = code.askedAt ? await findByState(context, wecom, corpId, code.state, code.askedAt) : undefined
  if (found) return { configId: found.config_id, qrUrl: found.qr_code ?? null, upToDate: false }
  if (!code.askedAt) {
    const { numUpdatedRows } = await inCorp(context.db, corpId, (tx) =>
      tx
        .updateTable('channelCode')
        .set({ askedAt: context.clock.now() })
        .where('corpId', '=', corpId)
        .where('channelCodeId', '=', channelCodeId)
        .where('removedAt', 'is', null)
        .executeTakeFirstOrThrow(),
    )
    if (numUpdatedRows === 0n) return undefined
  }
  const made = await wecom.contactWay.add({
    type: TYPE_SEVERAL,
    scene: SCENE_QR,
    state: code.state,
    is_exclusive: code.exclusive,
    ...settings,
  })
  return { configId: made.config_id, qrUrl: made.qr_code ?? null, upToDate: true }
}

export async function findByState(context: WorkContext, wecom: Wecom, corpId: string, state: string, askedAt: Date) {
  const known = new Set(
    (
      await inCorp(context.db, corpId, (tx) =>
        tx
          .selectFrom('channelCode')
          .select('configId')
          .where('corpId', '=', corpId)
          .where('configId', 'is not', null)
          .execute(),
      )
    ).map((row) => row.configId),
  )
  const since = Math.floor((askedAt.getTime() - CLOCK_MARGIN_MS) / 1000)
  for await (const page of wecom.contactWay.pages({ start_time: since })) {
    for (const { config_id } of page.contact_way) {
      if (known.has(config_id)) continue
      const way = await wecom.contactWay.get(config_id)
      if (way.state === state) return way
    }
  }
  return undefined
}

async function saveCode(
  context: WorkContext,
  corpId: string,
  channelCodeId: string,
  got: {
    configId?: string
    qrUrl?: string | null
    qrContent?: string
    pushedEdit?: Date | null
    told?: Pick<CodeRow, 'staffIds' | 'skipVerify'>
  },
): Promise<void> {
  await inCorp(context.db, corpId, async (tx) => {
    const { pushedEdit, told, ...columns } = got
    const known = told ? { toldStaffIds: told.staffIds, toldSkipVerify: told.skipVerify } : {}
    if (Object.keys({ ...columns, ...known }).length > 0)
      await tx
        .updateTable('channelCode')
        .set({ ...columns, ...known })
        .where('corpId', '=', corpId)
        .where('channelCodeId', '=', channelCodeId)
        .execute()
    // A shift may have ended while WeCom was being told.
    if (told) await noteTurns(tx, corpId, [channelCodeId], context.clock.now())
    if (pushedEdit) {
      // unless edited again meanwhile: that edit has its own job
      await tx
        .updateTable('channelCode')
        .set({ editedAt: null })
        .where('corpId', '=', corpId)
        .where('channelCodeId', '=', channelCodeId)
        .where('editedAt', '=', pushedEdit)
        .execute()
    }
    await tellPages(tx, corpId)
  })
}

async function readCode(tx: Tx, corpId: string, channelCodeId: string, now: Date): Promise<CodeRow | undefined> {
  const [wanted] = await readTurns(tx, corpId, [channelCodeId], now)
  if (!wanted) return undefined
  const { receives } = wanted.turn
  const {
    rows: [row],
  } = await sql<Omit<CodeRow, 'staffIds'>>`
    select case when o.channel_code_id = c.channel_code_id then c.name else o.name || '·' || c.name end as name, c.state, c.config_id, c.qr_url, c.qr_content, c.asked_at, c.edited_at, o.exclusive,
      array(select s.userid from staff s where s.corp_id = ${corpId}::bigint and s.staff_id = any(${receives}::bigint[]) order by s.staff_id) as userids
    from channel_code c join channel_code o on o.corp_id = ${corpId}::bigint and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    where c.corp_id = ${corpId}::bigint and c.channel_code_id = ${channelCodeId}::bigint`.execute(tx)
  return row && { ...row, staffIds: receives, skipVerify: wanted.skipVerify }
}

/** Open pages read again: an unnamed notification, which the live hub passes on as “much has changed”. */
export async function tellPages(tx: Tx, corpId: string): Promise<void> {
  await sql`select pg_notify('siyu_live', ${JSON.stringify({ corpId, events: [] })})`.execute(tx)
}

/** Everybody behind the code has left or is disabled: WeCom would refuse an empty list. */
export class NoStaffLeft extends Error {
  override name = 'NoStaffLeft'
  constructor() {
    super('nobody behind this code can receive customers')
  }
}

export function causeOf(error: unknown): string {
  if (error instanceof WecomError) return `wecom.${error.errcode}`
  if (error instanceof QrUnreadable) return 'channels.qr_unreadable'
  if (error instanceof NoStaffLeft) return 'channels.no_staff_left'
  return error instanceof DomainError ? error.code : 'channels.failed'
}

export function detailOf(error: unknown, channelCodeId: string): Record<string, string | number | null> {
  if (error instanceof WecomError)
    return {
      channelCodeId,
      api: error.api,
      errcode: error.errcode,
      hint: error.hint ?? null,
      ip: error.callerIp ?? null,
    }
  return { channelCodeId, reason: error instanceof Error ? error.message.slice(0, 300) : String(error) }
}
