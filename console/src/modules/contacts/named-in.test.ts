import { expect, test } from 'vitest'
import { cutAtNames, namedIn } from './named-in.ts'

const ming = { staffId: '1', name: '王明' }
const mingming = { staffId: '2', name: '王明明' }
const other = { staffId: '3', name: '王明' }

test('at each @ the longest name that fits is meant', () => {
  expect(cutAtNames('请@王明明和@王明看，a@b.cn', [ming, mingming])).toEqual(['请', mingming, '和', ming, '看，a@b.cn'])
  expect(namedIn('@王明明', [ming, mingming], new Set())).toEqual(['2'])
  expect(namedIn('@王明@王明', [ming, mingming], new Set())).toEqual(['1'])
  expect(namedIn('王明', [ming], new Set(['1']))).toEqual([])
})

test('of two with one name whoever was picked is meant, and neither where nobody was', () => {
  expect(namedIn('@王明 ', [ming, other], new Set(['3']))).toEqual(['3'])
  expect(namedIn('@王明 ', [ming, other], new Set())).toEqual([])
})
