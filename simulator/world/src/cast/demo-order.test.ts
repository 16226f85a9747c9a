import { expect, test } from 'vitest'
import { orderCodes, orderPersonas, orderStaff } from './demo-order.ts'

test('the persona, the guide and the code of the guided path come first after any restart', () => {
  const personas = orderPersonas([{ name: '郑一鸣' }, { name: '陈伯年' }, { name: '林晚' }])
  expect(personas.map(({ name }) => name)).toEqual(['林晚', '陈伯年', '郑一鸣'])
  const staff = orderStaff([{ userid: 'caoxiaobei' }, { userid: 'tangzhixia' }, { userid: 'zhouxiaoman' }])
  expect(staff[0]?.userid).toBe('zhouxiaoman')
})

test('a code made in the console stands before the printed ones, the newest first', () => {
  const code = (state: string, createdAt: number) => ({ state, createdAt })
  const ordered = orderCodes([code('poster-all', 900), code('mine', 100), code('cxl-table-07', 50), code('newer', 200)])
  expect(ordered.map(({ state }) => state)).toEqual(['newer', 'mine', 'cxl-table-07', 'poster-all'])
})

test('whom the demo does not know keeps the order of the world', () => {
  expect(orderStaff([{ userid: 'guide01' }, { userid: 'guide00' }]).map(({ userid }) => userid)).toEqual([
    'guide01',
    'guide00',
  ])
})
