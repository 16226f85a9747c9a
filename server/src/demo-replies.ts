import { sql } from 'kysely'
import { pick, spread, tell } from './demo-visits.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { inCorp } from './platform/db.ts'

const WORDS = [
  '你好，刚加上',
  '上次那款春茶还有吗',
  '可以寄到家里吗',
  '送长辈哪款合适',
  '周末店里几点开门',
  '好的，谢谢',
] as const
const [DAYS, MOST] = [120, 5_000]
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]

/** What those who came by its codes wrote to their member, told as the company's own message archive would: by the open API. */
export async function replyToDemoMembers(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const { rows } = await inCorp(work.db, corpId, (tx) =>
    sql<{ externalUserid: string; userid: string; addedAt: Date }>`
      select i.value as external_userid, s.userid, f.added_at
      from follow f join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
      join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = f.contact_id and i.kind = 'external_userid'
      where f.corp_id = ${corpId}::bigint and f.state is not null and f.added_at > ${new Date(now.getTime() - DAYS * DAY_MS)}::timestamptz
      order by f.added_at desc, f.contact_id, f.staff_id limit ${MOST}`.execute(tx),
  )
  const words = rows.flatMap(({ externalUserid, userid, addedAt }, nr) => {
    if (spread(nr, 31) > 0.46) return []
    const at = new Date(addedAt.getTime() + (1 + spread(nr, 32) ** 6 * 9_000) * MINUTE_MS) // most within the hour
    if (at > now) return []
    return {
      type: 'track',
      event: 'message.sent',
      messageId: `demo-reply-${externalUserid}-${userid}`,
      at: at.toISOString(),
      ids: { external_userid: externalUserid },
      properties: { channel: '企业微信', words: pick(WORDS, nr, 33), userid },
    }
  })
  await tell(work, corpId, 'server', words, now)
}
