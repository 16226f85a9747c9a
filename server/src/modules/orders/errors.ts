import { domainError } from '../../platform/errors.ts'

export const OrderMalformed = domainError(
  'orders.malformed',
  422,
  (p: { where: string; why: string }) => `${p.where || '这笔订单'}不对：${p.why}。请改好后再发这一笔。`,
)
export const OrderNobody = domainError(
  'orders.nobody',
  422,
  () => '不知道是谁买的：请在 ids 里带上 buyer、phone、member 等身份中的一个。',
)
export const PayloadUnreadable = domainError(
  'orders.payload_unreadable',
  422,
  (p: { platform: string; where: string }) => `看不懂${p.platform}的这笔订单：${p.where}。请检查平台推送的格式。`,
)
