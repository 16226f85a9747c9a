import type { Corp } from './corp.ts'
import { emit } from './events.ts'
import type { Customer, Department, Staff } from './records.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

export interface NewCustomer {
  name?: string
  gender?: 0 | 1 | 2
  /** 1 WeChat, 2 WeCom of another company. */
  kind?: 1 | 2
  corpName?: string
  persona?: string
  memberNumber?: string
}

/** A person of the world. A customer of the company only once a member has them as a contact. */
export function makeCustomer(
  corp: Corp,
  { name, gender = 0, kind = 1, corpName, persona, memberNumber }: NewCustomer,
): Customer {
  const customer: Customer = {
    externalUserid: corp.makeId(kind === 1 ? 'wm' : 'wo', 32),
    name: name ?? `访客 ${corp.customers.size + 1}`,
    type: kind,
    gender,
    unionid: kind === 1 ? corp.makeId('o', 28) : undefined,
    corpName,
    persona,
    memberNumber,
  }
  corp.saveCustomer(customer)
  return customer
}

const ROOT_DEPARTMENT = 1

/** The console adds a member. Since 2022-08-15 the callback carries ids only; names are read by API. */
export function addMember(
  world: World,
  corp: Corp,
  { userid, name, departmentIds = [ROOT_DEPARTMENT], position = '' }: Partial<Staff> & { userid: string; name: string },
): Staff {
  if (corp.findStaff(userid)) throw new Refusal('staff.taken', `账号 ${userid} 已有人用`)
  const staff: Staff = {
    userid,
    name,
    departmentIds,
    position,
    gender: '0',
    mobile: '',
    leads: [],
    status: 1,
    mayContact: true,
  }
  corp.saveStaff(staff)
  contactChanged(world, corp, 'create_user', userid, `${name}入职了`, {
    UserID: userid,
    Department: departmentIds.join(','),
  })
  return staff
}

export function moveMember(world: World, corp: Corp, userid: string, departmentIds: number[]): void {
  const staff = corp.findStaff(userid)
  if (!staff) throw new Refusal('staff.unknown', `没有这个成员：${userid}`)
  staff.departmentIds = departmentIds
  corp.saveStaff(staff)
  const fields = { UserID: staff.userid, Department: departmentIds.join(',') }
  contactChanged(world, corp, 'update_user', staff.userid, `${staff.name}换了部门`, fields)
}

/** The console's 客户联系使用范围. WeCom calls nobody back about it. */
export function permitMember(world: World, corp: Corp, userid: string, mayContact: boolean): void {
  const staff = corp.findStaff(userid)
  if (!staff) throw new Refusal('staff.unknown', `没有这个成员：${userid}`)
  staff.mayContact = mayContact
  corp.saveStaff(staff)
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'staff', id: staff.userid })
}

/** Leaving takes the member out of the address book. Their customers wait for a resigned transfer. */
export function removeMember(world: World, corp: Corp, userid: string): void {
  const staff = corp.findStaff(userid)
  if (!staff) throw new Refusal('staff.unknown', `没有这个成员：${userid}`)
  corp.removeStaff(userid)
  contactChanged(world, corp, 'delete_user', staff.userid, `${staff.name}离职了`, { UserID: staff.userid })
}

export function addDepartment(
  world: World,
  corp: Corp,
  { name, parentId = ROOT_DEPARTMENT }: { name: string; parentId?: number },
): Department {
  const id = Math.max(0, ...corp.departments.keys()) + 1
  const department: Department = { id, name, parentId, order: 100_000_000 - id }
  corp.saveDepartment(department)
  contactChanged(world, corp, 'create_party', `party ${id}`, `新建了部门「${name}」`, { Id: id, ParentId: parentId })
  return department
}

function contactChanged(
  world: World,
  corp: Corp,
  changeType: string,
  about: string,
  sentence: string,
  fields: Record<string, string | number>,
): void {
  emit(world, corp, { event: 'change_contact', changeType, receiver: 'contacts', about, sentence, fields })
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'staff', id: about })
}
