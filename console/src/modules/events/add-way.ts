/** WeCom's `add_way`: developer.work.weixin.qq.com/document/path/92114, 2026-11. */
const WAYS = {
  1: 'scan',
  2: 'phone',
  3: 'card',
  4: 'chat',
  5: 'contacts',
  6: 'wechat',
  8: 'tool',
  9: 'email',
  10: 'video',
  11: 'event',
  12: 'meeting',
  13: 'friend',
  14: 'service',
  15: 'door',
  16: 'link',
  17: 'dev',
  18: 'demand',
  21: 'presale',
  22: 'company',
  24: 'wxad',
  201: 'internal',
  202: 'staff',
} as const

export type AddWay = (typeof WAYS)[keyof typeof WAYS] | 'unknown'

export const nameAddWay = (code: number): AddWay => (code in WAYS ? WAYS[code as keyof typeof WAYS] : 'unknown')
