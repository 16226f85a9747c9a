import { expect, test } from 'vitest'
import { growTree, leavesOf } from './grow-tree.ts'
import type { Edge } from './use-radar.ts'

const edge = (from: string, to: string): Edge => ({
  from: { contactId: from, name: from },
  to: { contactId: to, name: to },
  staffId: '1',
  staffName: '周小满',
  opens: 1,
  firstAt: '2026-11-20T02:00:00Z',
})

test('everybody stands once, under whoever brought it to him first; two who send it to each other end', () => {
  const root = growTree(
    [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('b', 'a'), edge('c', 'd'), edge('e', '')],
    '春茶',
    '没认出的人',
  )
  const names = (node: typeof root): unknown => [node.name, ...node.children.map(names)]
  expect(names(root)).toEqual(['春茶', ['周小满', ['a', ['b', ['c', ['d']]]], ['e', ['没认出的人']]]])
  expect(leavesOf(root)).toBe(2)
})
