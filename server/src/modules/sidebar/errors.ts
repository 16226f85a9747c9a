import { domainError } from '../../platform/errors.ts'

export const PageNotOurs = domainError(
  'sidebar.page_not_ours',
  403,
  () => '只为本系统自己的侧边栏页面签名。请从企业微信的聊天侧边栏里打开。',
)
export const WecomAway = domainError(
  'sidebar.wecom_away',
  502,
  () => '现在连不上企业微信，请稍后再点一次。已经写下的都还在。',
)
