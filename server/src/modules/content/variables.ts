import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { UnknownSlot } from './errors.ts'

/** What a text of a material or a script may hold in braces. */
export const SLOTS = ['客户称呼', '客户昵称', '成员姓名', '部门', '企业简称', '企业名称'] as const
export type Slot = (typeof SLOTS)[number]
export type SlotValues = Readonly<Record<Slot, string>>

const SLOT = /\{([^{}]*)\}/g

const isSlot = (name: string): name is Slot => (SLOTS as readonly string[]).includes(name)

/** Refuses a text with a slot nobody fills: it would reach the customer with its braces. */
export function requireKnownSlots(...texts: string[]): void {
  const named = texts.flatMap((text) => [...text.matchAll(SLOT)].map((slot) => slot[1]!))
  const unknown = [...new Set(named.filter((name) => !isSlot(name)))]
  if (unknown.length > 0) throw new UnknownSlot({ unknown, known: SLOTS })
}

/** Fills the slots in one pass: a customer who calls himself {企业名称} stays called so. */
export function renderText(text: string, values: SlotValues): string {
  return text.replaceAll(SLOT, (slot, name: string) => (isSlot(name) ? values[name] : slot))
}

/** Of a chat of many: nobody is called by name. */
const EVERYBODY = '大家'
/** The field of a customer that says how he likes to be called, where the corp keeps one. */
const CALLED_FIELD = '称呼'
const NOBODY_NAMED = '您'
/** 见山茶事（成都）有限公司 → 见山茶事. */
const LEGAL = /[（(][^（）()]*[）)]|(股份)?(有限)?(责任)?公司$|集团$/g

export function shortName(corpName: string): string {
  return corpName.replaceAll(LEGAL, '').replaceAll(LEGAL, '').trim() || corpName
}

/** What is known for the slots: of members by their id, of customers by theirs; two statements, however many. */
export interface SlotSource {
  corpName: string
  members: Map<string, { name: string; department: string | null }>
  customers: Map<string, { nickname: string | null; called: string | null }>
}

export async function readSlotSource(
  tx: Tx,
  corpId: string,
  staffIds: readonly string[],
  contactIds: readonly string[],
): Promise<SlotSource> {
  const { rows: staff } = await sql<{
    corpName: string
    staffId: string | null
    name: string
    department: string | null
  }>`
    select corp.name as corp_name, s.staff_id, s.name,
      (select d.name from staff_department sd join department d on d.corp_id = ${corpId}::bigint and d.department_id = sd.department_id
        where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id order by sd.is_leader desc, sd.department_id limit 1) as department
    from corp left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = any(${[...staffIds]}::bigint[]) where corp.corp_id = ${corpId}::bigint`.execute(
    tx,
  )
  const { rows: customers } =
    contactIds.length === 0
      ? { rows: [] }
      : await sql<{ contactId: string; nickname: string | null; called: string | null }>`
    select c.contact_id, nullif(c.name, '') as nickname,
      (select nullif(v.value #>> '{}', '') from contact_field f join contact_field_value v on v.corp_id = ${corpId}::bigint and v.contact_field_id = f.contact_field_id
        where f.corp_id = ${corpId}::bigint and f.name = ${CALLED_FIELD} and f.kind = 'text' and f.deleted_at is null and v.contact_id = c.contact_id) as called
    from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[...contactIds]}::bigint[])`.execute(tx)
  return {
    corpName: staff[0]?.corpName ?? '',
    members: new Map(staff.flatMap(({ staffId, ...row }) => (staffId ? [[staffId, row] as const] : []))),
    customers: new Map(customers.map(({ contactId, ...row }) => [contactId, row])),
  }
}

/** What a member and the corp fill in, whoever it is for. */
export const slotsOfMember = ({ corpName, members }: SlotSource, staffId: string | null) => ({
  成员姓名: (staffId && members.get(staffId)?.name) || '',
  部门: (staffId && members.get(staffId)?.department) || '',
  企业简称: shortName(corpName),
  企业名称: corpName,
})

/** What stands in the slots when this member writes to this customer; without one, to a chat of many. */
export async function readSlotValues(
  tx: Tx,
  corpId: string,
  { staffId, contactId }: { staffId: string | null; contactId?: string | undefined },
): Promise<SlotValues> {
  const source = await readSlotSource(tx, corpId, staffId ? [staffId] : [], contactId ? [contactId] : [])
  const { nickname = null, called = null } = (contactId && source.customers.get(contactId)) || {}
  const named = contactId === undefined ? EVERYBODY : (nickname ?? NOBODY_NAMED)
  return {
    客户称呼: contactId === undefined ? EVERYBODY : (called ?? named),
    客户昵称: named,
    ...slotsOfMember(source, staffId),
  }
}
