import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { drawCover, drawLeaflet, type Ink } from './demo-covers.ts'
import { type DemoScript, OWN, SCRIPTS } from './demo-scripts.ts'
import { pick, spread } from './demo-visits.ts'
import { storeFile, storePicture } from './modules/content/files/store.ts'
import { createFolder } from './modules/content/materials/folders.ts'
import { NewMaterial, type Said } from './modules/content/materials/schema.ts'
import { createMaterial, saveVersion, withdrawMaterials } from './modules/content/materials/write.ts'
import { createGroup, type Library } from './modules/content/scripts/groups.ts'
import { NewScript } from './modules/content/scripts/schema.ts'
import { createScript } from './modules/content/scripts/write.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { appendEvents, type NewEvent } from './modules/events/journal.ts'
import { inCorp, type Tx } from './platform/db.ts'
import { sha256 } from './platform/secrets.ts'

const SHOP = 'https://shop.jianshan.example'
const DAY_MS = 86_400_000
const WRITER = { accountId: '0', name: '周岚' }
const VIEWER = { staffId: null, departments: [], writes: true }
const SENT = 420
const ENDINGS = { file: 'txt', video: 'mp4' } as Readonly<Record<string, string>>
/** Thirteen seconds, drawn: five pictures of a gaiwan, with no sound. */
const FILM = readFileSync(new URL('./demo-film.mp4', import.meta.url))

type Draft =
  | Extract<Said, { kind: 'text' | 'link' | 'mini_program' | 'product' | 'poster' }>
  | { kind: 'article'; title: string; summary: string; paragraphs: string[] }
  | { kind: 'image' | 'pdf' | 'file' | 'video'; title: string; summary: string }
interface Piece {
  folder: string
  labels: string[]
  ink: Ink
  draft: Draft
  /** In days from now. */
  until?: number
  from?: number
  store?: string
  state?: 'draft' | 'withdrawn' | 'rewritten'
}

const text = (title: string, says: string): Draft => ({
  kind: 'text',
  title,
  summary: '',
  coverId: null,
  content: { text: says },
})
const link = (title: string, summary: string, path: string): Draft => ({
  kind: 'link',
  title,
  summary,
  coverId: null,
  content: { url: SHOP + path },
})
const product = (
  title: string,
  summary: string,
  productNo: string,
  priceFen: number,
  originalFen: number | null = null,
): Draft => ({
  kind: 'product',
  title,
  summary,
  coverId: null,
  content: { productNo, shop: 'jianshan', priceFen, originalFen, url: `${SHOP}/product/${productNo}` },
})
const mini = (title: string, page: string): Draft => ({
  kind: 'mini_program',
  title,
  summary: '',
  coverId: null,
  content: { appid: 'wx0a1b2c3d4e5f6071', page },
})
const article = (title: string, summary: string, ...paragraphs: string[]): Draft => ({
  kind: 'article',
  title,
  summary,
  paragraphs,
})
const file = (kind: 'image' | 'pdf' | 'file' | 'video', title: string, summary = ''): Draft => ({
  kind,
  title,
  summary,
})
const poster = (title: string, words: string, colour: string): Draft => ({
  kind: 'poster',
  title,
  summary: '',
  coverId: null,
  content: {
    width: 1080,
    height: 1620,
    colour,
    backgroundId: null,
    items: [
      { type: 'text', x: 90, y: 820, width: 900, height: 300, text: words, size: 64, colour: '#1D2320', align: 'left' },
      { type: 'avatar', x: 90, y: 1330, width: 120, height: 120, round: true },
      { type: 'nickname', x: 234, y: 1360, width: 420, height: 60, size: 40, colour: '#1D2320', align: 'left' },
      { type: 'qr', x: 750, y: 1290, width: 240, height: 240 },
    ],
  },
})

