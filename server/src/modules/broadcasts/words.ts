import type { Tx } from '../../platform/db.ts'
import { readSlotSource, renderText, SLOTS, type Slot, type SlotValues, slotsOfMember } from '../content/variables.ts'
import { ValueMissing } from './errors.ts'

const OF_CUSTOMER: readonly Slot[] = ['客户称呼', '客户昵称']
export const usedSlots = (text: string): Slot[] => SLOTS.filter((slot) => text.includes(`{${slot}}`))
/** Whether every customer is told his own words. */
export const namesCustomers = (text: string): boolean => usedSlots(text).some((slot) => OF_CUSTOMER.includes(slot))

export interface Words {
  /** A text as this member writes it to this customer. Throws when something has no value: nothing goes out half filled. */
  fill(text: string, staffId: string, contactId: string): string
}

/** What stands in the slots, for all members and, where they are named, all customers. */
export async function readWords(
  tx: Tx,
  corpId: string,
  staffIds: readonly string[],
  contactIds: readonly string[],
): Promise<Words> {
  const source = await readSlotSource(tx, corpId, staffIds, contactIds)
  return {
    fill(text, staffId, contactId) {
      const slots = usedSlots(text)
      if (slots.length === 0) return text
      const customer = source.customers.get(contactId)
      const nickname = customer?.nickname ?? ''
      const values: SlotValues = {
        客户称呼: customer?.called ?? nickname,
        客户昵称: nickname,
        ...slotsOfMember(source, staffId),
      }
      const empty = slots.find((slot) => values[slot].trim() === '')
      if (empty)
        throw new ValueMissing({
          slot: empty,
          who: OF_CUSTOMER.includes(empty) ? `客户 ${contactId}` : values.成员姓名 || staffId,
        })
      return renderText(text, values)
    },
  }
}
