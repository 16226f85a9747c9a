import { domainError } from '../../../platform/errors.ts'

export const ViewUnknown = domainError(
  'radar.view_unknown',
  403,
  () => '这次阅读认不出来，可能换了浏览器。请从聊天里重新打开链接。',
)
export const LinkNeedsMember = domainError(
  'radar.link_needs_member',
  409,
  () => '链接要算在一位成员名下。请选一位成员，再复制链接。',
)
export const NotSendable = domainError(
  'radar.not_sendable',
  409,
  () => '这份素材现在不能发：还没发布、没到日期，或已下架。先到素材库里看一眼。',
)
export const TooManyReadingRules = domainError(
  'radar.too_many_rules',
  409,
  (p: { most: number }) => `最多 ${p.most} 条雷达规则，请先停掉用不到的。`,
)
export const MayNotAssign = domainError(
  'radar.may_not_assign',
  403,
  () => '这条规则会给成员派任务，你没有派任务的权限。请只加分，或请管理员来建。',
)