const FOLDERS = ['新品上架', '茶知识', '门店活动', '会员与团购', '常用资料']
const PIECES: Piece[] = [
  {
    folder: '新品上架',
    labels: ['春茶', '绿茶'],
    ink: 'green',
    draft: product('蒙顶甘露 50 克', '清明前采，入口甜，第一次喝绿茶也顺口', 'JS-01', 12_800),
  },
  {
    folder: '新品上架',
    labels: ['花茶'],
    ink: 'white',
    draft: product('碧潭飘雪 100 克', '茉莉窨了五遍，汤里还看得见花', 'JS-02', 9_800),
  },
  {
    folder: '新品上架',
    labels: ['岩茶'],
    ink: 'amber',
    draft: product('武夷大红袍 80 克', '中火焙过，能泡八九泡', 'JS-03', 23_800, 26_800),
  },
  {
    folder: '新品上架',
    labels: ['单丛', '岩茶'],
    ink: 'amber',
    draft: product('凤凰单丛 鸭屎香', '名字不好听，香得很', 'JS-04', 16_800),
  },
  {
    folder: '新品上架',
    labels: ['办公室'],
    ink: 'amber',
    draft: product('桂花乌龙 小包装', '一包一泡，放办公室正好', 'JS-08', 4_900),
  },
  {
    folder: '新品上架',
    labels: ['春茶', '送礼'],
    ink: 'green',
    draft: link('春茶礼盒 一绿一红', '各 50 克，含提袋和手写卡，298 元', '/gift/spring'),
    state: 'rewritten',
  },
  {
    folder: '新品上架',
    labels: ['春茶'],
    ink: 'green',
    draft: article(
      '头采到店',
      '海拔一千四，二十天的芽，一共二十罐',
      '今年倒春寒，头采比往年晚了六天。',
      '茶园在雅安中峰，海拔一千四百米。我们只收二十天以内的芽头，一斤要采四万个。',
      '这批做了二十罐，六家店各留三罐给熟客试，剩两罐做样。',
    ),
  },
  {
    folder: '茶知识',
    labels: ['泡茶', '盖碗'],
    ink: 'green',
    draft: file('video', '盖碗泡茶，三步', '温碗、投茶、出汤，十三秒看完'),
  },
  {
    folder: '茶知识',
    labels: ['冲泡', '绿茶'],
    ink: 'green',
    draft: article(
      '绿茶怎么泡不苦',
      '三件事：水、时间、别盖盖子',
      '绿茶泡苦，十次有八次是水太烫。烧开之后倒进公道杯转一圈，就到八十度了。',
      '先倒三分之一的水，摇一摇，闻香；再冲满。',
      '别盖盖子，闷久了发黄发涩。第二道开始可以再热一点。',
    ),
  },
  {
    folder: '茶知识',
    labels: ['冲泡', '岩茶'],
    ink: 'red',
    draft: article(
      '大红袍 七道喝法',
      '前三道快，后四道慢',
      '岩茶要用开水。前三道五秒出汤，第四道开始每道加五秒。',
      '喝到第七道，汤色淡了，味还在，那就是好茶。',
      '喝完把叶底泡在水里看看，边是红的，心是绿的。',
    ),
  },
  {
    folder: '茶知识',
    labels: ['冲泡', '白茶'],
    ink: 'white',
    draft: article(
      '老白茶 煮着喝',
      '五克茶、六百毫升水、小火八分钟',
      '七年的老白茶煮着喝最好。五克茶配六百毫升水，煮开转小火八分钟。',
      '加一片陈皮更润，不加糖。',
      '天冷的时候，煮一壶放着，一屋子都是枣香。',
    ),
  },
  { folder: '茶知识', labels: ['存放'], ink: 'white', draft: file('image', '茶叶存放一张图') },
  {
    folder: '茶知识',
    labels: ['冲泡'],
    ink: 'night',
    draft: file('pdf', '六大茶类冲泡手册', '水温、投茶量、出汤时间，三页看完'),
  },
  {
    folder: '茶知识',
    labels: ['冷泡'],
    ink: 'green',
    draft: text('冷泡方子', '{客户称呼}，冷泡的方子给您：8 克绿茶、500 毫升凉白开，冰箱一夜，第二天早上带走，不苦。'),
  },
  {
    folder: '门店活动',
    labels: ['试茶'],
    ink: 'night',
    draft: poster('周六试茶会', '周六下午三点\n来店里试六款新茶', '#E7EFE3'),
  },
  {
    folder: '门店活动',
    labels: ['试茶', '春茶'],
    ink: 'green',
    draft: text('试茶会邀请', '{客户称呼}，周六下午三点店里试新茶，一共六款，人不多。给您留个位置？'),
  },
  {
    folder: '门店活动',
    labels: ['中秋', '送礼'],
    ink: 'amber',
    draft: link('中秋茶礼', '桂花乌龙配月饼，128 元起', '/gift/autumn'),
    until: -40,
  },
  {
    folder: '门店活动',
    labels: ['双十二'],
    ink: 'red',
    draft: link('双十二 买茶送杯', '满 200 送手绘杯一只', '/event/1212'),
    from: 6,
    until: 16,
  },
  {
    folder: '门店活动',
    labels: ['市集'],
    ink: 'amber',
    draft: file('image', '东郊市集摊位图'),
    store: '东郊店',
    until: 20,
  },
  {
    folder: '门店活动',
    labels: ['亲子'],
    ink: 'white',
    draft: poster('小小茶人 亲子课', '周日上午十点\n带孩子做一罐桂花茶', '#F6EADB'),
  },
  {
    folder: '会员与团购',
    labels: ['会员'],
    ink: 'night',
    draft: article(
      '会员权益一览',
      '一分抵一分，生日送一罐',
      '在小程序里点「我的」就是会员，不用交钱。',
      '买一元攒一分，一分抵一分钱，满五百分起用。',
      '银叶每月一杯现泡，金叶每季一罐应季茶；生日当月到店送一小罐。',
    ),
  },
  {
    folder: '会员与团购',
    labels: ['团购', '公司'],
    ink: 'night',
    draft: file('pdf', '企业团购单', '十份起，含定制卡片和发票说明'),
  },
  {
    folder: '会员与团购',
    labels: ['团购'],
    ink: 'white',
    draft: text(
      '团购怎么报',
      '{客户称呼}，公司采购把数量、预算和送达日发我就行，当天出报价，能开专票。我是{企业简称}的{成员姓名}。',
    ),
  },
  { folder: '会员与团购', labels: ['会员'], ink: 'green', draft: mini('线上茶铺', 'pages/index') },
  { folder: '会员与团购', labels: ['会员'], ink: 'amber', draft: mini('我的积分', 'pages/points') },
  { folder: '常用资料', labels: ['地址'], ink: 'night', draft: file('image', '春熙路店 怎么走'), store: '春熙路店' },
  { folder: '常用资料', labels: ['地址'], ink: 'night', draft: file('image', '玉林路店 怎么走'), store: '玉林路店' },
  {
    folder: '常用资料',
    labels: ['检测'],
    ink: 'white',
    draft: file('file', '2026 春茶检测报告摘要', '农残、重金属均未检出'),
  },
  {
    folder: '常用资料',
    labels: ['发票'],
    ink: 'white',
    draft: text('开票信息怎么填', '{客户称呼}，开票请发我：抬头、税号、邮箱。电子发票当天发出。'),
  },
  {
    folder: '常用资料',
    labels: ['品牌'],
    ink: 'green',
    draft: article(
      '见山茶事 是谁',
      '六家店，二十四个人，一座茶山',
      '二〇一九年，我们在玉林路开了第一家店，四张桌子。',
      '现在有六家店，二十四个人。茶还是从同一座山上来。',
      '我们不做贵的茶，做喝得起、记得住的茶。',
    ),
  },
  { folder: '常用资料', labels: ['门店'], ink: 'red', draft: link('六家店 地图', '营业时间、停车、位置', '/stores') },
  {
    folder: '新品上架',
    labels: ['咖啡'],
    ink: 'red',
    draft: article('茶咖 试卖笔记', '还在调，先别发', '甘露打底的冷萃，第三版还偏涩。'),
    state: 'draft',
  },
  {
    folder: '门店活动',
    labels: ['旧活动'],
    ink: 'red',
    draft: link('五一买一送一', '活动已结束', '/event/0501'),
    state: 'withdrawn',
  },
]

