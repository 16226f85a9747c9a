import { expect, test } from 'vitest'
import { inOrder } from './layout.ts'
import { START, waysIn } from './steps.ts'
import { TEMPLATES, templateDraft } from './templates.ts'

const t = ((key: string) => key) as never

test('every template leads to all of its steps, and nowhere else', () => {
  for (const { name } of TEMPLATES) {
    const draft = templateDraft(name, t, { fields: [], stages: [] }, ['营销', '关怀'], '2026-12-01')
    const keys = draft.steps.map(({ key }) => key)
    expect(new Set(keys).size, name).toBe(keys.length)
    expect(inOrder(START, waysIn(draft)).slice(1).toSorted(), name).toEqual(keys.toSorted())
  }
})

test('what a corp has already named is put in', () => {
  const fields = [
    { value: '7', label: '纪念日', kind: 'date', options: [] },
    { value: '8', label: '生日', kind: 'date', options: [] },
  ]
  const { trigger } = templateDraft('birthday', t, { fields, stages: [] }, ['服务'], '2026-12-01')
  expect(trigger).toMatchObject({ fieldId: '8', days: -3 })
  const friend = templateDraft('friend', t, { fields, stages: [] }, ['营销', '关怀'], '2026-12-01')
  expect(friend.steps.find(({ kind }) => kind === 'message')).toMatchObject({ topic: '关怀' })
})
