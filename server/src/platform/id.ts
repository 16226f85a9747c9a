import { z } from 'zod'

/** A bigint as a string: past 2^53 a number would lie. Eighteen digits, so that PostgreSQL can hold whatever passes. */
export const Id = z.string().regex(/^[1-9]\d{0,17}$/)
export type Id = z.infer<typeof Id>

/** A day. PostgreSQL knows no year 0, and periods are counted back from a day. */
export const Day = z.iso.date().refine((day) => day >= '1900', '要填 1900 年以后的日期')

/** An instant as ISO 8601 with its zone. */
export const Instant = z.iso.datetime({ offset: true })

/** A list of ids as PostgreSQL writes an array: bound as one text, for lists too long to bind id by id. */
export const idArray = (ids: Iterable<string>): string => `{${[...ids].join(',')}}`
