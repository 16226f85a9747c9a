import { domainError } from '../../platform/errors.ts'

export const WrongPassword = domainError(
  'staff.wrong_password',
  401,
  () => '登录名或密码不对。忘了密码请找企业管理员重置。',
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
