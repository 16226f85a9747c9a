/** 见山茶事: a fictional chain of six tea shops in Chengdu. The people and numbers are made up. */
export const COMPANY_NAME = '见山茶事'
export const DEMO_KEY = 'demo'

export const ROOT = 1
export const STORES_PARENT = 3

export interface Store {
  id: number
  name: string
  code: string
  /** Customers whose first follower works here; the six add up to 3 012. */
  customers: number
}

export const STORES: readonly Store[] = [
  { id: 11, name: '春熙路店', code: 'cxl', customers: 812 },
  { id: 12, name: '玉林路店', code: 'yll', customers: 604 },
  { id: 13, name: '建设路店', code: 'jsl', customers: 523 },
  { id: 14, name: '桐梓林店', code: 'tzl', customers: 447 },
  { id: 15, name: '天府三街店', code: 'tfsj', customers: 391 },
  { id: 16, name: '东郊店', code: 'dj', customers: 235 },
]

export const DEPARTMENTS = [
  { id: ROOT, name: COMPANY_NAME, parentId: 0 },
  { id: 2, name: '总部', parentId: ROOT },
  { id: STORES_PARENT, name: '门店', parentId: ROOT },
  { id: 4, name: '运营部', parentId: 2 },
  { id: 5, name: '数字化部', parentId: 2 },
  ...STORES.map(({ id, name }) => ({ id, name, parentId: STORES_PARENT })),
]

export interface Person {
  userid: string
  name: string
  department: number
  position: string
  gender: '1' | '2'
  leads?: boolean
  admin?: boolean
}

/** In the order in which lists show them: the visitor's own guide first. */
export const PEOPLE: readonly Person[] = [
  { userid: 'zhouxiaoman', name: '周小满', department: 11, position: '导购', gender: '2' },
  { userid: 'tangzhixia', name: '唐知夏', department: 11, position: '店长', gender: '2', leads: true },
  { userid: 'xuyunzhou', name: '许云舟', department: 11, position: '茶艺师', gender: '1' },
  { userid: 'luoyifan', name: '罗一帆', department: 11, position: '导购', gender: '1' },
  { userid: 'wutong', name: '吴桐', department: 11, position: '导购', gender: '1' },
  { userid: 'meiruoyu', name: '梅若雨', department: 12, position: '店长', gender: '2', leads: true },
  { userid: 'jiangwanzhou', name: '江晚舟', department: 12, position: '导购', gender: '1' },
  { userid: 'hewanqing', name: '何婉清', department: 12, position: '茶艺师', gender: '2' },
  { userid: 'yanglixia', name: '杨立夏', department: 12, position: '导购', gender: '2' },
  { userid: 'zhaoqinghe', name: '赵青禾', department: 13, position: '店长', gender: '2', leads: true },
  { userid: 'qianduole', name: '钱多乐', department: 13, position: '导购', gender: '1' },
  { userid: 'sunmiaomiao', name: '孙苗苗', department: 13, position: '导购', gender: '2' },
  { userid: 'limubai', name: '李慕白', department: 13, position: '茶艺师', gender: '1' },
  { userid: 'guoruoxi', name: '郭若溪', department: 14, position: '店长', gender: '2', leads: true },
  { userid: 'fengzimo', name: '冯子墨', department: 14, position: '导购', gender: '1' },
  { userid: 'zengsiyuan', name: '曾思远', department: 14, position: '导购', gender: '1' },
  { userid: 'dengjiayin', name: '邓佳音', department: 15, position: '店长', gender: '2', leads: true },
  { userid: 'xieminglang', name: '谢明朗', department: 15, position: '导购', gender: '1' },
  { userid: 'caoxiaobei', name: '曹小北', department: 15, position: '导购', gender: '2' },
  { userid: 'pengyueran', name: '彭悦然', department: 16, position: '店长', gender: '2', leads: true },
  { userid: 'dongqinghuan', name: '董清欢', department: 16, position: '导购', gender: '2' },
  { userid: 'xiaoshanyue', name: '萧山月', department: 16, position: '茶艺师', gender: '1' },
  { userid: 'zhoulan', name: '周岚', department: 4, position: '运营总监', gender: '2', leads: true, admin: true },
  { userid: 'chenyu', name: '陈屿', department: 5, position: '数字化经理', gender: '1', leads: true, admin: true },
]

export interface DemoWay {
  name: string
  state: string
  users?: string[]
  parties?: number[]
  single?: boolean
  /** Months before today when it was made. */
  madeMonthsAgo: number
  /** The store whose customers come through it; absent for all stores. */
  store?: number
  weight: number
}

