import { ApiFailure } from './errors.ts'

/** One line of a parameter table. `at` is a path such as `text.content`; lengths say characters or UTF-8 bytes. */
export interface Param {
  at: string
  is: 'text' | 'int' | 'flag' | 'texts' | 'ints' | 'object' | 'objects'
  /** Errcode when absent or empty. Without it the parameter is optional. */
  need?: number
  /** Errcode when of the wrong type or outside the bounds; 40058 by default. */
  bad?: number
  charsMax?: number
  bytesMax?: number
  itemsMax?: number
  min?: number
  max?: number
  oneOf?: readonly (string | number)[]
}

export type Body = Record<string, unknown>

const BAD_PARAMETER = 40058
/** What no XML can carry: such a text could never come back in a callback. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

export function checkParams(params: readonly Param[], body: Body): void {
  for (const param of params) {
    const value = read(body, param.at)
    if (value === undefined || value === null || (value === '' && param.need !== undefined)) {
      if (param.need !== undefined) throw new ApiFailure(param.need, `缺少 ${param.at}`)
    } else if (!fits(param, value)) {
      throw new ApiFailure(param.bad ?? BAD_PARAMETER, `${param.at} 不合要求`)
    }
  }
}

function read(body: Body, path: string): unknown {
  let value: unknown = body
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Body)[name]
  }
  return value
}

function fits(param: Param, value: unknown): boolean {
  switch (param.is) {
    case 'text':
      return typeof value === 'string' && isSayable(param, value) && (!param.oneOf || param.oneOf.includes(value))
    case 'int':
      return isInteger(value) && inRange(param, value) && (!param.oneOf || param.oneOf.includes(value))
    case 'flag':
      // Documents and SDKs write some flags as 0 and 1.
      return typeof value === 'boolean' || value === 0 || value === 1
    case 'texts':
      return isList(param, value) && value.every((item) => typeof item === 'string' && isSayable(param, item))
    case 'ints':
      return isList(param, value) && value.every((item) => isInteger(item) && inRange(param, item))
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
    case 'objects':
      return isList(param, value) && value.every((item) => typeof item === 'object' && item !== null)
  }
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value)
}

function isList(param: Param, value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length <= (param.itemsMax ?? Number.POSITIVE_INFINITY)
}

function inRange({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Param, value: number): boolean {
  return value >= min && value <= max
}

function isSayable({ charsMax, bytesMax }: Param, value: string): boolean {
  // Characters as people count them: an emoji is one, though it is two UTF-16 units.
  if (UNSPEAKABLE.test(value)) return false
  if (charsMax !== undefined && value.length > charsMax && [...value].length > charsMax) return false
  return bytesMax === undefined || value.length * 3 <= bytesMax || Buffer.byteLength(value) <= bytesMax
}
