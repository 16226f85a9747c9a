import { jd } from './jd.ts'
import type { Connector } from './read-payload.ts'
import { taobao } from './taobao.ts'
import { wechatShop } from './wechat-shop.ts'
import { weimob } from './weimob.ts'
import { youzan } from './youzan.ts'

export const PLATFORMS = ['youzan', 'taobao', 'jd', 'wechat-shop', 'weimob'] as const
export type Platform = (typeof PLATFORMS)[number]

/** Every platform whose orders are taken as it writes them. */
export const CONNECTORS: Readonly<Record<Platform, Connector>> = {
  youzan,
  taobao,
  jd,
  'wechat-shop': wechatShop,
  weimob,
}