const REPORT =
  '2026 春茶检测报告（摘要）\n\n样品：蒙顶甘露，批次 20260403\n农药残留：208 项，均未检出\n铅：0.8 mg/kg（限量 5.0）\n检测单位：四川省茶叶产品质量检验中心\n'
const LEAFLETS: Readonly<Record<string, { title: string; ink: Ink; lines: string[] }[]>> = {
  六大茶类冲泡手册: [
    { title: '绿茶与黄茶', ink: 'green', lines: ['水温 80 度', '三克茶，一百五十毫升水', '别盖盖子，一分钟出汤'] },
    {
      title: '乌龙与红茶',
      ink: 'amber',
      lines: ['乌龙用开水，五秒出汤', '红茶 90 度，十秒出汤', '七克茶，一百二十毫升盖碗'],
    },
    { title: '白茶与黑茶', ink: 'white', lines: ['老白茶、黑茶都可以煮', '五克茶，六百毫升水', '水开小火八分钟'] },
  ],
  企业团购单: [
    {
      title: '企业团购',
      ink: 'night',
      lines: ['十份起订，提前三个工作日', '可附公司贺卡，三十字以内', '开增值税专用发票', '送达成都主城免运费'],
    },
    {
      title: '价目',
      ink: 'night',
      lines: ['春茶礼盒 298 元，十份起 268 元', '桂花乌龙 49 元，五十份起 39 元', '老白茶饼 320 元，十份起 288 元'],
    },
  ],
}

