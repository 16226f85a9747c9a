import type { Deed, Group, PropFilter } from './rule.ts'

/** What is asked of how somebody read a material. */
export const OPENED_ASKS = ['opens', 'seconds', 'depth', 'forwarded', 'unbought'] as const
export type OpenedAsk = (typeof OPENED_ASKS)[number]

const OPENS = 3
const SECONDS = 60
const DEPTH = 80
const BUY_DAYS = 7

/** The rule a material's page begins with; everything in it can be changed like any other. */
export function openedRule(materialId: string, ask: OpenedAsk): Group {
  const deed = (kind: string, more: PropFilter[] = []): Deed => ({
    kind,
    where: [{ prop: 'pieceId', op: 'is', values: [materialId] }, ...more],
  })
  switch (ask) {
    case 'opens':
      return { is: 'all', of: [{ is: 'did', deed: deed('content.opened'), atLeast: OPENS }] }
    case 'seconds':
      return { is: 'all', of: [{ is: 'total', deed: deed('content.read'), amount: 'seconds', atLeast: SECONDS }] }
    case 'depth':
      return {
        is: 'all',
        of: [
          { is: 'did', deed: deed('content.read', [{ prop: 'depth', op: 'atLeast', values: [DEPTH] }]), atLeast: 1 },
        ],
      }
    case 'forwarded':
      return { is: 'all', of: [{ is: 'did', deed: deed('content.forwarded'), atLeast: 1 }] }
    case 'unbought':
      return {
        is: 'all',
        of: [
          { is: 'did', deed: deed('content.opened'), atLeast: 1, within: { n: BUY_DAYS, unit: 'day' } },
          { is: 'did', deed: { kind: 'order.paid' }, atMost: 0, within: { n: BUY_DAYS, unit: 'day' } },
        ],
      }
  }
}

/** What a page's address asks for, if it does. */
export function askedRule(params: URLSearchParams): { title: string; ask: OpenedAsk; rule: Group } | undefined {
  const materialId = params.get('opened')
  const ask = OPENED_ASKS.find((one) => one === params.get('ask'))
  return materialId && ask && /^[1-9]\d{0,17}$/.test(materialId)
    ? { title: params.get('name') ?? '', ask, rule: openedRule(materialId, ask) }
    : undefined
}
