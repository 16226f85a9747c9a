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
