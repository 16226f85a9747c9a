import type { PropFilter } from './schema.ts'

/** Whether an event's properties are what a fact asks for. The same as `fact_matches` in SQL (migration 0028). */
export const matches = (filter: readonly PropFilter[], props: Readonly<Record<string, unknown>>): boolean =>
  filter.every(({ prop, op, values }) => {
    const value = Object.hasOwn(props, prop) ? props[prop] : undefined
    switch (op) {
      case 'is':
        return values.some((one) => one === value || (Array.isArray(value) && value.includes(one)))
      case 'contains':
        return typeof value === 'string' && values.some((one) => value.includes(one))
      case 'atLeast':
        return typeof value === 'number' && value >= values[0]!
      case 'atMost':
        return typeof value === 'number' && value <= values[0]!
      default:
        throw new Error(`no such way to compare: ${op satisfies never}`)
    }
  })

/** What one event adds to a sum: whole numbers alone, as money in fen is. */
export const amountOf = (prop: string | null, props: Readonly<Record<string, unknown>>): number => {
  const value = prop !== null && Object.hasOwn(props, prop) ? props[prop] : 0
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0
}