/** The library of the demo company: what its head office wrote, and how often its staff have sent it. */
export async function stockDemoLibrary(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const files = await makeFiles(work, corpId, now)
  const titles = await inCorp(work.db, corpId, (tx) => writeMaterials(tx, corpId, files, now))
  await inCorp(work.db, corpId, (tx) => writeScripts(tx, corpId, titles, now))
  await inCorp(work.db, corpId, (tx) => sendPieces(tx, corpId, now))
}

/** A cover for each, and what files hold. */
async function makeFiles(work: WorkContext, corpId: string, now: Date) {
  const keep = (bytes: Buffer, name: string) => storePicture(work.db, work.dataDir, corpId, { bytes, name, now })
  const files = new Map<string, { coverId: string; fileId: string }>()
  for (const { draft, ink } of PIECES) {
    const { mediaAssetId: coverId } = await keep(
      await drawCover(draft.title, ink, draft.kind === 'poster' ? { width: 1080, height: 1620 } : {}),
      draft.title,
    )
    const bytes =
      draft.kind === 'video'
        ? FILM
        : LEAFLETS[draft.title]
          ? drawLeaflet(LEAFLETS[draft.title]!)
          : draft.kind === 'file'
            ? Buffer.from(REPORT)
            : undefined
    const name = `${draft.title}.${ENDINGS[draft.kind as 'pdf'] ?? 'pdf'}`
    const stored = bytes ? await storeFile(work.db, work.dataDir, corpId, { bytes, name, now }) : undefined
    files.set(draft.title, { coverId, fileId: stored?.mediaAssetId ?? coverId })
  }
  return files
}

