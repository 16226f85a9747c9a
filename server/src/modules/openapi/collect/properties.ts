import type { CatalogueKind, EventProperty } from '../../events/schema.ts'
import { PropertyRefused } from '../errors.ts'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type Properties = Record<string, Json>

/** Beside the declared ones; kept, and never asked for by a rule (PB-02). */
const UNDECLARED_MAX = 10
const DEPTH_MAX = 3
const ENTRIES_MAX = 100
const TEXT_MAX = 2_000
/** Letters of any script; nothing a prototype, a path or a template would take for its own. */
const NAME = /^[\p{L}][\p{L}\p{N}_-]{0,39}$/u
const RESERVED: ReadonlySet<string> = new Set(['constructor', 'prototype'])

/** The properties of an event as they are kept; throws the refusal of the first that cannot be. */
export function keepProperties(kind: CatalogueKind, given: Record<string, unknown>): Properties {
  const kept: Properties = {}
  for (const [name, value] of Object.entries(given)) kept[checkName(name)] = keepValue(name, value, 1)
  let declared = 0
  for (const property of kind.properties) {
    const value = Object.hasOwn(kept, property.name) ? kept[property.name]! : null
    if (value === null && property.required) throw new PropertyRefused({ name: property.name, why: '必须有，请补上。' })
    if (Object.hasOwn(kept, property.name)) declared++
    if (value !== null) checkType(property, value)
  }
  if (Object.keys(kept).length - declared > UNDECLARED_MAX)
    throw new PropertyRefused({
      name: Object.keys(kept).at(-1)!,
      why: `等没有登记的属性多于 ${UNDECLARED_MAX} 个。请到「设置 → 事件目录」登记，或少带几个。`,
    })
  return kept
}

function checkName(name: string): string {
  if (!NAME.test(name) || RESERVED.has(name))
    throw new PropertyRefused({
      name: name.slice(0, 40).toWellFormed().replaceAll('\0', ''),
      why: '的名字不能用：以字母或汉字开头，只用文字、数字、下划线和连字符，最长 40 个字。',
    })
  return name
}

/** What PostgreSQL cannot hold (NUL, half a surrogate pair) is left out of texts: browsers cut emoji in two. */
function keepValue(name: string, value: unknown, depth: number): Json {
  const refuse = (why: string) => new PropertyRefused({ name: name.slice(0, 40), why })
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse('不是一个数。')
    return value
  }
  if (typeof value === 'string') return value.slice(0, TEXT_MAX).replaceAll('\0', '').toWellFormed()
  if (typeof value !== 'object') throw refuse('不是能保存的内容。')
  if (depth >= DEPTH_MAX) throw refuse(`套得太深，最多 ${DEPTH_MAX} 层。`)
  const entries = Object.entries(value)
  if (entries.length > ENTRIES_MAX) throw refuse(`里的项目多于 ${ENTRIES_MAX} 个。`)
  if (Array.isArray(value)) return value.map((one) => keepValue(name, one, depth + 1))
  return Object.fromEntries(entries.map(([key, one]) => [checkName(key), keepValue(name, one, depth + 1)]))
}

const WANTED: Record<EventProperty['type'], { holds(value: Json): boolean; words: string }> = {
  text: { holds: (value) => typeof value === 'string', words: '文字' },
  number: { holds: (value) => typeof value === 'number', words: '数字' },
  whole: { holds: (value) => Number.isSafeInteger(value), words: '整数' },
  boolean: { holds: (value) => typeof value === 'boolean', words: 'true 或 false' },
  money_fen: { holds: (value) => Number.isSafeInteger(value), words: '以分为单位的整数' },
  time: { holds: isInstant, words: '带时区的时间，像 2026-11-23T10:00:00+08:00' },
}

function isInstant(value: Json): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}

function checkType({ name, type }: EventProperty, value: Json): void {
  const { holds, words } = WANTED[type]
  if (!holds(value)) throw new PropertyRefused({ name, why: `要是${words}。` })
}
