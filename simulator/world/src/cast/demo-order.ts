import { CAST, PEOPLE, WAYS } from '../../../src/demo/company.ts'

const PERSONAS = CAST.map(({ name }) => name)
const GUIDES = PEOPLE.map(({ userid }) => userid)
const CODES = WAYS.map(({ state }) => state)

/** The demo company's lists begin with whom the guided path is about, whatever order a restart has left them in. */
export function orderPersonas<T extends { name: string }>(customers: readonly T[]): T[] {
  return byPlace(customers, ({ name }) => PERSONAS.indexOf(name))
}

export function orderStaff<T extends { userid: string }>(staff: readonly T[]): T[] {
  return byPlace(staff, ({ userid }) => GUIDES.indexOf(userid))
}

/** A code just made in the console comes first: it is what its maker wants to scan. The demo's own follow as printed. */
export function orderCodes<T extends { state: string; createdAt: number }>(codes: readonly T[]): T[] {
  const made = codes.filter(({ state }) => !CODES.includes(state)).sort((a, b) => b.createdAt - a.createdAt)
  const printed = byPlace(
    codes.filter(({ state }) => CODES.includes(state)),
    ({ state }) => CODES.indexOf(state),
  )
  return [...made, ...printed]
}

/** Those without a place stay behind the others, in the order they came. */
function byPlace<T>(list: readonly T[], placeOf: (it: T) => number): T[] {
  const place = (it: T) => (placeOf(it) < 0 ? Number.MAX_SAFE_INTEGER : placeOf(it))
  return list.toSorted((a, b) => place(a) - place(b))
}