function saidOf(draft: Draft, { coverId, fileId }: { coverId: string; fileId: string }): Said {
  switch (draft.kind) {
    case 'article': {
      const blocks = draft.paragraphs.map((says) => ({ type: 'paragraph' as const, text: says }))
      const picture = { type: 'picture' as const, fileId: coverId, caption: '' }
      return {
        kind: 'article',
        title: draft.title,
        summary: draft.summary,
        coverId,
        content: { blocks: [picture, ...blocks], author: '见山茶事', source: null },
      }
    }
    case 'image':
      return { kind: 'image', title: draft.title, summary: '', coverId: null, content: { fileId } }
    case 'pdf':
    case 'file':
    case 'video':
      return { kind: draft.kind, title: draft.title, summary: draft.summary, coverId, content: { fileId } }
    case 'poster':
      return { ...draft, content: { ...draft.content, backgroundId: coverId } }
    case 'text':
      return draft
    default:
      return { ...draft, coverId }
  }
}

async function writeMaterials(
  tx: Tx,
  corpId: string,
  files: Map<string, { coverId: string; fileId: string }>,
  now: Date,
) {
  const { rows } = await sql<{ departmentId: string; name: string }>`
    select department_id, name from department where corp_id = ${corpId}::bigint and deleted_at is null`.execute(tx)
  const stores = new Map(rows.map(({ name, departmentId }) => [name, departmentId]))
  const folders = new Map<string, string>()
  for (const name of FOLDERS) folders.set(name, await createFolder(tx, corpId, { name, scopeDepartments: null }, now)) // five
  const titles = new Map<string, string>()
  for (const [nr, { folder, labels, draft, until, from, store, state }] of PIECES.entries()) {
    // some thirty
    const day = (days: number | undefined) =>
      days === undefined ? null : new Date(now.getTime() + days * DAY_MS).toISOString()
    const said = saidOf(draft, files.get(draft.title)!)
    const at = new Date(now.getTime() - (2 + nr * 3) * DAY_MS)
    const departmentId = store && stores.get(store)
    const given = NewMaterial.parse({
      said: state === 'rewritten' ? { ...said, summary: '各 50 克，含提袋，288 元' } : said,
      folderId: folders.get(folder),
      labels,
      validFrom: day(from),
      validUntil: day(until),
      scope: departmentId ? { kind: 'departments', departmentIds: [departmentId] } : { kind: 'corp' },
      publish: state !== 'draft',
    })
    const materialId = await createMaterial(tx, corpId, given, WRITER, at)
    titles.set(draft.title, materialId)
    const later = new Date(at.getTime() + DAY_MS)
    if (state === 'rewritten')
      await saveVersion(
        tx,
        corpId,
        materialId,
        { said, basedOn: 1, publish: true },
        { accountId: '0', name: '陈屿' },
        later,
      )
    if (state === 'withdrawn') await withdrawMaterials(tx, corpId, [materialId], later)
  }
  return titles
}

async function writeScripts(tx: Tx, corpId: string, titles: Map<string, string>, now: Date): Promise<void> {
  const { rows } = await sql<{ stageId: string; name: string }>`
    select t.stage_id, t.name from stage t join stage_flow f on f.corp_id = ${corpId}::bigint and f.flow_id = t.flow_id and f.archived_at is null where t.corp_id = ${corpId}::bigint`.execute(
    tx,
  )
  const stagesOf = (names: readonly string[] = []) =>
    rows.filter(({ name }) => names.includes(name)).map(({ stageId }) => stageId)
  const say = (
    library: Library,
    scriptGroupId: string,
    by: string,
    { title, says, keywords, stages, quick, material }: DemoScript,
  ) => {
    const materialId = material && titles.get(material)
    const parts = [
      ...says.map((words) => ({ type: 'text' as const, text: words })),
      ...(materialId ? [{ type: 'material' as const, materialId }] : []),
    ]
    const given = NewScript.parse({ scriptGroupId, title, keywords, parts, stageIds: stagesOf(stages), isQuick: quick })
    return createScript(tx, corpId, library, given, { name: by }, VIEWER, now)
  }
  for (const [name, scripts] of Object.entries(SCRIPTS)) {
    const groupId = await createGroup(tx, corpId, 'corp', { name, scopeDepartments: null }, now)
    for (const script of scripts) await say('corp', groupId, WRITER.name, script) // some sixty
  }
  const {
    rows: [guide],
  } = await sql<{ staffId: string; name: string }>`
    select staff_id, name from staff where corp_id = ${corpId}::bigint and left_at is null and follows order by lower(userid) <> 'zhouxiaoman', staff_id limit 1`.execute(
    tx,
  )
  if (!guide) return
  const library = { staffId: guide.staffId }
  const groupId = await createGroup(tx, corpId, library, { name: '常用', scopeDepartments: null }, now)
  for (const script of OWN) await say(library, groupId, guide.name, script) // three
}

