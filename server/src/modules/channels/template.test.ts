import { expect, test } from 'vitest'
import { cutBytes } from '../../platform/text.ts'
import { cutCharacters, fillTemplate, requireKnownVariables, usesVariable } from './template.ts'

const values = { 客户昵称: '苏晓棠', 成员姓名: '陈屿', 企业名称: '见山茶事' }

test('a text with a slot nobody fills is refused, naming it and what there is instead', () => {
  expect(() => requireKnownVariables('你好{客户姓名}，我是{成员姓名}', '{门店}')).toThrow('「{客户姓名}」、「{门店}」')
  expect(() => requireKnownVariables('{客户名}')).toThrow('{客户昵称}、{成员姓名}、{企业名称}')
  expect(() => requireKnownVariables('满 30 减 {8}')).toThrow('「{8}」')
  expect(() => requireKnownVariables('{客户昵称}你好，{企业名称}的{成员姓名}', '没有变量', '')).not.toThrow()
})

test('every slot is filled once: a customer’s name is never read as a slot', () => {
  expect(fillTemplate('{客户昵称}，我是{企业名称}的{成员姓名}。{客户昵称}！', values)).toBe(
    '苏晓棠，我是见山茶事的陈屿。苏晓棠！',
  )
  expect(fillTemplate('你好{客户昵称}', { ...values, 客户昵称: '{企业名称}$&' })).toBe('你好{企业名称}$&')
  expect([usesVariable('{客户昵称}好', '客户昵称'), usesVariable('客户昵称', '客户昵称')]).toEqual([true, false])
})

test('cutting halves no character, neither by bytes nor by what people see', () => {
  expect(cutBytes('茶茶茶', 7)).toBe('茶茶')
  expect(cutBytes('茶', 3)).toBe('茶')
  expect(cutCharacters('静安寺店-苏晓棠', 6)).toBe('静安寺店-苏')
  expect(cutCharacters('一二三👨‍👩‍👧四', 5)).toBe('一二三') // the family takes eight units and is one character
})
