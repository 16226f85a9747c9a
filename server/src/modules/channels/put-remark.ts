import { WecomError } from '@siyu/wecom/errors'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'
import { cutCharacters, fillTemplate } from './template.ts'

/** UTF-16 units, which is at least WeCom’s 20 characters: developer.work.weixin.qq.com/document/path/92115, 2026-11. */
const REMARK_MAX = 20

/** Names a new friend by the code’s template, unless the staff member was quicker. */
export const putRemark = defineJob<
  WorkContext,
  { corpId: string; contactId: string; staffId: string; template: string }
>({
  name: 'channels.put-remark',
  payload: z.object({ corpId: Id, contactId: Id, staffId: Id, template: z.string() }),
  async run({ db, clock, wecom }, { corpId, contactId, staffId, template }) {
    const pair = await inCorp(db, corpId, (tx) =>
      tx
        .selectFrom('follow')
        .innerJoin('contact', (j) =>
          j.onRef('contact.corpId', '=', 'follow.corpId').onRef('contact.contactId', '=', 'follow.contactId'),
        )
        .innerJoin('staff', (j) =>
          j.onRef('staff.corpId', '=', 'follow.corpId').onRef('staff.staffId', '=', 'follow.staffId'),
        )
        .innerJoin('contactIdentity', (j) =>
          j
            .onRef('contactIdentity.corpId', '=', 'follow.corpId')
            .onRef('contactIdentity.contactId', '=', 'follow.contactId'),
        )
        .innerJoin('corp', 'corp.corpId', 'follow.corpId')
        .select([
          'follow.remark',
          'contact.name',
          'staff.userid',
          'staff.name as staffName',
          'corp.name as corpName',
          'contactIdentity.value as externalUserid',
        ])
        .where('follow.corpId', '=', corpId)
        .where('contact.corpId', '=', corpId)
        .where('staff.corpId', '=', corpId)
        .where('contactIdentity.corpId', '=', corpId)
        .where('follow.contactId', '=', contactId)
        .where('follow.staffId', '=', staffId)
        .where('follow.lostAt', 'is', null)
        .where('contactIdentity.kind', '=', 'external_userid')
        .limit(1)
        .executeTakeFirst(),
    )
    if (!pair) return // no friends any more
    const untouched = pair.remark === '' || pair.remark === pair.name // WeCom starts with the customer’s own name
    const remark = cutCharacters(
      fillTemplate(template, { 客户昵称: pair.name, 成员姓名: pair.staffName, 企业名称: pair.corpName }),
      REMARK_MAX,
    )
    if (!untouched || remark === '' || remark === pair.remark) return
    try {
      await (await wecom(corpId)).customer.remark({ userid: pair.userid, external_userid: pair.externalUserid, remark })
    } catch (error) {
      if (error instanceof WecomError && error.outcome === 'refused') return // deleted in the same minute; nothing is lost but a name
      throw error
    }
    // Changes made by the API come back in no callback, so what we wrote is noted here, unless it has moved on meanwhile.
    // An answer WeCom gave before it must not undo it: hence `asked_at`.
    const now = clock.now()
    await inCorp(db, corpId, async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('follow')
        .set({ remark, askedAt: now, updatedAt: now })
        .where('corpId', '=', corpId)
        .where('contactId', '=', contactId)
        .where('staffId', '=', staffId)
        .where('remark', '=', pair.remark)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      const key = `remark ${contactId} ${staffId} ${now.getTime()}`
      const props = { remark: { from: pair.remark, to: remark } }
      await appendEvents(
        tx,
        corpId,
        [{ contactId, staffId, at: now, kind: 'contact.edited', source: 'system', props, key }],
        now,
      )
    })
  },
})
