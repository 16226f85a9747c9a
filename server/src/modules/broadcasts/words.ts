import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { renderText, SLOTS, type Slot, shortName } from '../content/variables.ts'
import { ValueMissing } from './errors.ts'

const OF_CUSTOMER: readonly Slot[] = ['客户称呼', '客户昵称']
export const usedSlots = (text: string): Slot[] => SLOTS.filter((slot) => text.includes(`{${slot}}`))
/** Whether every customer is told his own words. */
export const namesCustomers = (text: string): boolean => usedSlots(text).some((slot) => OF_CUSTOMER.includes(slot))

export interface Words {
  /** A text as this member writes it to this customer. Throws when something has no value: nothing goes out half filled. */
  fill(text: string, staffId: string, contactId: string): string
}

/** What stands in the slots, for all members and, where they are named, all customers: two statements. */
export async function readWords(
  tx: Tx,
  corpId: string,
  staffIds: readonly string[],
  contactIds: readonly string[],
): Promise<Words> {
  const { rows: staff } = await sql<{
    staffId: string
    name: string
    department: string | null
    corpName: string
  }>`
    select s.staff_id, s.name, corp.name as corp_name,
      (select d.name from staff_department sd join department d on d.corp_id = ${corpId}::bigint and d.department_id = sd.department_id
        where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id order by sd.is_leader desc, sd.department_id limit 1) as department
    from corp join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = any(${[...staffIds]}::bigint[]) where corp.corp_id = ${corpId}::bigint`.execute(
    tx,
  )
  const { rows: customers } = await sql<{ contactId: string; nickname: string; called: string | null }>`
    select c.contact_id, c.name as nickname,
      (select nullif(v.value #>> '{}', '') from contact_field f join contact_field_value v on v.corp_id = ${corpId}::bigint and v.contact_field_id = f.contact_field_id
        where f.corp_id = ${corpId}::bigint and f.name = '称呼' and f.kind = 'text' and f.deleted_at is null and v.contact_id = c.contact_id) as called
    from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[...contactIds]}::bigint[])`.execute(tx)
  const members = new Map(staff.map((row) => [row.staffId, row]))
  const people = new Map(customers.map((row) => [row.contactId, row]))
  return {
    fill(text, staffId, contactId) {
      const slots = usedSlots(text)
      if (slots.length === 0) return text
      const [member, customer] = [members.get(staffId), people.get(contactId)]
      const values: Record<Slot, string> = {
        客户称呼: customer?.called ?? customer?.nickname ?? '',
        客户昵称: customer?.nickname ?? '',
        成员姓名: member?.name ?? '',
        部门: member?.department ?? '',
        企业简称: shortName(member?.corpName ?? ''),
        企业名称: member?.corpName ?? '',
      }
      const empty = slots.find((slot) => values[slot].trim() === '')
      if (empty)
        throw new ValueMissing({
          slot: empty,
          who: (OF_CUSTOMER.includes(empty) ? `客户 ${contactId}` : member?.name) ?? staffId,
        })
      return renderText(text, values)
    },
  }
}
