import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'

/** A request that is not as its route declares it: what is wrong, by field; `_` is the whole of it. */
export class Misfit extends Error {
  override name = 'Misfit'
  readonly fields: Record<string, string>
  constructor({ issues }: z.ZodError) {
    super('the request is not as its route declares it')
    this.fields = Object.fromEntries(issues.map(({ path, message }) => [path.join('.') || '_', message]))
  }
}

/** Holds requests against the schemas of their routes, and says in Chinese what is wrong. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const result = schema.safeParse(data, { error: sayIssue })
    return result.success ? { value: result.data } : { error: new Misfit(result.error) }
  }

const KINDS: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
}
const FORMATS: Readonly<Record<string, string>> = {
  date: '日期，像 2026-11-23',
  datetime: '带时区的时间，像 2026-11-23T09:00:00+08:00',
  url: '网址，像 https://example.com',
}

/** Where the schema itself says nothing. */
function sayIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? '请填写这一项' : `要填${KINDS[issue.expected] ?? '别的内容'}`
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return '不能为空'
      return `不能${sayBound(issue.origin, '少于', '小于')} ${issue.minimum}${UNITS[issue.origin] ?? ''}`
    case 'too_big':
      return `不能${sayBound(issue.origin, '多于', '大于')} ${issue.maximum}${UNITS[issue.origin] ?? ''}`
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')}`
    case 'invalid_format':
      return FORMATS[issue.format] ? `要填${FORMATS[issue.format]}` : '格式不对'
    default:
      return '内容不对'
  }
}

const UNITS: Readonly<Record<string, string>> = { string: ' 个字', array: ' 项' }
const sayBound = (origin: string, ofMany: string, ofNumber: string) => (UNITS[origin] ? ofMany : ofNumber)