interface Sendable {
  piece: 'material' | 'script'
  pieceId: string
  kind: string
  title: string
}

/** What staff have sent in the last two months, to customers of theirs: into the journal, and into the counts. */
async function sendPieces(tx: Tx, corpId: string, now: Date): Promise<void> {
  const { rows: pieces } = await sql<Sendable>`
    select 'material' as piece, material_id as piece_id, kind, title from material where corp_id = ${corpId}::bigint and live_version is not null and withdrawn_at is null and valid_from is null and scope_departments is null
    union all select 'script', script_id, 'script', title from script where corp_id = ${corpId}::bigint and owner_staff_id is null order by 1, 2`.execute(
    tx,
  )
  const { rows: pairs } = await sql<{ contactId: string; staffId: string; addedAt: Date }>`
    select f.contact_id, f.staff_id, f.added_at from follow f join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = f.contact_id and c.merged_into is null
    where f.corp_id = ${corpId}::bigint and f.lost_at is null order by md5(f.contact_id::text), f.staff_id limit ${SENT}`.execute(
    tx,
  )
  if (pieces.length === 0) return
  const sent = pairs.map(({ contactId, staffId, addedAt }, nr) => {
    // Some pieces are sent far more often than others.
    const piece = pieces[Math.floor(spread(31, nr) ** 2 * pieces.length)] ?? pick(pieces, 32, nr)
    const from = Math.max(addedAt.getTime(), now.getTime() - 60 * DAY_MS)
    return { ...piece, contactId, staffId, at: new Date(from + spread(33, nr) * (now.getTime() - from)) }
  })
  const events = sent.map(
    ({ contactId, staffId, at, piece, pieceId, kind, title }, nr): NewEvent => ({
      contactId,
      at,
      kind: 'content.sent',
      staffId,
      source: 'console',
      props: { piece, pieceId, kind, title, version: 1 },
      key: `demo sent ${sha256(`${nr} ${contactId}`).toString('hex').slice(0, 16)}`,
    }),
  )
  await appendEvents(tx, corpId, events, now, { live: false })
  await sql`
    insert into content_use (corp_id, staff_id, piece, piece_id, uses, used_at)
    select ${corpId}::bigint, s.staff_id, s.piece, s.piece_id, count(*), max(s.at)
    from unnest(${sent.map((s) => s.staffId)}::bigint[], ${sent.map((s) => s.piece)}::text[], ${sent.map((s) => s.pieceId)}::bigint[], ${sent.map((s) => s.at)}::timestamptz[]) as s(staff_id, piece, piece_id, at)
    group by 2, 3, 4 on conflict do nothing`.execute(tx)
  for (const piece of ['material', 'script'] as const) // two
    await sql`
      update ${sql.table(piece)} p set uses = u.uses, used_at = u.used_at
      from (select piece_id, sum(uses)::int as uses, max(used_at) as used_at from content_use where corp_id = ${corpId}::bigint and piece = ${piece} group by 1) u
      where p.corp_id = ${corpId}::bigint and ${sql.ref(`p.${piece}_id`)} = u.piece_id`.execute(tx)
}
