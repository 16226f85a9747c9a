import { domainError } from '../../../platform/errors.ts'

export const RfmBoxMissing = domainError(
  'segments.rfm_box_missing',
  422,
  (p: { boxes: string; more: number }) =>
    `还有客户不在任何一格里：${p.boxes}${p.more > 0 ? `，以及另外 ${p.more} 处` : ''}。请把它们划进某一格。`,
)
export const RfmBoxTwice = domainError(
  'segments.rfm_box_twice',
  422,
  (p: { names: string; box: string }) => `${p.names}都包含了 ${p.box}。一位客户只能在一格里，请把其中一格改小。`,
)
export const RfmNameTwice = domainError(
  'segments.rfm_name_twice',
  422,
  (p: { name: string }) => `有两格都叫“${p.name}”，请给其中一格换个名字。`,
)
export const RfmCellGone = domainError(
  'segments.rfm_cell_gone',
  409,
  () => 'RFM 模型刚刚被别人改过，请刷新后再改一次。',
)
export const RfmNobodyBought = domainError(
  'segments.rfm_nobody_bought',
  409,
  () => '还没有一笔付过款的订单，分不出五等份。请先导入或接入订单，或者自己定分界。',
)
export const RfmNotBegun = domainError('segments.rfm_not_begun', 409, () => '还没有 RFM 模型，请先保存一个模型。')
