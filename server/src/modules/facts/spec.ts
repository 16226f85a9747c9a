import { sha256 } from '../../platform/secrets.ts'
import type { Deed, FactSpec } from './schema.ts'

/** Counted from the orders themselves, not from the journal: a refund or a correction changes what was. */
export const ORDER_KIND = 'order.paid'

/** What a kind's amount is when a rule names none, so that counting and adding up orders reads one fact. */
const AMOUNTS: Readonly<Record<string, string>> = { [ORDER_KIND]: 'amountFen' }

/** The fact a deed is read from. */
export const factOf = (deed: Deed, amount?: string): FactSpec => ({
  kind: deed.kind,
  where: deed.where,
  untrusted: deed.untrusted,
  amount: amount ?? AMOUNTS[deed.kind] ?? null,
})

/** The same for the same fact, whoever wrote it down and in whatever order. */
export function factKey({ kind, where, untrusted, amount }: FactSpec): string {
  const filters = where
    .map(({ prop, op, values }) => JSON.stringify([prop, op, values.map((one) => JSON.stringify(one)).sort()]))
    .sort()
  return sha256(JSON.stringify([kind, filters, untrusted, amount]))
    .toString('hex')
    .slice(0, 32)
}

const known = new WeakMap<Deed, Map<string, string>>()

/** `factKey` of the fact a deed is read from; worked out once for each deed of a rule, for it is asked of every customer. */
export function keyOfDeed(deed: Deed, amount?: string): string {
  const keys = known.get(deed) ?? new Map<string, string>()
  if (!known.has(deed)) known.set(deed, keys)
  let key = keys.get(amount ?? '')
  if (key === undefined) {
    key = factKey(factOf(deed, amount))
    keys.set(amount ?? '', key)
  }
  return key
}
