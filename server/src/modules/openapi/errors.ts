import { domainError } from '../../platform/errors.ts'

export const KeyNeeded = domainError(
  'openapi.key_needed',
  401,
  () => '没有带密钥，或这个密钥不能用了。请到「设置 → 开放接口」新建一个，放进 Authorization: Bearer 里。',
)
export const ServerKeyNeeded = domainError(
  'openapi.server_key_needed',
  403,
  () => '这件事只能由你们的服务器来做，请用 sk_ 开头的服务端密钥，不要放进网页。',
)
export const OriginNotAllowed = domainError(
  'openapi.origin_not_allowed',
  403,
  (p: { origin: string }) => `这个网页密钥不允许 ${p.origin} 使用。请到「设置 → 开放接口」把它加进允许的网址。`,
)
export const TooFast = domainError(
  'openapi.too_fast',
  429,
  (p: { seconds: number }) => `这个密钥用得太快了，请等 ${p.seconds} 秒再发。没收下的可以原样重发，不会重复计算。`,
)
export const TooManyKeys = domainError(
  'openapi.too_many_keys',
  409,
  (p: { most: number }) => `一家企业最多 ${p.most} 个可用的密钥。请先停用不再用的。`,
)
export const NobodyNamed = domainError(
  'openapi.nobody_named',
  422,
  () => '没有写这是谁：ids 里至少要有一个，手机号要写成数字。',
)

/** Refusals of one event of a batch; the others are taken. */
export const ItemMalformed = domainError(
  'collect.malformed',
  422,
  (p: { where: string; why: string }) => `${p.where || '这一条'}不对：${p.why}`,
)
export const ItemTooLarge = domainError(
  'collect.too_large',
  422,
  (p: { bytes: number }) => `一条最多 ${p.bytes} 字节，请少放些内容。`,
)
export const KindUnknown = domainError(
  'collect.kind_unknown',
  422,
  (p: { kind: string }) => `没有「${p.kind}」这种事件。请先到「设置 → 事件目录」登记，或检查拼写。`,
)
export const PropertyRefused = domainError(
  'collect.property_refused',
  422,
  (p: { name: string; why: string }) => `属性「${p.name}」${p.why}`,
)
export const TooOld = domainError(
  'collect.too_old',
  422,
  (p: { days: number }) => `发生在 ${p.days} 天以前，已经太久，不再收。历史数据请用导入。`,
)
export const ItemNobody = domainError(
  'collect.nobody',
  422,
  () => '不知道是谁的：请带上 device（或 anonymousId），或 ids 里的一个身份。',
)
export const NotProven = domainError(
  'collect.not_proven',
  422,
  (p: { names: string }) => `网页密钥不能自己声称 ${p.names}。请由服务器上报，或用服务端签发的 token。`,
)
