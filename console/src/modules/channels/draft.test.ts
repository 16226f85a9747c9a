import { expect, test } from 'vitest'
import {
  bodyOf,
  checkCode,
  checkWelcome,
  type DraftAttachment,
  draftOfWelcome,
  EMPTY_CODE,
  fillVariables,
  unknownVariables,
  welcomeOf,
} from './draft.ts'

const values = { 客户昵称: '{企业名称}', 成员姓名: '陈屿', 企业名称: '见山茶事' }
const words = (faults: ReturnType<typeof checkCode>) =>
  Object.fromEntries(Object.entries(faults).map(([field, { word }]) => [field, word]))
const link = (more: Partial<Extract<DraftAttachment, { type: 'link' }>> = {}): DraftAttachment => ({
  key: 'k',
  type: 'link',
  title: '秋茶',
  url: 'https://a.cn',
  desc: '',
  picurl: '',
  ...more,
})

test('slots are filled in one pass: a name that looks like a slot stays a name', () => {
  expect(fillVariables('{客户昵称}好，我是{成员姓名}', values)).toBe('{企业名称}好，我是陈屿')
  expect(fillVariables('{昵称}', values)).toBe('{昵称}')
})

test('names every slot nobody fills, once', () => {
  expect(unknownVariables('{客户昵称}{昵称}{昵称}{}')).toEqual(['昵称', ''])
  expect(unknownVariables('没有变量')).toEqual([])
})

test('an empty form asks for a name, a staff member and a welcome', () => {
  expect(words(checkCode(EMPTY_CODE))).toEqual({ name: 'needName', staffIds: 'needStaff', text: 'needWelcome' })
})

test('with the default welcome the own text is not asked for and not sent', () => {
  const draft = {
    ...EMPTY_CODE,
    name: ' 收银台 ',
    staffIds: ['3'],
    ownWelcome: false,
    welcome: { text: '{错}', attachments: [] },
  }
  expect(checkCode(draft)).toEqual({})
  expect(bodyOf(draft)).toEqual({
    name: '收银台',
    staffIds: ['3'],
    tagIds: [],
    remark: '',
    skipVerify: true,
    welcome: null,
  })
})

test('the text’s limit is in bytes: 1,333 characters of Chinese pass, one more does not', () => {
  expect(checkWelcome({ text: '茶'.repeat(1_333), attachments: [] })).toEqual({})
  expect(words(checkWelcome({ text: '茶'.repeat(1_334), attachments: [] }))).toEqual({ text: 'tooLong' })
})

test('an attachment alone is a welcome; each says what it lacks', () => {
  expect(checkWelcome({ text: '', attachments: [link()] })).toEqual({})
  expect(words(checkWelcome({ text: '', attachments: [link({ title: ' ' })] }))).toEqual({
    'attachments.k': 'needTitle',
  })
  expect(words(checkWelcome({ text: '', attachments: [link({ url: 'javascript:alert(1)' })] }))).toEqual({
    'attachments.k': 'needUrl',
  })
  expect(words(checkWelcome({ text: '', attachments: [link({ picurl: 'a.png' })] }))).toEqual({
    'attachments.k': 'needUrl',
  })
  expect(
    words(checkWelcome({ text: '', attachments: [{ key: 'k', type: 'image', mediaAssetId: '', url: '' }] })),
  ).toEqual({ 'attachments.k': 'needImage' })
  const mini = {
    key: 'k',
    type: 'miniprogram',
    title: '点单',
    appid: 'gh_1',
    page: 'p',
    mediaAssetId: '1',
    url: '',
  } as const
  expect(words(checkWelcome({ text: '', attachments: [mini] }))).toEqual({ 'attachments.k': 'needAppid' })
  expect(checkWelcome({ text: '', attachments: [{ ...mini, appid: 'wx0123456789' }] })).toEqual({})
})

test('a welcome goes through the form and comes out as it was', () => {
  const welcome = {
    text: '你好',
    attachments: [
      { type: 'image' as const, mediaAssetId: '5' },
      { type: 'link' as const, title: '秋茶', url: 'https://a.cn', desc: '三款' },
      { type: 'miniprogram' as const, title: '点单', appid: 'wx0123456789', page: 'pages/index', mediaAssetId: '6' },
    ],
  }
  expect(welcomeOf(draftOfWelcome(welcome))).toEqual(welcome)
  expect(draftOfWelcome(null)).toEqual({ text: '', attachments: [] })
})
