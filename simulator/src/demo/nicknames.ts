import type { Prng } from '../prng.ts'

const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
]
const GIVEN_F = [
  '雪',
  '婷',
  '静怡',
  '雨桐',
  '思琪',
  '佳怡',
  '晓燕',
  '丽华',
  '梦洁',
  '欣然',
  '子涵',
  '诗雨',
  '小雅',
  '婉婷',
  '梓萱',
  '海燕',
  '玉兰',
  '秀英',
  '春梅',
  '倩',
  '蕾',
  '晓彤',
  '若曦',
  '一诺',
  '可欣',
  '慧',
  '芳',
  '雅琴',
  '媛媛',
  '书瑶',
]
const GIVEN_M = [
  '伟',
  '强',
  '建国',
  '志远',
  '浩然',
  '子轩',
  '俊杰',
  '明辉',
  '宇航',
  '文博',
  '国栋',
  '立军',
  '小龙',
  '鹏',
  '超',
  '晨',
  '一凡',
  '思源',
  '海涛',
  '永强',
  '天宇',
  '泽',
  '家豪',
  '卫东',
  '振华',
  '嘉树',
  '承宇',
  '磊',
  '博文',
  '卓然',
]
const ENGLISH = [
  'Vivian',
  'Kevin',
  'Amy',
  'Leo',
  'Cindy',
  'Jason',
  'Nancy',
  'Tony',
  'Mia',
  'Eric',
  'Sunny',
  'Grace',
  'Ray',
  'Coco',
  'Yolanda',
  'Felix',
  'Echo',
  'Lynn',
  'Alan',
  'Iris',
  'Momo',
  'Jojo',
  'Zoe',
  'Ivan',
  'Ada',
  'Hugo',
  'Nora',
  'Sam',
]
const PHRASES = [
  '慢慢来比较快',
  '云淡风轻',
  '静待花开',
  '平安是福',
  '山有木兮',
  '人间值得',
  '不吃香菜',
  '吃不胖的猫',
  '夏天的风',
  '橘子汽水',
  '今天也要好好吃饭',
  '一杯敬明天',
  '半糖去冰',
  '晚来天欲雪',
  '随遇而安',
  '明月清风',
  '知足常乐',
  '岁月静好',
  '浅浅',
  '小确幸',
  '向日葵',
  '海盐芝士',
  '九月',
  '南山南',
  '银杏叶落',
  '心若向阳',
  '糯米团子',
  '早睡早起',
  '好运常在',
  '有点困',
  '花开半夏',
  '雨打芭蕉',
  '听雨',
  '白露',
  '拾光',
  '木子',
  '不二',
  '清欢',
  '三分甜',
  '草莓大福',
  '落日飞车',
  '蓝莓酱',
  '阿猫阿狗',
  '在路上',
  '小米粥',
  '甜橙',
  '空山新雨',
  '闲云',
  '锦城丝管',
  '玉林路的小酒馆',
  '盖碗茶',
  '竹叶青',
  '蜀南听竹',
  '巴适得板',
  '成都小吃货',
  '冰粉儿',
]
const SMALL = [
  '小鹿',
  '小羊',
  '大鱼',
  '豆豆',
  '果果',
  '糖糖',
  '乐乐',
  '安安',
  '妞妞',
  '团团',
  '圆圆',
  '朵朵',
  '多多',
  '可可',
  '桃子',
  '柚子',
  '芒果',
  '核桃',
  '栗子',
  '土豆',
  '毛毛',
  '球球',
  '米粒',
  '西西',
  '七七',
  '小五',
  '阿喵',
  '阿紫',
  '阿May',
  '老张',
  '老李',
  '老周',
  '胖虎',
  '石头',
  '木木',
  '北北',
]
const EMOJI = ['🌸', '🍵', '🌿', '🍊', '🐱', '☀️', '🌙', '🍀', '🐳', '🌈', '🍓', '✨', '🌻', '🐟', '🦊', '🫧']
const TRADES = [
  'A成都二手房',
  'A家装',
  'AAA建材',
  'A保险',
  '0-婚庆',
  'A汽车贴膜',
  'A高端定制',
  '健身教练',
  '美甲',
  '瑜伽',
]

/** A WeChat nickname as one meets them: few are names, some are jokes, some sell something. */
export function makeNickname(prng: Prng, gender: 0 | 1 | 2): string {
  const given = gender === 1 ? GIVEN_M : gender === 2 ? GIVEN_F : prng.chance(0.5) ? GIVEN_M : GIVEN_F
  const small = () => prng.pick(SMALL)
  switch (
    prng.weighted([
      ['name', 24],
      ['small', 20],
      ['phrase', 20],
      ['english', 12],
      ['kin', 8],
      ['emoji', 8],
      ['trade', 3],
      ['short', 5],
    ] as const)
  ) {
    case 'name':
      return prng.pick(SURNAMES) + prng.pick(given)
    case 'small':
      return prng.chance(0.5)
        ? small()
        : prng.pick(['爱喝茶的', '吃货', '懒懒的', '想吃火锅的', '佛系', '早起的', '一只']) + small()
    case 'phrase':
      return prng.pick(PHRASES)
    case 'english':
      return prng.chance(0.6) ? prng.pick(ENGLISH) : `${prng.pick(ENGLISH)} ${prng.pick(SURNAMES)}`
    case 'kin':
      return small() + prng.pick(['妈妈', '爸爸', '妈', '爸', '姐', '哥'])
    case 'emoji':
      return (prng.chance(0.5) ? small() : prng.pick(PHRASES)) + prng.pick(EMOJI)
    case 'trade':
      return (
        prng.pick(TRADES) +
        (prng.chance(0.5) ? `小${prng.pick(SURNAMES)}` : `-${prng.pick(SURNAMES)}${prng.pick(['经理', '姐', '哥'])}`)
      )
    case 'short':
      return prng.pick(['W.', 'L', '。', 'Y_', 'cc', 'XX', '-', 'M', '十', '卅', 'h_', '…'])
  }
}

/** What a member writes behind the name to remember the person: at most 20 characters, often just the nickname. */
export function makeRemark(prng: Prng, nickname: string, gender: 0 | 1 | 2, storeName: string, taste: string): string {
  const surname = prng.pick(SURNAMES)
  const title = gender === 1 ? prng.pick(['哥', '先生', '老师', '总']) : prng.pick(['姐', '女士', '老师', '阿姨'])
  const text = prng.weighted([
    [nickname, 55],
    [`${surname}${title}`, 12],
    [`${surname}${title} ${taste}`, 10],
    [`${nickname}-${storeName.replace('店', '')}`, 8],
    [`${surname}${title}（送礼）`, 5],
    [`${nickname} 常来`, 5],
    [`${surname}${title} 周末到店`, 5],
  ])
  return [...text].slice(0, 20).join('')
}

export const COMPANIES = [
  '锦里文化传播',
  '天府软件园物业',
  '蓉城设计工作室',
  '西南建筑设计院',
  '川西旅行社',
  '望江书院',
  '浣花印务',
  '科华教育',
  '金沙会展',
  '沸点咨询',
]
