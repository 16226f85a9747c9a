import { sql } from 'kysely'
import { spread } from './demo-visits.ts'
import { beginDue, claim, findDue } from './modules/broadcasts/claim.ts'
import { accept } from './modules/broadcasts/hand-over.ts'
import { type Look, settleLook } from './modules/broadcasts/look.ts'
import { planWithin } from './modules/broadcasts/plan-run.ts'
import { NewBroadcast } from './modules/broadcasts/schema.ts'
import { createBroadcast, decideRun, submitBroadcast } from './modules/broadcasts/service.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { inCorp, type Tx } from './platform/db.ts'
import { DAY_MS, shanghaiDay } from './platform/shanghai.ts'

const ASKER = { accountId: '0', name: '宋小满', scope: undefined }
const CHECKER = { accountId: '1', name: '周岚', scope: undefined }
/** A past broadcast is asked for at ten in the morning of a day so many days ago. */
const [FIRST_DAYS, SECOND_DAYS] = [16, 4]
/** Who did something himself within so many days: people who come and go get the second one. */
const LIVELY_DAYS = 40
/** Of the members, who never press send. */
const LAZY = 0.14
const LEASE_SECONDS = 60

const everybody = { include: [{ kind: 'all' as const }], exclude: [] }

/** Two broadcasts of the past with what came of them, and one that waits for somebody's word. */
export async function giveDemoBroadcasts(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const tenOn = (day: string) => new Date(`${day}T10:30:00+08:00`)
  const ago = (days: number) => tenOn(shanghaiDay(new Date(now.getTime() - days * DAY_MS)))
  const activeFrom = shanghaiDay(new Date(now.getTime() - LIVELY_DAYS * DAY_MS))
  const lively = { include: [{ kind: 'filter' as const, filter: { activeFrom } }], exclude: [] }
  await inCorp(work.db, corpId, async (tx) => {
    await letPass(tx, corpId, ago(FIRST_DAYS), {
      ...{
        requestKey: 'demo-osmanthus',
        name: '桂花乌龙上新',
        topic: '营销',
        priority: 5,
        holdout: 100,
        windowDays: 7,
      },
      ...{ audience: everybody, senders: { kind: 'recent' as const }, schedule: { kind: 'now' as const } },
      variants: [
        {
          ...{ weight: 1, materialIds: [] },
          text: '今年的桂花乌龙焙好了，花是九月头一茬的金桂。这周到店可以先喝一杯，喜欢再带走。您哪天路过，跟我说一声，我给您留一泡。',
        },
        {
          ...{ weight: 1, materialIds: [] },
          text: '桂花乌龙上新，75 克 ¥128，满两份送随行杯。要的话回我「要」，我帮您留。',
        },
      ],
    })
    await letPass(tx, corpId, ago(SECOND_DAYS), {
      ...{ requestKey: 'demo-hours', name: '换季养胃茶单', topic: '关怀', priority: 6, holdout: 0, windowDays: 3 },
      ...{ audience: lively, senders: { kind: 'owner' as const }, schedule: { kind: 'now' as const } },
      variants: [
        {
          ...{ weight: 1, materialIds: [] },
          text: '天冷了，店里把适合空腹也能喝的几款茶列了一张单子：熟普、老白茶、陈皮普洱。您平时喝什么，我帮您看看要不要换。',
        },
      ],
    })
    const tomorrow = tenOn(shanghaiDay(new Date(now.getTime() + DAY_MS)))
    await ask(tx, corpId, now, {
      ...{ requestKey: 'demo-new-year', name: '年货礼盒预订', topic: '营销', priority: 3, holdout: 50, windowDays: 10 },
      ...{ audience: everybody, senders: { kind: 'balanced' as const } },
      schedule: { kind: 'at', at: tomorrow.toISOString() },
      variants: [
        {
          ...{ weight: 1, materialIds: [] },
          text: '{企业简称}的年货礼盒可以订了：白茶、岩茶、熟普三款，腊月二十前到货，可以写贺卡。您是自己喝还是送人？我按您的意思配。',
        },
      ],
    })
  })
}

type Asked = Parameters<typeof NewBroadcast.parse>[0]

async function ask(tx: Tx, corpId: string, at: Date, asked: Asked): Promise<string> {
  const { broadcastId } = await createBroadcast(tx, corpId, NewBroadcast.parse(asked), ASKER, at)
  const runId = await submitBroadcast(tx, corpId, broadcastId, 1, ASKER, at)
  await planWithin(tx, corpId, runId, at)
  return runId
}

/** Asked for, agreed to, handed over and sent by most members, as long ago as it was; all at once, before the lane sees it. */
async function letPass(tx: Tx, corpId: string, at: Date, asked: Asked): Promise<void> {
  const runId = await ask(tx, corpId, at, asked)
  const run = await tx
    .selectFrom('broadcastRun')
    .select(['hash', 'state'])
    .where('corpId', '=', corpId)
    .where('runId', '=', runId)
    .executeTakeFirstOrThrow()
  const word = { hash: run.hash!.toString('hex'), approve: true, note: '内容稳妥' }
  if (run.state === 'waiting') await decideRun(tx, corpId, runId, word, CHECKER, at)
  await beginDue(tx, corpId, at)
  // A few dozen members, each as he was.
  for (let due = await findDue(tx, corpId, at); due; due = await findDue(tx, corpId, at)) {
    const chunk = await claim(tx, corpId, due, at, LEASE_SECONDS)
    if (chunk === 'wait') break
    if (chunk === 'dropped') continue
    const msgid = `msgDEMO${runId}n${chunk.number}`
    await accept(tx, corpId, chunk, { msgid, fail_list: [] }, at)
    const lazy = spread(61, chunk.number + Number(runId)) < LAZY
    const sentAt = new Date(at.getTime() + Math.floor(spread(62, chunk.number) * 9 * 3_600_000))
    const results = chunk.externalUserids.map((external_userid, nr) => ({
      ...{ external_userid, userid: chunk.userid },
      status: spread(63 + chunk.number, nr) < 0.012 ? (2 as const) : (1 as const),
    }))
    const look: Look = lazy ? { sentAt: null, results: [] } : { sentAt, results }
    await settleLook(tx, corpId, { ...chunk, touchId: due.touchId, msgid }, look, sentAt, 'lapsed')
  }
  const ended = new Date(at.getTime() + 3 * DAY_MS)
  await sql`
    with done as (update broadcast_run set state = 'done', ended_at = ${ended}::timestamptz where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint returning broadcast_id)
    update broadcast b set state = 'ended' from done where b.corp_id = ${corpId}::bigint and b.broadcast_id = done.broadcast_id`.execute(
    tx,
  )
}
