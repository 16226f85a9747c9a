import { expect, test } from 'vitest'
import { z } from 'zod'
import { Day } from './id.ts'
import { Text, WebUrl } from './text.ts'
import { type Misfit, validatorCompiler } from './validation.ts'

const schema = z.object({
  name: Text.trim().min(1).max(3),
  code: Text.min(6),
  age: z.number().int().min(1).max(9),
  kind: z.enum(['ad', 'print']),
  days: z.array(Day).min(1).max(2),
  link: WebUrl,
  own: z.string().refine((text) => text === 'x', '要写 x'),
})
const good = { name: '林', code: '123456', age: 3, kind: 'ad', days: ['2026-11-23'], link: 'https://a.cn', own: 'x' }

const faultsOf = (given: unknown) => {
  const { error } = validatorCompiler({ schema, method: 'POST', url: '/' })(given) as { error?: Misfit }
  return error?.fields
}

test('what does not fit is said in Chinese, by its field; what fits is taken', () => {
  expect(faultsOf(good)).toBeUndefined()
  const said = (change: object) => faultsOf({ ...good, ...change })
  expect(said({ name: ' ' })).toEqual({ name: '不能为空' })
  expect(said({ name: '林林林林' })).toEqual({ name: '不能多于 3 个字' })
  expect(said({ name: undefined })).toEqual({ name: '请填写这一项' })
  expect(said({ name: 7 })).toEqual({ name: '要填文字' })
  expect(said({ code: '12345' })).toEqual({ code: '不能少于 6 个字' })
  expect(said({ age: 0 })).toEqual({ age: '不能小于 1' })
  expect(said({ age: 10 })).toEqual({ age: '不能大于 9' })
  expect(said({ age: 1.5 })).toEqual({ age: '要填整数' })
  expect(said({ kind: 'x' })).toEqual({ kind: '只能是 ad、print' })
  expect(said({ days: [] })).toEqual({ days: '不能少于 1 项' })
  expect(said({ days: ['2026-11-23', '23.11.2026'] })).toEqual({ 'days.1': '要填日期，像 2026-11-23' })
  expect(said({ days: ['0000-01-01'] })).toEqual({ 'days.0': '要填 1900 年以后的日期' })
  expect(said({ link: 'javascript:1' })).toEqual({ link: '要填网址，像 https://example.com' })
  expect(said({ own: 'y' })).toEqual({ own: '要写 x' })
  expect(faultsOf([])).toEqual({ _: '要填别的内容' })
})

test('what PostgreSQL could not keep is refused: a NUL, and half of a surrogate pair; a whole pair is text', () => {
  for (const text of ['林\0', '\uD83C', '\uDF75林']) {
    expect(faultsOf({ ...good, name: text })).toEqual({ name: '有无法保存的字符，请删掉' })
    expect(faultsOf({ ...good, link: `https://a.cn/${text}` })).toBeDefined()
  }
  expect(faultsOf({ ...good, name: '🍵' })).toBeUndefined()
})
