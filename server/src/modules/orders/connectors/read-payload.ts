import { z } from 'zod'
import { PayloadUnreadable } from '../errors.ts'
import { FEN_MAX, type IncomingOrder } from '../schema.ts'

/** How one platform's order becomes one of ours. */
export interface Connector {
  /** What the shop is called among ours. */
  shop: string
  /** The platform's name, for people. */
  name: string
  read(payload: unknown): IncomingOrder
}

/** Yuan as platforms write them ("128.5", 128.5) in fen, by digits: floating point would lose some. */
export const Yuan = z.union([z.string(), z.number()]).transform((written, context) => {
  const [, whole, part = ''] = /^(\d{1,10})(?:\.(\d{1,2})0*)?$/.exec(String(written).trim()) ?? []
  if (whole !== undefined) return Number(whole) * 100 + Number(part.padEnd(2, '0'))
  context.addIssue('不是金额')
  return z.NEVER
})

export const FenGiven = z.number().int().min(0).max(FEN_MAX)

/** A clock of Shanghai, as platforms write it: 2026-11-01 10:00:00. */
export const ShanghaiTime = z.string().transform((written, context) => {
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(written)
    ? new Date(`${written.replace(' ', 'T')}+08:00`)
    : new Date(Number.NaN)
  if (!Number.isNaN(at.getTime())) return at
  context.addIssue('不是时间')
  return z.NEVER
})

export const EpochSeconds = z
  .number()
  .int()
  .positive()
  .max(253_402_300_799)
  .transform((seconds) => new Date(seconds * 1000))

export const EpochMs = z
  .number()
  .int()
  .positive()
  .max(253_402_300_799_000)
  .transform((ms) => new Date(ms))

/** Ids come as text or as numbers; a number past 2^53 has lost digits already and is refused. */
export const GivenNo = z.union([z.string().trim().min(1).max(100), z.number().int().positive().transform(String)])

/** What platforms leave empty instead of out. */
export const orNothing = <T extends z.ZodType>(shape: T) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), shape.optional())

/** Reads a payload by the platform's shape; what does not fit is refused by where it stands. */
export function readShape<T extends z.ZodType>(platform: string, shape: T, payload: unknown): z.output<T> {
  const { data, error } = shape.safeParse(payload)
  if (error) {
    const [issue] = error.issues
    throw new PayloadUnreadable({ platform, where: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() })
  }
  return data as z.output<T>
}

/** By what the platform tells who bought: its own id is proven; the receiver's number may be somebody else's. */
export function buyerOf(
  shop: string,
  given: { buyerId?: string | undefined; phone?: string | undefined; unionid?: string | undefined },
): IncomingOrder['identifiers'] {
  return [
    ...(given.buyerId ? [{ kind: 'buyer' as const, value: `${shop}:${given.buyerId}`, trust: 2 as const }] : []),
    ...(given.unionid ? [{ kind: 'unionid' as const, value: given.unionid, trust: 2 as const }] : []),
    // Masked numbers (138****0000) are nobody's.
    ...(given.phone && !given.phone.includes('*')
      ? [{ kind: 'phone' as const, value: given.phone, trust: 1 as const }]
      : []),
  ]
}
