import { makeLinks, tokenOf } from '../src/modules/content/forms/links.ts'
import { FormContent } from '../src/modules/content/forms/schema.ts'
import { createForm, publishForm, saveDraft } from '../src/modules/content/forms/write-form.ts'
import { inCorp } from '../src/platform/db.ts'
import { anActor } from './actor.ts'
import { at, type TestDb, testVault } from './world.ts'

export const TASTE = {
  title: '口味小卡',
  fields: [
    { key: 'taste', kind: 'choice', label: '平时怎么喝茶', required: true, options: ['热泡', '冷泡', '奶茶'] },
    {
      key: 'sugar',
      kind: 'choice',
      label: '几分糖',
      options: ['三分', '五分'],
      required: true,
      when: { field: 'taste', is: ['奶茶'] },
    },
    { key: 'phone', kind: 'phone', label: '手机号' },
    { key: 'call', kind: 'text', label: '怎么称呼您', isPrivate: true },
  ],
  consents: [
    { purpose: 'profile', text: '同意把口味记到我的客户资料' },
    { purpose: 'phone', text: '同意用手机号认出我' },
  ],
  limits: { total: null, perPerson: null, opensAt: null, closesAt: null },
}

/** A published form with a link for each member, or one for the shop. */
export async function aForm(
  db: TestDb,
  corpId: string,
  given: { content?: object; staffIds?: string[]; placement?: string; publish?: boolean } = {},
): Promise<{ formId: string; tokens: string[] }> {
  const content = FormContent.parse({ ...TASTE, ...given.content })
  return inCorp(db.api, corpId, async (tx) => {
    const formId = await createForm(tx, anActor(corpId), { content }, at)
    if (given.publish === false) return { formId, tokens: [] }
    await publishForm(tx, anActor(corpId), formId, at)
    const links = { placement: given.placement ?? '收银台', staffIds: given.staffIds ?? [] }
    await makeLinks(tx, testVault, corpId, formId, links, at)
    const rows = await tx
      .selectFrom('formLink')
      .select(['linkId', 'formId', 'placement', 'staffId', 'tokenSealed'])
      .where('corpId', '=', corpId)
      .where('formId', '=', formId)
      .orderBy('linkId')
      .execute()
    return { formId, tokens: rows.map((row) => tokenOf(testVault, corpId, row)) }
  })
}

/** Changes a form and publishes it again. */
export async function republish(db: TestDb, corpId: string, formId: string, content: object): Promise<number> {
  return inCorp(db.api, corpId, async (tx) => {
    const { revision } = await tx
      .selectFrom('form')
      .select('revision')
      .where('corpId', '=', corpId)
      .where('formId', '=', formId)
      .executeTakeFirstOrThrow()
    await saveDraft(tx, anActor(corpId), formId, { revision, content: FormContent.parse(content) }, at)
    return publishForm(tx, anActor(corpId), formId, at)
  })
}
