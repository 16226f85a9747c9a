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
export const MemberMalformed = domainError(
  'orders.member_malformed',
  422,
  (p: { where: string; why: string }) => `${p.where || '这位会员'}不对：${p.why}。请改好后再发这一位。`,
)
export const ImportTooLarge = domainError(
  'orders.import_too_large',
  422,
  (p: { most: number }) => `文件最多 ${p.most} MB。请按月份拆成几个，或删掉用不到的列再传。`,
)
export const ImportIncomplete = domainError(
  'orders.import_incomplete',
  409,
  () => '文件没有传完整，请重新选这个文件再传一次。',
)
export const ImportStepPassed = domainError(
  'orders.import_step_passed',
  409,
  () => '这次导入已经开始、结束或取消了。请刷新页面看它现在的样子，要再导一次请重新传文件。',
)
export const ImportHeadless = domainError(
  'orders.import_headless',
  422,
  () => '第一行要写列名，下面至少要有一行内容。请检查文件，再传一次。',
)
export const ImportColumnMissing = domainError(
  'orders.import_column_missing',
  422,
  (p: { columns: string }) => `还没有选哪一列是${p.columns}，请选好再继续。`,
)
export const ImportsOpen = domainError(
  'orders.imports_open',
  409,
  (p: { most: number }) => `已经有 ${p.most} 个文件在等着导入。请先完成或取消其中一个。`,
)
export const MappingNameTaken = domainError(
  'orders.mapping_name_taken',
  409,
  (p: { name: string }) => `已经有叫「${p.name}」的读法，请换一个名字，或先删掉它。`,
)
export const GuidesNeedWholeCorp = domainError(
  'orders.guides_need_whole_corp',
  403,
  () => '这里算的是全企业的订单，只有能看全企业客户的人可以看和改。请联系管理员。',
)
export const RecountOpen = domainError(
  'orders.recount_open',
  409,
  () => '上一次改规则的重算还没有结束，请等它算完，或先取消它。',
)
export const RecountEnded = domainError('orders.recount_ended', 409, () => '这次重算已经结束，不用再取消。')
export const PushForged = domainError(
  'orders.push_forged',
  401,
  () => '签名不对，没有收下。请核对「设置 → 店铺接入」里填的密钥和平台上的是不是同一个。',
)
export const TooManyShops = domainError(
  'orders.too_many_shops',
  409,
  (p: { most: number }) => `最多接 ${p.most} 个店铺，请先删掉用不到的。`,
)
