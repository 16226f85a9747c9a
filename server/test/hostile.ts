import { USUAL as POLICY } from '../src/modules/touches/schema.ts'
import { type Ids, rosterOf } from './writing.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Path = readonly (string | number)[]
export interface Attack {
  word: string
  /** Where in the body, or the parameter. */
  at: Path
  /** PostgreSQL cannot keep it: nobody may take it and store something else. */
  refused?: boolean
}

/** Of every kind of step, each reached. */
const aJourney = (of: Ids): Json => {
  const deed = { kind: 'order.paid', where: [], untrusted: false }
  const day = { n: 1, unit: 'day' }
  const rule = { is: 'all', of: [{ is: 'tags', any: [of.ownTagId ?? '1'] }] }
  return {
    ...{ name: '全的', first: 'n1', priority: 7, again: { kind: 'after', span: day }, workdays: true },
    trigger: { kind: 'calendar', on: '2027-02-05', at: '10:00', segmentId: '1' },
    leaveOn: { reply: true, order: true, segmentId: '1' },
    goal: { deed, within: day },
    steps: [
      { key: 'n1', kind: 'until', weekdays: [1, 7], at: '10:00', next: 'n2' },
      { key: 'n2', kind: 'event', deed, within: day, next: 'n3', otherwise: 'n4' },
      { key: 'n3', kind: 'message', topic: '营销', text: '冬至快乐', materialIds: [], within: day, next: 'n5' },
      { key: 'n4', kind: 'broadcast', topic: '营销', text: '冬至快乐', materialIds: [], at: '10:00', next: 'n5' },
      { key: 'n5', kind: 'notice', title: '新客', text: '打个招呼', next: 'n6' },
      { key: 'n6', kind: 'task', title: '回访', note: '问口味', due: day, next: 'n7' },
      { key: 'n7', kind: 'tag', add: [of.ownTagId ?? '1'], remove: [], next: 'n8' },
      { key: 'n8', kind: 'stage', stageId: of.ownStageId ?? '1', next: 'n9' },
      { key: 'n9', kind: 'field', fieldId: of.ownFieldId ?? '1', value: '甜', next: 'n10' },
      { key: 'n10', kind: 'split', arms: [{ name: '甲', rule, next: 'n11' }], otherwise: null },
      {
        key: 'n11',
        kind: 'random',
        arms: [
          { name: 'A', weight: 1, next: 'n12' },
          { name: 'B', weight: 1, next: null },
        ],
      },
      { key: 'n12', kind: 'goal', name: '到了', next: 'n13' },
      { key: 'n13', kind: 'exit' },
    ],
  }
}
const aBroadcast = (of: Ids) => ({
  ...{ name: '冬至', topic: '营销', priority: 5, holdout: 100, windowDays: 7 },
  audience: {
    include: [
      { kind: 'tags', tagIds: [of.ownTagId], match: 'all' },
      { kind: 'filter', filter: { q: '林', state: 'following' } },
    ],
    exclude: [{ kind: 'all' }],
  },
  variants: [{ weight: 2, text: '{客户称呼}您好', materialIds: [] }],
  senders: { kind: 'one', staffId: of.staffId },
  schedule: { kind: 'every', every: 'week', on: 3, time: '10:00', until: '2099-01-01' },
})

const LONG = 'x'.repeat(100_000)
const STRINGS: Record<string, (good: string) => Json> = {
  NUL: (good) => `${good}\0`,
  'a lone surrogate': (good) => `${good}\uD800`,
  '100 000 characters': () => LONG,
  empty: () => '',
  'the year 0': (good) => good.replace(/^\d{4}-/, '0000-'),
  'right to left, zero width': (good) => `\u202E${good}\u200B\u200D\uFEFF`,
  'a number': () => 7,
}
const UNKEEPABLE = new Set(['NUL', 'a lone surrogate'])
const NUMBERS = { '-1': -1, '2^53': 2 ** 53, '1e308': 1e308, 'a fraction': 1.5 }
const ARRAYS: Record<string, (good: Json[]) => Json> = {
  'no entries': () => [],
  '10 000 entries': (good) => Array.from({ length: 10_000 }, () => good[0] ?? 'x'),
  'no array': () => 'x',
  'an object': () => ({}),
}
const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels)
const WHOLE: Record<string, string> = {
  'a body of null': 'null',
  'a body of []': '[]',
  'a body of text': '"x"',
  'an empty body': '',
  'half a body': '{"a":',
  '1 000 objects': deep(1_000, '{"a":', '}').replace(':}', ':1}'),
  '1 000 arrays': deep(1_000, '[', ']'),
  '5 MB': JSON.stringify({ name: 'x'.repeat(5_000_000) }),
  __proto__: '{"__proto__":{"a":1}}',
}
export const PARAMETERS: Record<string, string> = {
  NUL: '%00',
  huge: 'x'.repeat(6_000),
  'a huge number': '9'.repeat(40),
  negative: '-1',
  'the year 0': '0000-01-01',
  'the year 9999': '9999-12-31',
  'no number': 'x',
  'not UTF-8': '%ED%A0%80',
  'half an escape': '%E',
  'right to left': '%E2%80%AE',
  empty: '',
}

