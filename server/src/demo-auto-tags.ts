import type { WorkContext } from './modules/corps/context.ts'
import { createAutoTag, editAutoTagGroup } from './modules/segments/auto-tags/rules.ts'
import { Rule } from './modules/segments/schema.ts'
import { createTagGroup } from './modules/tags/service.ts'
import { inCorp } from './platform/db.ts'

const BY = { accountId: '0', name: '周岚', scope: undefined, mayBulk: true, mayMove: false, mayAssign: false }
const day = (n: number) => ({ n, unit: 'day' })
const order = { kind: 'order.paid' }
const here = { is: 'lost', not: true }
const all = (...of: object[]) => ({ is: 'all', of: [...of, here] })

/** Tags its rules give, by group; in an exclusive one the first that holds wins. */
const GROUPS = [
  {
    name: '消费价值',
    exclusive: true,
    rules: {
      重要且即将流失: all(
        { is: 'did', deed: order, atLeast: 3 },
        { is: 'when', deed: order, which: 'last', olderThan: day(30), newerThan: day(60) },
      ),
      高价值: all({ is: 'total', deed: order, amount: 'amountFen', atLeast: 100_000, within: day(365) }),
      常买: all({ is: 'did', deed: order, atLeast: 3, within: day(90) }),
    },
  },
  {
    name: '近况',
    exclusive: true,
    rules: {
      新客一周内: all({ is: 'added', newerThan: day(7) }),
      三十天未下单: all({ is: 'when', deed: order, which: 'last', olderThan: day(30), newerThan: day(60) }),
    },
  },
  {
    name: '喜好（自动）',
    exclusive: false,
    rules: {
      爱水果: all({
        is: 'did',
        deed: { ...order, where: [{ prop: 'categories', op: 'is', values: ['水果'] }] },
        atLeast: 1,
      }),
    },
  },
]

/** Rules of tags its operators keep. */
export async function autoTagDemoCompany({ db, clock }: WorkContext, corpId: string): Promise<void> {
  const now = clock.now()
  await inCorp(db, corpId, async (tx) => {
    for (const { name, exclusive, rules } of GROUPS) {
      const group = await createTagGroup(tx, corpId, { name, tags: Object.keys(rules) }, now)
      for (const { tagId, name: tag } of group.tags) {
        const rule = Rule.parse(rules[tag as keyof typeof rules])
        await createAutoTag(tx, corpId, { tagId, rule, keep: false }, BY, now)
      }
      await editAutoTagGroup(tx, corpId, group.tagGroupId, { exclusive }, BY, now)
    }
  })
}
