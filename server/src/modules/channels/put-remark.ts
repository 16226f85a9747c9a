import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import { writeRemark } from '../contacts/put-remark.ts'
import type { WorkContext } from '../corps/context.ts'
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
  async run(context, { corpId, contactId, staffId, template }) {
    const pair = await inCorp(context.db, corpId, (tx) =>
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
    await writeRemark(context, corpId, { ...pair, contactId, staffId }, remark, { source: 'system' })
  },
})