const SAYS = {
  text: '您好',
  attachments: [
    { type: 'link', title: '看看', url: 'https://example.com/', desc: '说明', picurl: 'https://example.com/a.png' },
  ],
}
const HOURS = { weekdays: [1, 2], from: '09:00', to: '18:00' }
const pictures = ({ mediaAssetId }: Ids) => [
  { type: 'image', mediaAssetId },
  { type: 'miniprogram', title: '小程序', appid: 'wx0123456789', page: 'pages/index', mediaAssetId },
]
/** What a code does after a scan, all of it. */
const after = (of: Ids) => ({
  tagIds: [of.ownTagId],
  remark: '{客户昵称}',
  skipVerify: true,
  welcome: { ...SAYS, attachments: [...SAYS.attachments, ...pictures(of)] },
  welcomeVariants: [1, 2].map((weight) => ({ weight, welcome: SAYS })),
  welcomeSlots: [{ ...HOURS, welcome: SAYS }],
  blockedWords: ['同行'],
  groupName: '门店',
})
const code = (of: Ids) => ({
  ...after(of),
  name: '全码',
  roster: {
    ...rosterOf(of.staffId),
    days: [{ on: '2099-01-01', shifts: [{ from: '09:00', to: '18:00', staffIds: [of.staffId] }] }],
    dailyCap: 9,
    caps: [{ staffId: of.staffId, dailyCap: 5 }],
    autoAccept: [HOURS],
  },
})
const picking = (of: Ids) => ({
  staffIds: [of.staffId],
  departmentIds: ['2'],
  activity: `全员${of.tagId}`,
  nameTemplate: '{成员}·{活动}',
})
const wholeScript = (of: Ids, scriptGroupId: string) => ({
  scriptGroupId,
  title: '问价',
  keywords: ['价格'],
  parts: [
    { type: 'text', text: '{客户称呼}，您好' },
    { type: 'image', fileId: of.mediaAssetId },
    { type: 'material', materialId: of.ownMaterialId },
  ],
  stageIds: [of.ownStageId],
  isQuick: true,
})
const row = (...cells: string[]) => ({
  fileName: '名单.csv',
  content: Buffer.from(`客户ID,标签\n${cells.join(',')}`).toString('base64'),
})

