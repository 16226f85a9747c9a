import { domainError } from '../../platform/errors.ts'

export const WrongPassword = domainError(
  'staff.wrong_password',
  401,
  () => '登录名或密码不对。成员可以用企业微信扫码登录；忘了管理员密码，请部署这台服务器的人帮忙。',
)
export const SignInLocked = domainError(
  'staff.sign_in_locked',
  429,
  (p: { minutes: number }) => `试错次数太多，为了安全先停 ${p.minutes} 分钟。记不清密码可以用企业微信扫码登录。`,
)
export const ScanRefused = domainError(
  'staff.scan_refused',
  403,
  (p: { reason: string }) => `扫码登录没有成功：${p.reason}`,
)
export const NotInCorp = domainError(
  'staff.not_in_corp',
  404,
  () => '没有找到这家企业，或你不在其中。请联系那家企业的管理员。',
)
export const NoCorpYet = domainError(
  'staff.no_corp_yet',
  409,
  () => '还没有接入企业。先到「企业接入」填上企业微信的信息，接好后就能使用。',
)
export const OwnRole = domainError('staff.own_role', 409, () => '不能改自己的角色，请另一位管理员来改。')
