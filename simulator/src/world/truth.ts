import type { Corp } from './corp.ts'

/** The whole contact graph, one JSON object a line: what a checker holds a company's system against. */
export function* truthLines(corp: Corp): Generator<string> {
  for (const department of corp.departments.values()) yield line('department', department)
  for (const staff of corp.staff.values()) yield line('staff', staff)
  for (const group of corp.tagGroups.values()) yield line('tag_group', group)
  for (const customer of corp.customers.values()) {
    const follows = corp.followsOfCustomer(customer.externalUserid)
    if (follows.length === 0) continue
    yield line('customer', customer)
    for (const follow of follows) yield line('follow', follow)
  }
  for (const group of corp.groups.values()) yield line('group', group)
  for (const way of corp.contactWays.values()) yield line('contact_way', way)
}

function line(kind: string, record: object): string {
  return `${JSON.stringify({ kind, ...record })}\n`
}