/** Bodies beside the good ones, so that every field of every body is tried. */
export const MORE: Readonly<Record<string, (of: Ids) => object[]>> = {
  'PUT /api/staff/{staffId}/access': (of) => [
    { role: 'custom', roleId: of.roleId, scopeKind: 'departments', scopeDepartments: ['2'] },
  ],
  'PUT /api/staff/{staffId}/duty': () => [{ onDuty: false, until: '2099-01-01T00:00:00Z' }],
  'PUT /api/duty': () => [{ onDuty: false, until: '2099-01-01T00:00:00Z' }],
  'POST /api/contact-exports': () => [
    { filter: { q: '客户', addedFrom: '2026-01-01' }, format: 'xlsx', reason: '活动' },
  ],
  'POST /api/contact-exports/{contactExportId}/decision': () => [{ approve: false, note: '不行' }],
  'POST /api/contacts/{contactId}/mobiles': () => [{ purpose: 'call', note: '回访' }],
  'POST /api/segments': (of) => [{ name: `注${of.tagId}`, note: '说明', rule: { is: 'any', of: [{ is: 'lost' }] } }],
  'PATCH /api/segments/{segmentId}': () => [{ note: '说明', rule: { is: 'any', of: [{ is: 'lost' }] } }],
  'PATCH /api/auto-tags/{ruleId}': () => [{ rule: { is: 'any', of: [{ is: 'lost' }] } }],
  'PATCH /api/auto-tags/groups/{tagGroupId}': () => [{ ruleIds: ['1'] }],
  'POST /api/auto-tags': (of) => [{ tagId: of.ownTagId, rule: { is: 'any', of: [{ is: 'lost' }] }, keep: true }],
  'POST /api/auto-tags/dry-run': (of) => [
    { tagId: of.ownTagId, rule: { is: 'any', of: [{ is: 'lost' }] }, keep: true, ruleId: of.ruleId },
  ],
  'POST /collect': () => [{ batch: [{}], sentAt: '2026-11-23T00:00:00Z', personToken: 'pt_x', history: false }],
  'POST /api/order-imports/{orderImportId}/start': () => [
    { mapping: { columns: { orderNo: '订单编号' } }, toldAt: '2026-11-20T00:00:00Z', saveAs: '读法' },
  ],
  'PATCH /api/shop-connections/{shopConnectionId}': () => [{ appKey: 'k2', isOn: true }],
  'POST /api/openapi/person-token': () => [{ ids: { phone: '13800001234', openid: 'wx1:o1' }, minutes: 5 }],
  'POST /api/openapi/keys': () => [{ kind: 'server', name: '后台' }],
  'POST /api/events/types': () => [
    {
      kind: 'lesson.done',
      title: '上课',
      properties: [{ name: 'score', title: '分', type: 'number', required: true }],
    },
  ],
  'POST /api/contacts/{contactId}/stages': (of) => [{ stageId: of.ownStageId, reason: '想办卡', lostReasonId: '1' }],
  'POST /api/forms': (of) => [{ copyOf: of.formId }],
  'POST /api/tasks': () => [{ title: '回访', dueAt: '2099-01-01T00:00:00Z', note: '说明', remindMinutes: 30 }],
  'PATCH /api/tasks/{taskId}': (of) => [
    { note: '说明', dueAt: '2099-01-01T00:00:00Z', remindMinutes: null, staffId: of.staffId },
  ],
  'POST /api/m/tasks/{taskId}/end': () => [{ as: 'skipped', outcome: '不在' }],
  'POST /api/tasks/{taskId}/end': () => [{ as: 'skipped', outcome: '不在' }],
  'POST /api/work-cards': (of) => [
    {
      ...{ title: '回访', note: '说明', say: '您好', coupon: '券', dueAt: '2099-01-01T00:00:00Z', remindMinutes: 5 },
      ...{ choice: 'each', staffId: of.staffId, filter: { state: 'all' } },
    },
  ],
  'POST /api/m/sidebar/{externalUserid}/stages': (of) => [
    { stageId: of.ownStageId, reason: '想办卡', lostReasonId: '1' },
  ],
  'POST /api/journeys': (of) => [{ requestKey: 'request-two', draft: aJourney(of) }],
  'PUT /api/journeys/{journeyId}': (of) => [{ draft: aJourney(of), revision: 1 }],
  'POST /api/journeys/{journeyId}/dry-run': (of) => {
    const happenings = [{ kind: 'event', event: 'order.paid', afterMinutes: 30 }]
    return [{ draft: aJourney(of), contactId: of.contactId ?? '1', days: 30, happenings }]
  },
  'POST /api/broadcasts': (of) => [{ ...aBroadcast(of), requestKey: 'request-two' }],
  'PUT /api/broadcasts/{broadcastId}': (of) => [{ ...aBroadcast(of), version: 1 }],
  'POST /api/broadcasts/preview': (of) => {
    const { topic, priority, holdout, audience, senders } = aBroadcast(of)
    const schedule = { kind: 'at', at: '2099-01-01T00:00:00Z' }
    const variants = [{ text: '{客户称呼}您好' }]
    return [{ topic, priority, holdout, audience, senders, schedule, variants, broadcastId: of.broadcastId }]
  },
  'POST /api/broadcast-runs/{runId}/decide': () => [{ hash: '0'.repeat(64), approve: false, note: '再改改' }],
  'POST /api/broadcast-runs/{runId}/stop': (of) => [{ staffId: of.staffId }],
  'POST /api/broadcast-runs/{runId}/remind': (of) => [{ staffId: of.staffId }],
  'PUT /api/touch-policy': () => [
    {
      ...POLICY,
      ...{ version: 0, memberDaily: 30, agreements: [{ topic: '营销', kind: 'member' }] },
      caps: [{ channels: ['mass'], topics: ['营销'], window: { kind: 'days', days: 7 }, limit: 2 }],
    },
  ],
  'PUT /api/contacts/{contactId}/touch-refusal': () => [
    { channel: 'mass', why: 'blacklist', note: '投诉过', until: '2099-01-01T00:00:00Z' },
  ],
  'POST /api/stage-moves': (of) => [
    { contactIds: [of.contactId], stageId: of.ownStageId, reason: '想办卡', lostReasonId: '1' },
    { filter: { state: 'all' }, stageId: of.ownStageId },
  ],
  'PATCH /api/stage-flows/{flowId}': () => [{ takesNew: false }],
  'POST /api/stage-flows/{flowId}/stages': (of) => [{ name: `注${of.tagId}`, color: 'teal', kind: 'won' }],
  'PATCH /api/stages/{stageId}': (of) => [
    {
      color: 'rose',
      kind: 'lost',
      remind: { days: 3, of: 'silence', headDays: 2 },
      gate: { fieldIds: [of.ownFieldId], tagIds: [of.ownTagId], note: true },
      rule: { is: 'any', of: [{ is: 'lost' }] },
      back: true,
    },
  ],
  'POST /api/roles': () => [{ name: '又一角色', permissions: ['tags.read', 'contacts.read'], scopeKind: 'tree' }],
  'PUT /api/roles/{roleId}': () => [{ name: '又改名', permissions: ['tags.read'], scopeKind: 'own' }],
  'PATCH /api/tag-groups/{tagGroupId}': (of) => [{ tagIds: [of.tagId] }],
  'POST /api/contacts/{contactId}/tags': (of) => [{ add: [of.ownTagId], remove: [of.tagId], staffId: of.staffId }],
  'POST /api/contact-fields': () => [{ name: '选项段', kind: 'choices', options: ['甲', '乙'] }],
  'PATCH /api/contact-fields/{contactFieldId}': () => [{ options: ['丙'] }],
  'POST /api/contact-views': () => [{ name: '共用图', filter: { q: '林', state: 'all' }, shared: true }],
  'PATCH /api/contact-views/{contactViewId}': () => [{ filter: { q: '林' }, shared: false }],
  'POST /api/bulk-runs': (of) => [
    { filter: { q: '客户', tagsAll: of.tagId, fields: JSON.stringify({ [of.ownFieldId]: ['甲'] }) }, add: [of.tagId] },
    { contactIds: [of.contactId], add: [of.ownTagId], remove: [of.tagId] },
  ],
  'POST /api/channel-codes': (of) => [code(of), { name: '专属码', staffIds: [of.staffId], exclusive: true }],
  'PATCH /api/channel-codes/{channelCodeId}': (of) => [code(of), { staffIds: [of.staffId] }],
  'POST /api/code-batches/preview': (of) => [picking(of)],
  'POST /api/code-batches': (of) => [{ ...after(of), ...picking(of), exclusive: true }],
  'POST /api/channel-codes/roster/check': (of) => [{ roster: code(of).roster }],
  'POST /api/channel-codes/{channelCodeId}/placements': () => [
    { placements: [{ name: '广告', kind: 'ad', costFen: 500, startsOn: '2026-11-01', endsOn: '2026-12-01' }] },
  ],
  'PUT /api/placements/{channelCodeId}': () => [
    { name: '改位', kind: 'ad', costFen: 5, startsOn: '2026-11-01', endsOn: '2026-12-01' },
  ],
  'PUT /api/welcome': (of) => [{ welcome: code(of).welcome }],
  'PUT /api/content-settings': () => [{ asksApproval: false, personDayMb: 500, corpMb: 20_480 }],
  'POST /api/radar/rules': (of) => [
    {
      materialId: of.ownMaterialId,
      asks: 'seconds',
      atLeast: 30,
      points: 5,
      task: { title: '回访', note: '说明', hours: 24 },
    },
  ],
  'POST /api/contacts/{contactId}/notes': (of) => [{ text: '聊过', mentions: [of.staffId] }],
  'PATCH /api/contacts/{contactId}/notes/{noteId}': (of) => [{ text: '改', mentions: [of.staffId] }],
  'POST /api/m/sidebar/{externalUserid}/notes': (of) => [{ text: '聊过', mentions: [of.staffId] }],
  'PATCH /api/m/sidebar/{externalUserid}/notes/{noteId}': (of) => [{ text: '改', mentions: [of.staffId] }],
  'POST /api/radar/links': (of) => [
    { materialId: of.ownMaterialId, channel: 'group', staffId: of.staffId, chatId: 'wr1', contactId: of.contactId },
  ],
  'POST /api/m/radar/beats': () => [{ view: 'A'.repeat(100), n: 1, seconds: 2, depth: 10, pages: [1, 1], bye: true }],
  'PUT /api/forms/{formId}': (of) => [
    {
      revision: 2,
      content: {
        title: '表',
        intro: '说明',
        action: '交',
        fields: [
          {
            key: 'q1',
            kind: 'choice',
            label: '问',
            hint: '提示',
            required: true,
            options: ['甲', '乙'],
            min: 1,
            max: 2,
          },
          {
            key: 'q2',
            kind: 'text',
            label: '再问',
            isPrivate: false,
            when: { field: 'q1', is: ['甲'] },
            into: { to: 'field', contactFieldId: of.ownFieldId },
          },
        ],
        consents: [{ purpose: 'profile', text: '同意记到客户资料', version: 0 }],
        privacy: '只给本店看',
        limits: {
          total: 9,
          perPerson: 1,
          opensAt: '2026-11-20T00:00:00Z',
          closesAt: '2099-11-20T00:00:00Z',
        },
        thanks: { words: '谢谢', addStaff: true, channelCodeId: of.channelCodeId, materialId: of.ownMaterialId },
        tell: { opened: true, submitted: true },
      },
    },
  ],
  'POST /api/forms/{formId}/exports': () => [{ format: 'csv', reason: '门店活动', placement: '桌卡' }],
  'POST /api/forms/{formId}/links': (of) => [{ placement: '桌卡', staffIds: [of.staffId] }],
  'POST /api/m/forms/answers': () => [
    { visit: 'A'.repeat(100), answers: { q1: '甲', q2: ['甲'], q3: 3 }, consents: ['profile'], website: 'x' },
  ],
  'POST /api/materials': (of) => [
    {
      said: {
        kind: 'article',
        title: '做茶',
        summary: '一篇',
        coverId: of.mediaAssetId,
        content: {
          author: '周岚',
          source: 'https://example.com/a',
          blocks: [
            { type: 'heading', text: '头采' },
            { type: 'paragraph', text: '三月' },
            { type: 'quote', text: '好茶' },
            { type: 'list', ordered: true, items: ['一', '二'] },
            { type: 'picture', fileId: of.mediaAssetId, caption: '茶园' },
          ],
        },
      },
      folderId: of.ownFolderId,
      labels: ['春茶'],
      validFrom: '2026-11-01T00:00:00Z',
      validUntil: '2099-01-01T00:00:00Z',
      scope: { kind: 'departments', departmentIds: ['2'] },
      publish: true,
    },
    {
      said: { kind: 'image', title: '图', content: { fileId: of.mediaAssetId } },
      scope: { kind: 'person', staffId: of.staffId },
    },
    {
      said: {
        kind: 'poster',
        title: '海报',
        content: {
          width: 600,
          height: 800,
          colour: '#FFFFFF',
          backgroundId: of.mediaAssetId,
          items: [
            { type: 'qr', x: 0, y: 0, width: 100, height: 100 },
            { type: 'avatar', x: 0, y: 100, width: 50, height: 50, round: true },
            { type: 'nickname', x: 0, y: 200, width: 100, height: 40, size: 20, colour: '#000000', align: 'left' },
            {
              type: 'text',
              x: 0,
              y: 300,
              width: 100,
              height: 40,
              text: '来坐坐',
              size: 20,
              colour: '#000000',
              align: 'center',
            },
          ],
        },
      },
    },
    {
      said: {
        kind: 'mini_program',
        title: '小程序',
        coverId: of.mediaAssetId,
        content: { appid: 'wx0123456789', page: 'pages/a' },
      },
    },
    {
      said: {
        kind: 'product',
        title: '岩茶',
        content: { productNo: 'a', shop: '店', priceFen: 100, originalFen: 200, url: 'https://example.com/' },
      },
    },
    { said: { kind: 'link', title: '看看', content: { url: 'https://example.com/' } } },
  ],
  'POST /api/materials/{materialId}/versions': () => [
    {
      said: { kind: 'text', title: '新', summary: '', coverId: null, content: { text: '好' } },
      basedOn: 2,
      publish: true,
    },
  ],
  'PATCH /api/materials/{materialId}': (of) => [
    {
      folderId: of.ownFolderId,
      labels: ['甲'],
      validFrom: '2026-11-01T00:00:00Z',
      validUntil: '2099-01-01T00:00:00Z',
      scope: { kind: 'corp' },
    },
  ],
  'POST /api/materials/{materialId}/decision': () => [{ version: 2, approve: false, reason: '价格不对' }],
  'POST /api/material-folders': (of) => [{ name: `夹2${of.tagId}`, scopeDepartments: ['2'] }],
  'PATCH /api/material-folders/{folderId}': () => [{ scopeDepartments: ['2'] }],
  'POST /api/poster-samples': (of) => [
    {
      width: 300,
      height: 300,
      colour: '#FFFFFF',
      backgroundId: null,
      items: [
        {
          type: 'text',
          x: 0,
          y: 0,
          width: 100,
          height: 40,
          text: `茶${of.tagId}`,
          size: 20,
          colour: '#000000',
          align: 'right',
        },
      ],
    },
  ],
  'POST /api/scripts': (of) => [wholeScript(of, of.ownGroupId)],
  'PUT /api/scripts/{scriptId}': (of) => [wholeScript(of, of.ownGroupId)],
  'POST /api/own-scripts': (of) => [wholeScript(of, of.mine.groupIds[0]!)],
  'PUT /api/own-scripts/{ownScriptId}': (of) => [wholeScript(of, of.mine.groupIds[0]!)],
  'POST /api/script-groups': (of) => [{ name: `组2${of.tagId}`, scopeDepartments: ['2'] }],
  'PATCH /api/script-groups/{scriptGroupId}': () => [{ scopeDepartments: ['2'] }],
  'POST /api/own-script-groups': (of) => [{ name: `我组2${of.tagId}`, scopeDepartments: null }],
  'PATCH /api/own-script-groups/{ownScriptGroupId}': () => [{ scopeDepartments: null }],
  'POST /api/imports': (of) => [
    row(LONG, '无'),
    row(of.externalUserid, '\u202E\u200B'),
    row('\0', '无'),
    row(',,,,', '"'),
  ],
  'POST /api/session': () => [{ login: 'root', password: 'x', code: '123456' }],
  'POST /api/session/step-up': () => [{ password: 'x', code: '123456' }],
  'POST /api/corps': () => [
    { name: '三家', wecomCorpid: 'ww0123456789abcdef', agentId: 1_000_002, appSecret: 'x'.repeat(43) },
  ],
}

