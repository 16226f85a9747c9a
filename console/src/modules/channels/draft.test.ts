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
import { draftOfRoster, readTime, rosterOf } from './roster-draft.ts'

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
    groupName: '',
    exclusive: false,
    staffIds: ['3'],
    tagIds: [],
    remark: '',
    skipVerify: true,
    welcome: null,
    welcomeVariants: [],
    welcomeSlots: [],
    blockedWords: [],
  })
})

test('with several welcomes on trial each must be whole, and the one of its own is not sent', () => {
  const variants = ['你好', ' '].map((text, nr) => ({
    key: `${nr}`,
    weight: 50,
    welcome: { text, attachments: [] },
  }))
  const draft = { ...EMPTY_CODE, name: '台卡', staffIds: ['3'], variants }
  expect(checkCode(draft)).toEqual({ 'variants.1': { word: 'needWelcome', names: '' } })
  expect(bodyOf({ ...draft, welcome: { text: '旧的', attachments: [] } })).toMatchObject({
    welcome: null,
    welcomeVariants: [{ weight: 50, welcome: { text: '你好' } }, { weight: 50 }],
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

test('a roster is asked for its shifts and backups, goes out as a roster without the fixed staff, and comes back the same', () => {
  const shift = { key: 'a', weekdays: [1, 5], from: '22:00', to: '02:00', staffIds: ['3'] }
  const draft = { ...EMPTY_CODE, name: '夜班', ownWelcome: false, byRoster: true, staffIds: ['9'] }
  expect(words(checkCode(draft))).toEqual({ roster: 'needShift' })
  const shifts = { ...draft, roster: { ...draft.roster, week: [shift] } }
  expect(words(checkCode(shifts))).toEqual({ roster: 'needBackup' })
  const free = { key: 'b', on: '2027-01-01', free: true, shifts: [{ ...shift, key: 'c' }] }
  const whole = {
    ...shifts,
    roster: { ...shifts.roster, backupIds: ['4'], days: [free], caps: [{ key: 'd', staffId: '3', dailyCap: null }] },
  }
  expect(checkCode(whole)).toEqual({})
  const body = bodyOf(whole)
  expect(body).not.toHaveProperty('staffIds')
  const { key: _, ...plain } = shift
  expect(body.roster).toEqual({
    week: [plain],
    days: [{ on: '2027-01-01', shifts: [] }],
    backupIds: ['4'],
    dailyCap: null,
    caps: [],
    autoAccept: null,
  })
  expect(rosterOf(draftOfRoster(body.roster!))).toEqual(body.roster)
  expect(
    words(checkCode({ ...whole, roster: { ...whole.roster, days: [{ ...free, free: false, shifts: [] }] } })),
  ).toEqual({ roster: 'needDate' })
})

test('times are taken as people type them', () => {
  expect(['9', '09', '930', '9:30', '21：05', '2100', '24:00', '0'].map(readTime)).toEqual([
    '09:00',
    '09:00',
    '09:30',
    '09:30',
    '21:05',
    '21:00',
    '00:00',
    '00:00',
  ])
  expect(['', '25:00', '12:60', 'abc', '24:30', '9:3'].map(readTime)).toEqual(['', '', '', '', '', ''])
})

test('a welcome of some hours is asked for its words and its hours, and goes out with them', () => {
  const slot = {
    key: 's',
    weekdays: [6, 7],
    from: '22:00',
    to: '08:00',
    welcome: { text: ' 夜里好 ', attachments: [] },
  }
  const draft = { ...EMPTY_CODE, name: '夜', staffIds: ['3'], ownWelcome: false, slots: [slot], blockedWords: ['同行'] }
  expect(checkCode(draft)).toEqual({})
  expect(bodyOf(draft)).toMatchObject({
    welcomeSlots: [{ weekdays: [6, 7], from: '22:00', to: '08:00', welcome: { text: '夜里好', attachments: [] } }],
    blockedWords: ['同行'],
  })
  expect(words(checkCode({ ...draft, slots: [{ ...slot, weekdays: [] }] }))).toEqual({ 'slots.s': 'needHours' })
  expect(words(checkCode({ ...draft, slots: [{ ...slot, welcome: { text: '{店名}', attachments: [] } }] }))).toEqual({
    'slots.s': 'unknownVariable',
  })
})