export const WAYS: readonly DemoWay[] = [
  { name: '春熙路店桌贴', state: 'cxl-table-07', users: ['zhouxiaoman'], madeMonthsAgo: 16, store: 11, weight: 5 },
  { name: '门店海报', state: 'poster-all', parties: [STORES_PARENT], madeMonthsAgo: 18, weight: 3 },
  {
    name: '包裹卡 第 3 批',
    state: 'parcel-03',
    users: ['hewanqing', 'sunmiaomiao', 'caoxiaobei'],
    madeMonthsAgo: 9,
    weight: 3,
  },
  {
    name: '周小满工牌',
    state: 'badge-zhouxiaoman',
    users: ['zhouxiaoman'],
    single: true,
    madeMonthsAgo: 18,
    store: 11,
    weight: 2,
  },
  { name: '玉林路店桌贴', state: 'yll-table', parties: [12], madeMonthsAgo: 15, store: 12, weight: 5 },
  { name: '建设路店收银台', state: 'jsl-counter', parties: [13], madeMonthsAgo: 14, store: 13, weight: 5 },
  { name: '桐梓林店外卖卡', state: 'tzl-delivery', parties: [14], madeMonthsAgo: 11, store: 14, weight: 4 },
  { name: '天府三街写字楼试饮', state: 'tfsj-office', parties: [15], madeMonthsAgo: 8, store: 15, weight: 5 },
  { name: '东郊市集摊位', state: 'dj-market', parties: [16], madeMonthsAgo: 6, store: 16, weight: 4 },
  { name: '公众号菜单', state: 'oa-menu', parties: [STORES_PARENT], madeMonthsAgo: 18, weight: 2 },
  { name: '小红书探店', state: 'xhs-2026', parties: [11, 12], madeMonthsAgo: 5, weight: 2 },
]

export const TAG_GROUPS: readonly { name: string; order: number; tags: string[] }[] = [
  { name: '客户等级', order: 60, tags: ['新客', '银叶会员', '金叶会员', '黑金会员'] },
  { name: '口味偏好', order: 50, tags: ['爱冷泡', '爱熟普', '爱乌龙', '爱花茶', '爱白茶', '爱奶茶', '少糖', '不加糖'] },
  { name: '来源', order: 40, tags: ['桌贴', '海报', '包裹卡', '公众号', '小红书', '写字楼试饮', '老客介绍'] },
  { name: '购买意向', order: 30, tags: ['自饮', '送礼', '企业采购', '比价中'] },
  { name: '常去门店', order: 20, tags: STORES.map((store) => store.name) },
  { name: '相处', order: 10, tags: ['爱聊天', '少打扰', '需回访', '生日礼已送'] },
]

/** The persons a visitor plays. They live here, but have not met the company yet. */
export const CAST: readonly { name: string; persona: string; gender: 1 | 2 }[] = [
  { name: '林晚', persona: '上班族，第一次来店', gender: 2 },
  { name: '陈伯年', persona: '老茶客，只喝熟普', gender: 1 },
  { name: '苏苏', persona: '送礼，看重包装', gender: 2 },
  { name: '阿哲', persona: '学生，爱比价', gender: 1 },
  { name: '何晓棠', persona: '企业采购，年节大单', gender: 2 },
  { name: '郑一鸣', persona: '消息一多就删好友', gender: 1 },
]

export interface DemoGroup {
  name: string
  owner: string
  store: number
  size: number
  notice: string
}

export const GROUPS: readonly DemoGroup[] = [
  {
    name: '春熙路茶友群',
    owner: 'zhouxiaoman',
    store: 11,
    size: 118,
    notice: '每周六下午三点品茶会，来之前说一声，好留座。',
  },
  {
    name: '玉林路茶友群',
    owner: 'meiruoyu',
    store: 12,
    size: 86,
    notice: '新茶到店先在群里说。不发广告，不加陌生人。',
  },
  { name: '建设路学生福利群', owner: 'qianduole', store: 13, size: 132, notice: '凭学生证第二杯半价。' },
  { name: '熟普老友会', owner: 'tangzhixia', store: 11, size: 41, notice: '聊熟普，也聊别的。' },
  { name: '天府三街下午茶拼单', owner: 'xieminglang', store: 15, size: 77, notice: '工作日两点半截单，三点送到。' },
  { name: '东郊周末市集', owner: 'dongqinghuan', store: 16, size: 58, notice: '市集摊位在 3 号门进来右手边。' },
]

/** Groups of an occasion: young and growing, or long over and still there. `days`: how long ago they were made. */
export const OCCASIONS: readonly (DemoGroup & { days: number; strangers: number; growing: boolean })[] = [
  {
    name: '黑金会员品鉴会',
    owner: 'tangzhixia',
    store: 11,
    size: 36,
    days: 210,
    strangers: 0,
    growing: false,
    notice: '每月最后一个周日，只开一款茶。席位八个，先说先得。',
  },
  {
    name: '中秋茶礼预订群',
    owner: 'zhouxiaoman',
    store: 11,
    size: 164,
    days: 88,
    strangers: 31,
    growing: false,
    notice: '团购十盒起送货上门，发票备注抬头。',
  },
  {
    name: '冬至围炉煮茶',
    owner: 'meiruoyu',
    store: 12,
    size: 73,
    days: 19,
    strangers: 17,
    growing: true,
    notice: '12 月 21 日下午两点，玉林路店露台。带上外套。',
  },
  {
    name: '双十二秒杀提醒',
    owner: 'caoxiaobei',
    store: 15,
    size: 121,
    days: 12,
    strangers: 26,
    growing: true,
    notice: '开抢前十分钟在群里喊一声，不刷屏。',
  },
  {
    name: '桐梓林外卖老顾客',
    owner: 'guoruoxi',
    store: 14,
    size: 64,
    days: 260,
    strangers: 4,
    growing: false,
    notice: '下雨天配送会慢，提前半小时下单。',
  },
  {
    name: '2025 开业酬宾群',
    owner: 'zhaoqinghe',
    store: 13,
    size: 47,
    days: 395,
    strangers: 9,
    growing: false,
    notice: '',
  },
]
