import { UnknownVariable } from './errors.ts'

/** What a welcome or a remark may hold in braces. */
export const VARIABLES = ['客户昵称', '成员姓名', '企业名称'] as const
export type Variable = (typeof VARIABLES)[number]
export type Values = Record<Variable, string>

const SLOT = /\{([^{}]*)\}/g

/** Refuses a text with a slot nobody fills: it would reach the customer with its braces. */
export function requireKnownVariables(...texts: string[]): void {
  const named = texts.flatMap((text) => [...text.matchAll(SLOT)].map((slot) => slot[1]!))
  const unknown = [...new Set(named.filter((name) => !isVariable(name)))]
  if (unknown.length > 0) throw new UnknownVariable({ unknown, known: VARIABLES })
}

export function usesVariable(text: string, name: Variable): boolean {
  return text.includes(`{${name}}`)
}

/** Fills the slots in one pass: a customer who calls himself {企业名称} stays called so. */
export function fillTemplate(text: string, values: Values): string {
  return text.replaceAll(SLOT, (slot, name: string) => (isVariable(name) ? values[name] : slot))
}

/** Cut by characters as people see them, so that no emoji is halved; `max` is in UTF-16 units, the strictest reading of a limit. */
export function cutCharacters(text: string, max: number): string {
  let cut = ''
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text)) {
    if (cut.length + segment.length > max) break
    cut += segment
  }
  return cut
}

function isVariable(name: string): name is Variable {
  return (VARIABLES as readonly string[]).includes(name)
}
