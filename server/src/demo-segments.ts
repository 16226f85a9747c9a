import type { WorkContext } from './modules/corps/context.ts'
import { Rule } from './modules/segments/schema.ts'
import { createSegment } from './modules/segments/service.ts'
import { inCorp } from './platform/db.ts'

const day = (n: number) => ({ n, unit: 'day' })
const order = { kind: 'order.paid' }
const SEGMENTS = [
  {
    name: '重要且即将流失',
    note: '买过 3 次以上、累计满 ¥500、最近一次在 30 到 60 天前',
    rule: {
      is: 'all',
      of: [
        { is: 'did', deed: order, atLeast: 3 },
        { is: 'total', deed: order, amount: 'amountFen', atLeast: 50_000 },
        { is: 'when', deed: order, which: 'last', olderThan: day(30), newerThan: day(60) },
        { is: 'lost', not: true },
      ],
    },
  },
  {
    name: '新客 7 天内',
    note: '刚加上的人，趁热认识',
    rule: {
      is: 'all',
      of: [
        { is: 'added', newerThan: day(7) },
        { is: 'lost', not: true },
      ],
    },
  },
  {
    name: '爱水果',
    note: '买过水果做的茶，上新时告诉他',
    rule: {
      is: 'all',
      of: [
        { is: 'did', deed: { ...order, where: [{ prop: 'categories', op: 'is', values: ['水果'] }] }, atLeast: 1 },
        { is: 'lost', not: true },
      ],
    },
  },
]

/** Segments its operators look at. */
export async function segmentDemoCompany(work: WorkContext, corpId: string): Promise<void> {
  await inCorp(work.db, corpId, async (tx) => {
    for (const { rule, ...segment } of SEGMENTS) // three
      await createSegment(
        tx,
        corpId,
        { ...segment, rule: Rule.parse(rule) },
        { name: '周岚', scope: undefined },
        work.clock.now(),
      )
  })
}