/** Every place in a body, the innermost last; of a long list its first two stand for all. */
function* placesOf(body: Json, at: Path = []): Generator<{ at: Path; good: Json }> {
  yield { at, good: body }
  if (Array.isArray(body)) for (const nr of [...body.keys()].slice(0, 2)) yield* placesOf(body[nr]!, [...at, nr])
  else if (typeof body === 'object' && body !== null)
    for (const [key, inner] of Object.entries(body)) yield* placesOf(inner, [...at, key])
}

function put(body: Json, [key, ...rest]: Path, value: Json): Json {
  if (key === undefined) return value
  if (Array.isArray(body)) return body.map((inner, index) => (index === key ? put(inner, rest, value) : inner))
  const inner = body as { [key: string]: Json }
  return { ...inner, [key]: put(inner[key]!, rest, value) }
}

/** What is sent instead of a value. */
function* insteadOf(good: Json): Generator<[word: string, value: Json]> {
  if (typeof good === 'string') for (const [word, of] of Object.entries(STRINGS)) yield [word, of(good)]
  else if (typeof good === 'number') yield* Object.entries(NUMBERS)
  else if (Array.isArray(good)) for (const [word, of] of Object.entries(ARRAYS)) yield [word, of(good)]
  else yield ['nothing', null]
}

/** Everything done to a body: as a whole, and to every string, number, list and object in it. */
export function* attacksOn(good: Json): Generator<Attack & { payload: string }> {
  for (const [word, payload] of Object.entries(WHOLE)) yield { word, at: [], payload }
  for (const { at, good: here } of placesOf(good))
    for (const [word, value] of insteadOf(here)) {
      const payload = JSON.stringify(put(good, at, value))
      // Without a whole object, another field may be the one at fault.
      yield { word, at: word === 'nothing' ? [] : at, refused: UNKEEPABLE.has(word), payload }
    }
}
