import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { TooManyPeople, UnknownVariable } from '../errors.ts'
import { cutCharacters } from '../template.ts'
import { BATCH_MAX, type BatchPicking, type BatchPlan, type SkipReason } from './schema.ts'

/** Characters of a code's name. */
const NAME_MAX = 30
const SLOT = /\{([^{}]*)\}/g
const VARIABLES = ['成员', '活动', '部门'] as const

interface Person {
  staffId: string
  staffName: string
  departmentName: string
  skip: SkipReason | null
}

/** Who of those picked gets a code, what it is called, and why the others get none. The preview and the batch ask it alike. */
export async function planBatch(tx: Tx, corpId: string, picking: BatchPicking): Promise<BatchPlan> {
  const people = await readPicked(tx, corpId, picking)
  const found = new Set(people.map((person) => person.staffId))
  if (people.length > BATCH_MAX) throw new TooManyPeople({ most: BATCH_MAX })
  if (picking.staffIds.some((staffId) => !found.has(staffId))) throw new NotFound({ what: '成员' })
  const names = nameCodes(people, picking)
  return { people: people.map((person, nr) => ({ ...person, codeName: names[nr]! })) }
}

async function readPicked(tx: Tx, corpId: string, { staffIds, departmentIds, activity }: BatchPicking) {
  const { rows } = await sql<Person>`
    with recursive picked_department as (
      select department_id from department where corp_id = ${corpId}::bigint and department_id = any(${departmentIds}::bigint[]) and deleted_at is null
      union select d.department_id from department d join picked_department p on d.parent_id = p.department_id where d.corp_id = ${corpId}::bigint and d.deleted_at is null)
    select s.staff_id, s.name as staff_name, coalesce(d.name, '') as department_name,
      case when s.left_at is not null then 'left' when s.status <> 1 then 'disabled' when not s.follows then 'not_licensed' when c.channel_code_id is not null then 'has_code' end as skip
    from staff s
    left join department d on d.corp_id = ${corpId}::bigint and d.department_id = s.main_department_id
    left join channel_code c on c.corp_id = ${corpId}::bigint and c.activity = ${activity} and c.activity_staff_id = s.staff_id and c.removed_at is null
    where s.corp_id = ${corpId}::bigint and (s.staff_id = any(${staffIds}::bigint[]) or s.left_at is null and exists (
      select from staff_department sd where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id and sd.department_id in (select department_id from picked_department)))
    order by s.name, s.staff_id limit ${BATCH_MAX + 1}`.execute(tx)
  return rows
}

/** Two of one name are told apart by a number. */
export function nameCodes(
  people: Pick<Person, 'staffName' | 'departmentName'>[],
  { nameTemplate, activity }: Pick<BatchPicking, 'nameTemplate' | 'activity'>,
): string[] {
  const unknown = [...nameTemplate.matchAll(SLOT)].map((slot) => slot[1]!).filter((name) => !isVariable(name))
  if (unknown.length > 0) throw new UnknownVariable({ unknown: [...new Set(unknown)], known: VARIABLES })
  const taken = new Set<string>()
  return people.map(({ staffName, departmentName }) => {
    const values = { 成员: staffName, 活动: activity, 部门: departmentName }
    const whole = nameTemplate.replaceAll(SLOT, (_, name: keyof typeof values) => values[name]).trim() || staffName
    let name = cutCharacters(whole, NAME_MAX)
    for (let nr = 2; taken.has(name); nr++) name = `${cutCharacters(whole, NAME_MAX - 1 - `${nr}`.length)} ${nr}`
    taken.add(name)
    return name
  })
}

const isVariable = (name: string): boolean => (VARIABLES as readonly string[]).includes(name)
