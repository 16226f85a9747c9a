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
export const PieceGone = domainError(
  'sidebar.piece_gone',
  409,
  () => '这条里的素材已下架、过期，或不再给你所在的部门用。换一条发，或请内容同事看看。',
)
export const NoPageYet = domainError(
  'sidebar.no_page_yet',
  409,
  () => '这篇文章还没有客户能打开的网址，暂时不能发。可以先发文字或图片。',
)
export const NoCodeOfYourOwn = domainError(
  'sidebar.no_code_of_your_own',
  409,
  () => '这张海报要印你的二维码，但你还没有只属于自己的渠道活码。请运营给你建一个，再来发。',
)
export const SentTooLate = domainError(
  'sidebar.sent_too_late',
  409,
  () => '这条消息放进聊天已经超过一天，没有再记一次发送。要再发，请重新点「发送」。',
)
