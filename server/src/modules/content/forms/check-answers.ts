import { z } from 'zod'
import { AnswerRefused } from './errors.ts'
import { PROVINCES } from './regions.ts'
import { FILES_MAX, type FormContent, type FormField } from './schema.ts'
import { type Answers, type AnswerValue, isBlank, visibleFields } from './visible-fields.ts'

const TEXT_MAX = { text: 100, long_text: 1_000 } as const
const RATING_MAX = 5
const CITY_MAX = 20
const PHONE = /^1[3-9]\d{9}$/

export type Kept = Record<string, string | number | string[]>

/** Kept sealed, and told to no rule. */
export const isPrivate = ({ kind, isPrivate }: Pick<FormField, 'kind' | 'isPrivate'>): boolean =>
  isPrivate || kind === 'phone' || kind === 'file'

/**
 * What is kept of what somebody sent: the fields he saw, each as its kind has it. Whatever stands in fields he did not see,
 * or in none, is dropped; what does not fit is refused in words for him.
 */
export function checkAnswers(content: Pick<FormContent, 'fields'>, given: Answers): Kept {
  const kept: Kept = {}
  for (const field of visibleFields(content, given)) {
    const value = given[field.key]
    if (isBlank(value) || (typeof value === 'string' && value.trim() === '')) {
      if (field.required) throw new AnswerRefused({ label: field.label, wanted: sayMissing(field) })
      continue
    }
    kept[field.key] = checkValue(field, value!)
  }
  return kept
}

const sayMissing = ({ kind }: FormField): string =>
  kind === 'choice' || kind === 'choices' || kind === 'rating' ? '还没选' : kind === 'file' ? '还没上传' : '还没填'

function checkValue(field: FormField, value: AnswerValue): string | number | string[] {
  const refuse = (wanted: string): never => {
    throw new AnswerRefused({ label: field.label, wanted })
  }
  const text = (): string => (typeof value === 'string' ? value.trim() : refuse('要填文字'))
  const between = (n: number, least: number, most: number, unit: string, what: string) => {
    if (n < least) refuse(`${what}至少 ${least}${unit}`)
    if (n > most) refuse(`${what}最多 ${most}${unit}`)
  }
  switch (field.kind) {
    case 'text':
    case 'long_text': {
      const said = text()
      between([...said].length, field.min ?? 0, Math.min(field.max ?? Infinity, TEXT_MAX[field.kind]), ' 个字', '要填')
      return said
    }
    case 'choice': {
      const said = text()
      return field.options.includes(said) ? said : refuse('要从给出的里面选')
    }
    case 'choices': {
      if (typeof value !== 'object') return refuse('要从给出的里面选')
      const said = field.options.filter((option) => value.includes(option))
      if (value.some((one) => !field.options.includes(one))) refuse('要从给出的里面选')
      between(said.length, field.min ?? 0, field.max ?? field.options.length, ' 项', '要选')
      return said
    }
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 1e9) return refuse('要填数字')
      between(value, field.min ?? -1e9, field.max ?? 1e9, '', '要填的数')
      return value
    }
    case 'rating':
      return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= RATING_MAX
        ? value
        : refuse(`要选 1 到 ${RATING_MAX} 颗星`)
    case 'date': {
      const said = text()
      return z.iso.date().safeParse(said).success && said >= '1900' && said < '2200' ? said : refuse('要选一个日期')
    }
    case 'phone': {
      const said = text()
        .replaceAll(/[\s-]/g, '')
        .replace(/^(\+|00)86/, '')
      return PHONE.test(said) ? said : refuse('要填 11 位的手机号')
    }
    case 'region': {
      const [province = '', ...rest] = text().split(' ')
      const city = rest.join(' ').trim()
      if (!PROVINCES.includes(province) || [...city].length > CITY_MAX) return refuse('要选省份，市可以不填')
      return city ? `${province} ${city}` : province
    }
    case 'file': {
      if (typeof value !== 'object' || value.some((id) => !z.uuid().safeParse(id).success)) return refuse('请重新上传')
      const said = [...new Set(value)]
      between(said.length, field.min ?? 0, Math.min(field.max ?? 1, FILES_MAX), ' 个文件', '要传')
      return said
    }
  }
}
